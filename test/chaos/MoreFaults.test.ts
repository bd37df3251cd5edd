import { afterFaults } from "../support/AfterFaults.ts"

// with the ten seeds of test/integration, fifty
for (const number of [2, 3, 4, 5]) afterFaults(number)
