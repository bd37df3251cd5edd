import { Effect } from "effect"
import { afterFaults } from "../support/AfterFaults.ts"
import { drawnOf } from "../support/Chaos.ts"

// with the ten seeds of test/integration, fifty
for (const number of Effect.runSync(drawnOf([2, 3, 4, 5]))) afterFaults(number)
