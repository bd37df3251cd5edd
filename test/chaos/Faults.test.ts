import { Effect } from "effect"
import { afterFaults } from "../support/AfterFaults.ts"
import { drawnOf } from "../support/Chaos.ts"

// ten seeds each
for (const number of Effect.runSync(drawnOf([1, 2, 3, 4, 5]))) afterFaults(number)
