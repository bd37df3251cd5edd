import { afterFaults } from "../support/AfterFaults.ts"

// with the twenty seeds of test/integration, fifty
for (const number of [3, 4, 5]) afterFaults(number)
