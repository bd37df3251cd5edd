import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { defaultDst } from "../../src/domain/Dst.ts"
import { parse } from "../../src/timing/Timing.ts"

const mistakes: ReadonlyArray<readonly [text: string, timezone: string, message: string]> = [
  [
    "",
    "Europe/Berlin",
    "expected 5 fields (minute, hour, day of month, month, day of week), or 6 with the second first; found an empty text, e.g. \"0 9 * * MON\""
  ],
  [
    "* * * *",
    "Europe/Berlin",
    "expected 5 fields (minute, hour, day of month, month, day of week), or 6 with the second first; found 4 fields, e.g. \"0 9 * * MON\""
  ],
  [
    "* * * * * * *",
    "Europe/Berlin",
    "expected 5 fields (minute, hour, day of month, month, day of week), or 6 with the second first; found 7 fields, e.g. \"0 9 * * MON\""
  ],
  [
    "5",
    "Europe/Berlin",
    "expected 5 fields (minute, hour, day of month, month, day of week), or 6 with the second first; found 1 field, e.g. \"0 9 * * MON\""
  ],
  ["61 * * * *", "Europe/Berlin", "\"61\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["* 24 * * *", "Europe/Berlin", "\"24\" is no hour: expected 0-23, e.g. \"*/2\" or \"9-17\""],
  ["* * 0 * *", "Europe/Berlin", "\"0\" is no day of month: expected 1-31, e.g. \"1\" or \"1,15\""],
  ["* * 32 * *", "Europe/Berlin", "\"32\" is no day of month: expected 1-31, e.g. \"1\" or \"1,15\""],
  ["* * * 13 *", "Europe/Berlin", "\"13\" is no month: expected 1-12 or JAN-DEC, e.g. \"JAN\" or \"*/3\""],
  ["* * * * 8", "Europe/Berlin", "\"8\" is no day of week: expected 0-7 or SUN-SAT, e.g. \"MON-FRI\" or \"0,6\""],
  ["60 * * * * *", "Europe/Berlin", "\"60\" is no second: expected 0-59, e.g. \"*/10\" or \"0,30\""],
  ["x * * * *", "Europe/Berlin", "\"x\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["* * * JANUARY *", "Europe/Berlin", "\"JANUARY\" is no month: did you mean \"JAN\"?"],
  ["* * * * Monday", "Europe/Berlin", "\"Monday\" is no day of week: did you mean \"MON\"?"],
  ["* * * * MUN", "Europe/Berlin", "\"MUN\" is no day of week: expected 0-7 or SUN-SAT, e.g. \"MON-FRI\" or \"0,6\""],
  ["*/0 * * * *", "Europe/Berlin", "\"0\" is no step for the minute: expected 1-59, e.g. \"*/5\" or \"0,30\""],
  ["*/60 * * * *", "Europe/Berlin", "\"60\" is no step for the minute: expected 1-59, e.g. \"*/5\" or \"0,30\""],
  ["*/ * * * *", "Europe/Berlin", "\"*/\" lacks its step: expected 1-59 after the \"/\", e.g. \"*/5\" or \"0,30\""],
  ["*/x * * * *", "Europe/Berlin", "\"x\" is no step for the minute: expected 1-59, e.g. \"*/5\" or \"0,30\""],
  ["* */24 * * *", "Europe/Berlin", "\"24\" is no step for the hour: expected 1-23, e.g. \"*/2\" or \"9-17\""],
  [
    "1,,2 * * * *",
    "Europe/Berlin",
    "\"1,,2\" has an empty part: expected values between the commas, e.g. \"*/5\" or \"0,30\""
  ],
  ["5- * * * *", "Europe/Berlin", "\"5-\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["-5 * * * *", "Europe/Berlin", "\"-5\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["* 22-2 * * *", "Europe/Berlin", "\"22-2\" runs backwards: a range does not go over the end, write \"22-23,0-2\""],
  [
    "* * * * FRI-MON",
    "Europe/Berlin",
    "\"FRI-MON\" runs backwards: a range does not go over the end, write \"FRI-SAT,SUN-MON\""
  ],
  [
    "* * * * sat-sun",
    "Europe/Berlin",
    "\"sat-sun\" runs backwards: a range does not go over the end, write \"sat,SUN\""
  ],
  [
    "* * * NOV-FEB *",
    "Europe/Berlin",
    "\"NOV-FEB\" runs backwards: a range does not go over the end, write \"NOV-DEC,JAN-FEB\""
  ],
  ["1-70 * * * *", "Europe/Berlin", "\"70\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["1.5 * * * *", "Europe/Berlin", "\"1.5\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["? * * * *", "Europe/Berlin", "\"?\" is not supported: write \"*\" where any value will do"],
  [
    "0 0 L * *",
    "Europe/Berlin",
    "\"L\" is not supported: the last day of a month cannot be named, write a day such as \"28\""
  ],
  [
    "0 0 15W * *",
    "Europe/Berlin",
    "\"15W\" is not supported: the nearest working day cannot be named, write days of week such as \"MON-FRI\""
  ],
  [
    "0 0 * * FRI#1",
    "Europe/Berlin",
    "\"FRI#1\" is not supported: the n-th such day of a month cannot be named, write days of month such as \"1-7\""
  ],
  [
    "0 0 * * 5L",
    "Europe/Berlin",
    "\"5L\" is not supported: the last such day of a month cannot be named, write the day of week such as \"FRI\""
  ],
  ["0 0 ? * MON", "Europe/Berlin", "\"?\" is not supported: write \"*\" where any value will do"],
  ["0 0 31 2 *", "Europe/Berlin", "\"0 0 31 2 *\" never runs: none of its months has such a day, e.g. \"0 0 28 2 *\""],
  [
    "0 0 30 2 */2",
    "Europe/Berlin",
    "\"0 0 30 2 */2\" never runs: none of its months has such a day, e.g. \"0 0 28 2 *\""
  ],
  [
    "0 0 31 4,6,9,11 *",
    "Europe/Berlin",
    "\"0 0 31 4,6,9,11 *\" never runs: none of its months has such a day, e.g. \"0 0 28 2 *\""
  ],
  ["@dayly", "Europe/Berlin", "\"@dayly\" is no macro: did you mean \"@daily\"?"],
  [
    "@reboot",
    "Europe/Berlin",
    "\"@reboot\" is no macro: expected @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or @every, e.g. \"@daily\""
  ],
  [
    "@",
    "Europe/Berlin",
    "\"@\" is no macro: expected @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or @every, e.g. \"@daily\""
  ],
  ["@daily 5", "Europe/Berlin", "\"@daily\" stands alone: found \"5\" after it"],
  [
    "@every",
    "Europe/Berlin",
    "\"@every\" lacks its duration: expected a number and a unit, e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  [
    "@every soon",
    "Europe/Berlin",
    "\"soon\" is no duration: expected numbers with a unit (s, m, h, d or w), e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  [
    "@every 15",
    "Europe/Berlin",
    "\"15\" is no duration: expected numbers with a unit (s, m, h, d or w), e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  [
    "@every 500ms",
    "Europe/Berlin",
    "\"500ms\" is too short: expected 1 second or more, e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  [
    "@every 0s",
    "Europe/Berlin",
    "\"0s\" is too short: expected 1 second or more, e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  [
    "@every -5s",
    "Europe/Berlin",
    "\"-5s\" is no duration: expected numbers with a unit (s, m, h, d or w), e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  [
    "@every 1.0005s",
    "Europe/Berlin",
    "\"1.0005s\" is no duration: expected numbers with a unit (s, m, h, d or w), e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  [
    "@every 40000d",
    "Europe/Berlin",
    "\"40000d\" is too long: expected at most 36525 days, e.g. \"@every 15s\", \"@every 1m30s\" or \"@every 2 hours\""
  ],
  ["0 9 * * *", "Local", "\"Local\" is no time zone: expected an IANA id, e.g. \"Europe/Berlin\" or \"UTC\""],
  ["0 9 * * *", "+02:00", "\"+02:00\" is no time zone: expected an IANA id, e.g. \"Europe/Berlin\" or \"UTC\""],
  [
    "0 9 * * *",
    "Etc/Unknown",
    "\"Etc/Unknown\" is no time zone: expected an IANA id, e.g. \"Europe/Berlin\" or \"UTC\""
  ],
  [
    "@every 15s",
    "Europe/Atlantis",
    "\"Europe/Atlantis\" is no time zone: expected an IANA id, e.g. \"Europe/Berlin\" or \"UTC\""
  ],
  ["*/5/2 * * * *", "Europe/Berlin", "\"5/2\" is no step for the minute: expected 1-59, e.g. \"*/5\" or \"0,30\""],
  ["1-2-3 * * * *", "Europe/Berlin", "\"2-3\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["*-5 * * * *", "Europe/Berlin", "\"*-5\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""],
  ["constructor * * * *", "Europe/Berlin", "\"constructor\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""]
]

const refused = (text: string, timezone = "Europe/Berlin") =>
  Result.getOrThrow(Result.flip(parse(text, timezone, defaultDst)))

describe("schedules/CronMistake", () => {
  it("says what is wrong with a text, what could stand there, and what was probably meant", () => {
    for (const [text, timezone, message] of mistakes) {
      const mistake = refused(text, timezone)
      assert.strictEqual(mistake.message, message)
      assert.strictEqual(mistake.expression, text)
    }
  })

  it("names the field, the part, what it takes and an example apart from the message", () => {
    const { example, field, part, range } = refused("0 9 * * MON-FRO")
    assert.deepStrictEqual({ example, field, part, range }, {
      field: "day of week",
      part: "FRO",
      range: "0-7 or SUN-SAT",
      example: "\"MON-FRI\" or \"0,6\""
    })
    assert.notProperty(refused("0 9 * *"), "field")
  })

  it("reports the first of several mistakes in the order of the fields", () => {
    assert.strictEqual(refused("0 25 * 13 *").field, "hour")
  })

  it("refuses a text without an end, and repeats its beginning only", () => {
    assert.strictEqual(
      refused("0,".repeat(1_000)).message,
      `"${"0,".repeat(29)}0…" is too long: expected at most 1000 characters`
    )
  })
})
