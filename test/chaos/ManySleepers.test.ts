import { describe, it } from "@effect/vitest"
import { sleep } from "../support/Sleepers.ts"

describe("10,000 runs that sleep for days", () => {
  it.effect("all wake in time, again and again, and all but 512 of them are not in memory meanwhile", () =>
    sleep(10_000, 3, 2))
})
