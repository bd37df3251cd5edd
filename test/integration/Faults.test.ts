import { afterFaults } from "../support/AfterFaults.ts"

// twenty seeds here, thirty more in test/chaos
for (const number of [1, 2]) afterFaults(number)
