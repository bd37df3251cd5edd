import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { showToml } from "../../src/config/Show.ts"
import { ConnectionName } from "../../src/domain/Connection.ts"
import { OuraDataType } from "../../src/domain/Task.ts"
import { loadText } from "./Surroundings.ts"

const load = (tables: string) => loadText(`[sync.spotify]\ninterval_seconds = 120\n${tables}`)

describe("the tables of further accounts", () => {
  it.effect("are read with what is usual at their provider, and shown as they would be written", () =>
    Effect.gen(function*() {
      const config = yield* load(
        "[connection.work]\nprovider = \"google\"\ninterval_seconds = 60\ncalendar_ids = [\"team\"]\n" +
          "[connection.ring]\nprovider = \"oura\"\n[connection.ears]\nprovider = \"spotify\"\ncontinuous = true"
      )
      const [work, ring, ears] = config.connections ?? []
      assert.deepInclude(work, {
        name: ConnectionName.make("work"),
        provider: "google",
        enabled: true,
        interval: Duration.minutes(1),
        continuous: false,
        timeout: Duration.minutes(15),
        calendarIds: ["team"],
        daysBack: 30
      })
      assert.deepInclude(ring, { interval: Duration.hours(1), dataTypes: OuraDataType.literals, lookbackDays: 7 })
      assert.deepInclude(ears, { interval: Duration.minutes(5), continuous: true })
      assert.deepStrictEqual(yield* loadText(showToml(config, {})), config)
    }))

  for (
    const [what, table, message] of [
      ["no provider", "[connection.work]", "Missing required field"],
      ["a provider that is none", "[connection.work]\nprovider = \"gogle\"", "did you mean google?"],
      [
        "an interval below the sweep's",
        "[connection.work]\nprovider = \"oura\"\ninterval_seconds = 59",
        "at least 60 seconds"
      ],
      [
        "a key of another provider",
        "[connection.work]\nprovider = \"oura\"\ndays_back = 3",
        "is of accounts at google alone"
      ],
      ["a name that is a provider's", "[connection.oura]\nprovider = \"oura\"", "which is no provider's"],
      ["a name with capitals", "[connection.Work]\nprovider = \"oura\"", "small letters"]
    ] as const
  ) {
    it.effect(`with ${what} are refused`, () =>
      Effect.gen(function*() {
        assert.include((yield* Effect.flip(load(table))).message, message)
      }))
  }
})
