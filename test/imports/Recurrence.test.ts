import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { dayNumber, dayText } from "../../src/imports/Civil.ts"
import { daysOfRule } from "../../src/imports/Recurrence.ts"
import { ruleOf } from "../../src/imports/RecurrenceRule.ts"

const numberOf = (text: string): number => {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number)
  return dayNumber({ year, month, day })
}

const days = (rule: string, start: string, most: number, last = "2030-12-31"): string => {
  const found: Array<string> = []
  for (const day of daysOfRule(Result.getOrThrow(ruleOf(rule)), numberOf(start), numberOf(last))) {
    found.push(dayText(day))
    if (found.length === most) break
  }
  return found.join(" ")
}

/** The examples of RFC 5545, 3.8.5.3, and their answers there. */
const golden: ReadonlyArray<readonly [rule: string, start: string, days: string]> = [
  ["FREQ=DAILY;INTERVAL=10", "1997-09-02", "1997-09-02 1997-09-12 1997-09-22 1997-10-02"],
  ["FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02", "1997-09-02 1997-09-16 1997-09-30 1997-10-14"],
  ["FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR", "1997-09-01", "1997-09-01 1997-09-03 1997-09-05 1997-09-15"],
  ["FREQ=MONTHLY;BYDAY=1FR", "1997-09-05", "1997-09-05 1997-10-03 1997-11-07 1997-12-05"],
  ["FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU", "1997-09-07", "1997-09-07 1997-09-28 1997-11-02 1997-11-30"],
  ["FREQ=MONTHLY;BYDAY=-2MO", "1997-09-22", "1997-09-22 1997-10-20 1997-11-17 1997-12-22"],
  ["FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1997-09-28 1997-10-29 1997-11-28 1997-12-29"],
  ["FREQ=MONTHLY;BYMONTHDAY=1,-1", "1997-09-30", "1997-09-30 1997-10-01 1997-10-31 1997-11-01"],
  ["FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11", "1997-09-10", "1997-09-10 1997-09-11 1999-03-10 1999-03-11"],
  ["FREQ=YEARLY;BYMONTH=6,7", "1997-06-10", "1997-06-10 1997-07-10 1998-06-10 1998-07-10"],
  ["FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200", "1997-01-01", "1997-01-01 1997-04-10 1997-07-19 2000-01-01"],
  ["FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17 2000-05-15"],
  ["FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "1997-05-12 1998-05-11 1999-05-17 2000-05-15"],
  ["FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13", "1997-03-13 1997-03-20 1997-03-27 1998-03-05"],
  ["FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", "1998-02-13 1998-03-13 1998-11-13 1999-08-13"],
  [
    "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
    "1996-11-05",
    "1996-11-05 2000-11-07 2004-11-02 2008-11-04"
  ],
  ["FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1997-09-04 1997-10-07 1997-11-06 1997-12-04"],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "1997-09-29 1997-10-30 1997-11-27 1997-12-30"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08-05 1997-08-10 1997-08-19 1997-08-24"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08-05 1997-08-17 1997-08-19 1997-08-31"],
  ["FREQ=MONTHLY;BYMONTHDAY=15,30", "2007-01-15", "2007-01-15 2007-01-30 2007-02-15 2007-03-15"],
  ["FREQ=YEARLY", "2024-02-29", "2024-02-29 2028-02-29"]
]

describe("imports/Recurrence", () => {
  for (const [rule, start, expected] of golden) {
    it(`follows ${rule} as RFC 5545 says`, () => assert.strictEqual(days(rule, start, 4), expected))
  }

  it("comes to an end with rules that name no day", () => {
    for (
      const rule of [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=9",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=999999999",
        "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=3"
      ]
    ) assert.strictEqual(days(rule, "2026-01-15", 9), "2026-01-15", rule)
  })

  it("says why a rule is not followed", () => {
    const why = (rule: string) => Result.getOrThrow(Result.flip(ruleOf(rule)))
    assert.match(why("FREQ=SECONDLY"), /more often than daily/)
    assert.match(why("FREQ=DAILY;BYHOUR=9"), /BYHOUR/)
    assert.match(why("FREQ=DAILY;INTERVAL=0"), /cannot be read/)
    assert.match(why("FREQ=MONTHLY;BYDAY=9XX"), /cannot be read/)
    assert.match(why("COUNT=3"), /how often/)
  })
})
