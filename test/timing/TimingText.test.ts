import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { defaultDst } from "../../src/domain/Dst.ts"
import { parse } from "../../src/timing/Timing.ts"
import * as TimingText from "../../src/timing/TimingText.ts"

const told: ReadonlyArray<readonly [expression: string, text: string]> = [
  ["30 2 * * MON", "At 02:30 every Monday, Europe/Berlin"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["0 2 * * *", "At 02:00 every day, Europe/Berlin"],
  ["0 9 * * MON-FRI", "At 09:00 from Monday to Friday, Europe/Berlin"],
  ["15 4 1 * *", "At 04:15 on day 1 of every month, Europe/Berlin"],
  ["* * * * *", "Every minute"],
  ["* * * * * *", "Every second"],
  ["*/10 * * * * *", "Every 10 seconds"],
  ["0,30 * * * * *", "Every 30 seconds"],
  ["30 0 9 * * *", "At 09:00:30 every day, Europe/Berlin"],
  ["0 * * * *", "Every hour, Europe/Berlin"],
  ["5 * * * *", "Every hour at minute 5, Europe/Berlin"],
  ["0 */2 * * *", "Every 2 hours, Europe/Berlin"],
  ["15 */6 * * *", "At 00:15, 06:15, 12:15 and 18:15 every day, Europe/Berlin"],
  ["15 */2 * * *", "Every 2 hours at minute 15, Europe/Berlin"],
  ["0 9,12 * * *", "At 09:00 and 12:00 every day, Europe/Berlin"],
  ["0,30 9-10 * * *", "At 09:00, 09:30, 10:00 and 10:30 every day, Europe/Berlin"],
  ["*/15 9-17 * * MON-FRI", "Every 15 minutes from 09:00 to 17:45 from Monday to Friday, Europe/Berlin"],
  ["* 9 * * *", "Every minute from 09:00 to 09:59 every day, Europe/Berlin"],
  ["0 9-17 * * *", "Every hour from 09:00 to 17:00 every day, Europe/Berlin"],
  ["5 9-17 * * *", "Every hour from 09:05 to 17:05 every day, Europe/Berlin"],
  ["*/7 * * * *", "At minutes 0, 7, 14 … 56 of every hour, Europe/Berlin"],
  ["1,2,3 * * * *", "At minutes 1 to 3 of every hour, Europe/Berlin"],
  ["0 0 13 * FRI", "At 00:00 on day 13 of every month, and also every Friday, Europe/Berlin"],
  [
    "0 0 1-7 * */2",
    "At 00:00 on days 1 to 7 of every month, if that is a Tuesday, Thursday, Saturday or Sunday, Europe/Berlin"
  ],
  ["0 0 */2 * MON", "At 00:00 on days 1, 3, 5 … 31 of every month, if that is a Monday, Europe/Berlin"],
  ["0 0 */2 * *", "At 00:00 on days 1, 3, 5 … 31 of every month, Europe/Berlin"],
  ["0 0 1,15 * *", "At 00:00 on days 1 and 15 of every month, Europe/Berlin"],
  ["0 0 1-7 * *", "At 00:00 on days 1 to 7 of every month, Europe/Berlin"],
  ["0 0 1 1 *", "At 00:00 on day 1 of January, Europe/Berlin"],
  ["0 0 29 FEB *", "At 00:00 on day 29 of February, Europe/Berlin"],
  ["0 0 * JAN,JUL *", "At 00:00 every day in January and July, Europe/Berlin"],
  ["0 0 * MAR-OCT *", "At 00:00 every day from March to October, Europe/Berlin"],
  ["0 0 * 1 MON", "At 00:00 every Monday in January, Europe/Berlin"],
  ["0 0 13 1 FRI", "At 00:00 on day 13 of January, and also every Friday in January, Europe/Berlin"],
  ["0 0 * * 7", "At 00:00 every Sunday, Europe/Berlin"],
  ["0 0 * * SAT,SUN", "At 00:00 every Saturday and Sunday, Europe/Berlin"],
  ["0 0 * * 6-7", "At 00:00 every Saturday and Sunday, Europe/Berlin"],
  ["0 0 * * 1,3,5", "At 00:00 every Monday, Wednesday and Friday, Europe/Berlin"],
  ["0 0 * * 0-6", "At 00:00 every day, Europe/Berlin"],
  ["0 0 1-31 * MON", "At 00:00 every day, Europe/Berlin"],
  ["0 0 * */3 *", "At 00:00 every day in January, April, July and October, Europe/Berlin"],
  ["@daily", "At 00:00 every day, Europe/Berlin"],
  ["@hourly", "Every hour, Europe/Berlin"],
  ["@weekly", "At 00:00 every Sunday, Europe/Berlin"],
  ["@monthly", "At 00:00 on day 1 of every month, Europe/Berlin"],
  ["@yearly", "At 00:00 on day 1 of January, Europe/Berlin"],
  ["@every 1m30s", "Every 1m30s"],
  ["10-20/3 1,5,9 * * *", "At minutes 10, 13, 16 and 19 of hours 1, 5 and 9 every day, Europe/Berlin"],
  ["*/10 0 9 * * *", "At 09:00:00, 09:00:10, 09:00:20, 09:00:30, 09:00:40 and 09:00:50 every day, Europe/Berlin"],
  ["0 0 9 1 1 1", "At 09:00 on day 1 of January, and also every Monday in January, Europe/Berlin"],
  ["*/20 */5 * * *", "At minutes 0, 20 and 40 of hours 0, 5, 10, 15 and 20 every day, Europe/Berlin"],
  ["1-59/2 * * * *", "At minutes 1, 3, 5 … 59 of every hour, Europe/Berlin"],
  ["0-30 8-18/2 * * TUE", "At minutes 0 to 30 of hours 8, 10, 12 … 18 every Tuesday, Europe/Berlin"],
  ["* 9-17 * * *", "Every minute from 09:00 to 17:59 every day, Europe/Berlin"],
  ["*/5 * * * MON", "Every 5 minutes every Monday, Europe/Berlin"],
  ["*/5 * * JUN *", "Every 5 minutes every day in June, Europe/Berlin"],
  ["5,10 */2 * * *", "At minutes 5 and 10 of hours 0, 2, 4 … 22 every day, Europe/Berlin"],
  ["15,45 30 * * * *", "At seconds 15 and 45 of minute 30 of every hour, Europe/Berlin"]
]

describe("schedules/TimingText", () => {
  it("tells expressions in words", () => {
    for (const [expression, text] of told) {
      const timing = Result.getOrThrow(parse(expression, "Europe/Berlin", defaultDst))
      assert.strictEqual(TimingText.describe(timing), text, expression)
    }
  })

  it("tells intervals by their length", () => {
    const interval = (millis: number) => TimingText.describe({ _tag: "Interval", millis })
    assert.strictEqual(interval(120_000), "2m after the end of each run")
    assert.strictEqual(interval(5_400_000), "1h30m after the end of each run")
    assert.strictEqual(interval(1_500), "1s500ms after the end of each run")
    assert.strictEqual(interval(0), "0s after the end of each run")
  })
})
