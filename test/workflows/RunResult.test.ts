import { assert, it } from "@effect/vitest"
import { Duration, Option } from "effect"
import { ConnectionName } from "../../src/domain/Connection.ts"
import { Forbidden, ProviderError } from "../../src/domain/ProviderError.ts"
import { runErrorOf, timedOut } from "../../src/workflows/RunResult.ts"

const work = Option.some(ConnectionName.make("work"))

it("a further account that is refused is signed in again under its name", () => {
  const error = new ProviderError({
    provider: "google",
    operation: "list events",
    reason: new Forbidden({ message: "no" })
  })
  assert.deepStrictEqual(runErrorOf(error, work).fix, Option.some("glider auth google --connection work"))
  assert.deepStrictEqual(runErrorOf(error).fix, Option.some("glider auth google"))
})

it("a run that took too long names the key of the config that holds its limit", () => {
  const fix = (task: string, name: typeof work | Option.None<ConnectionName>) =>
    Option.getOrThrow(timedOut(task, { name, provider: "google" }, Duration.minutes(15)).error.fix)
  assert.include(fix("connector_sync", work), "raise connection.work.timeout_seconds")
  assert.include(fix("google_calendar", Option.none()), "raise sync.google_calendar.timeout_seconds")
  assert.include(fix("connector_sync", Option.none()), "raise sync.google_calendar.timeout_seconds")
})
