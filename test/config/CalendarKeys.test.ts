import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { showToml } from "../../src/config/Show.ts"
import { loadText } from "./Surroundings.ts"

const load = (tables: string) => loadText(`[sync.spotify]\ninterval_seconds = 120\n${tables}`)

describe("the tables of calendars", () => {
  it.effect("are read with what is usual, and shown as they would be written", () =>
    Effect.gen(function*() {
      const config = yield* load(
        "[calendar.public-holidays]\nevery = \"1 day\"\n[calendar.club]\nenabled = false\n[calendar.phone_1]\nevery = \"15m\""
      )
      assert.deepStrictEqual(config.calendars, [
        { name: "public-holidays", enabled: true, every: Duration.days(1) },
        { name: "club", enabled: false, every: Duration.hours(6) },
        { name: "phone_1", enabled: true, every: Duration.minutes(15) }
      ])
      assert.deepStrictEqual(yield* loadText(showToml(config, {})), config)
    }))

  for (
    const [what, table, message] of [
      [
        "an address in the file",
        "[calendar.public-holidays]\nurl = \"https://a.example/5ec7e7.ics\"",
        "set GLIDER_CALENDAR_PUBLIC_HOLIDAYS_URL, or GLIDER_CALENDAR_PUBLIC_HOLIDAYS_URL_FILE to a file with it"
      ],
      ["the file of an address in the file", "[calendar.club]\nurl_file = \"club\"", "set GLIDER_CALENDAR_CLUB_URL,"],
      ["no duration", "[calendar.club]\nevery = \"often\"", "calendar.club.every: expected a duration such as \"30m\""],
      ["a number", "[calendar.club]\nevery = 6", "calendar.club.every: expected a string, got 6"],
      [
        "an interval that is too short",
        "[calendar.club]\nevery = \"14m\"",
        "expected at least 15 minutes, got \"14m\""
      ],
      ["an interval of years", "[calendar.club]\nevery = \"400 days\"", "expected at most a year"],
      ["a mistyped key", "[calendar.club]\nevry = \"6h\"", "unknown key, did you mean every?"],
      ["a name with capitals", "[calendar.Club]", "small letters and digits"],
      ["a name with a dot", "[calendar.\"a.b\"]", "small letters and digits"],
      [
        "two names of one variable",
        "[calendar.a-b]\n[calendar.a_b]",
        "its address would be that of [calendar.a-b], GLIDER_CALENDAR_A_B_URL: give it another name"
      ]
    ] as const
  ) {
    it.effect(`are refused with what was expected: ${what}`, () =>
      Effect.gen(function*() {
        const told = (yield* Effect.flip(load(table))).message
        assert.include(told, message)
        assert.notInclude(told, "5ec7e7")
      }))
  }
})
