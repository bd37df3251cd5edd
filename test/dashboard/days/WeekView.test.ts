import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import { Unrecorded } from "../../../src/api/DataMessages.ts"
import { weekView } from "../../../src/dashboard/days/WeekPage.tsx"
import { documentOf } from "../../../src/dashboard/frame/Frame.tsx"
import { LocalDay } from "../../../src/domain/LocalDay.ts"
import {
  at,
  beat,
  bodyDay,
  event,
  night,
  ownerAt,
  pageOf,
  play,
  recordsOf,
  session,
  type Some,
  wholeDays
} from "./DayFixtures.ts"

const owner = ownerAt("2026-11-26T12:00:00Z")

const week = (some: Some, first = "2026-11-23", allHours = false) =>
  pageOf(weekView(owner, recordsOf(first, 7, some), 0, allHours))

const count = (text: string, part: string | RegExp): number => text.split(part).length - 1

/** The hours at the left edge. */
const hoursOf = (page: string): ReadonlyArray<string> =>
  [...(/<svg class="hours".*?<\/svg>/s.exec(page)?.[0] ?? "").matchAll(/>(\d\d:\d\d)</g)].flatMap(([, hour]) =>
    hour ?? []
  )

/** The tags without the values of their attributes. */
const tagsOf = (page: string): string => page.replaceAll(/"[^"]*"/g, "").match(/<[^>]*>/g)?.join("") ?? ""

describe("the week", () => {
  it("has seven days, the owner's first weekday first, with today marked and ways to the weeks around", () => {
    const page = week({})
    assert.strictEqual(count(page, /<section class="day(?: today)?"/), 7)
    assert.match(page, /aria-label="Monday 23 November"[\s\S]*aria-label="Sunday 29 November"/)
    assert.strictEqual(count(page, "day today"), 1)
    for (const href of ["/?week=-1", "/?week=0", "/?week=1"]) assert.include(page, `href="${href}"`)
    assert.include(page, "Week 48")
  })

  it("shows the line of the present today, and in no other week", () => {
    assert.strictEqual(count(week({}), "class=\"now\""), 1)
    assert.strictEqual(count(week({}, "2026-11-16"), "class=\"now\""), 0)
  })

  it("names events without a title, tells where they are, and colours them as the calendar or by their series", () => {
    const page = week({
      timed: [
        event("a", "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z", {
          title: Option.none(),
          location: Option.some("Room 7")
        }),
        event("b", "2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z", { color_id: Option.some("11") }),
        event("c", "2026-11-26T09:00:00Z", "2026-11-26T10:00:00Z", { series_id: Option.some("s") }),
        event("d", "2026-11-27T09:00:00Z", "2026-11-27T10:00:00Z", { series_id: Option.some("s") })
      ]
    })
    assert.include(page, "(No title)")
    assert.include(page, "Room 7")
    assert.include(page, "event google11")
    const own = [...page.matchAll(/class="event (own\d)[^"]*" popovertarget="event-2026-11-2[67]/g)].map((found) =>
      found[1]
    )
    assert.lengthOf(own, 2)
    assert.strictEqual(own[0], own[1])
  })

  it("shows events of whole days above, on each of their days", () => {
    const page = week({ whole: [wholeDays("Holiday", "2026-11-24", "2026-11-26")] })
    assert.strictEqual(count(page, /class="event chip/), 3)
  })

  it("shows 6 to 22 o'clock, more when there is something, and all when asked", () => {
    const early = week({ timed: [event("early", "2026-11-24T02:30:00Z", "2026-11-24T03:00:00Z")] })
    const edges = (page: string) => [hoursOf(page)[0], hoursOf(page).at(-1)]
    assert.deepStrictEqual(edges(week({})), ["06:00", "22:00"])
    assert.deepStrictEqual(edges(early), ["03:00", "22:00"])
    // what a button opens must be there to be seen
    const music = session("2026-11-24T21:30:00Z", "2026-11-24T22:15:00Z", [play("Spoon", "2026-11-24T21:30:00Z")])
    assert.deepStrictEqual(edges(week({ sessions: [music] })), ["06:00", "24:00"])
    assert.deepStrictEqual(edges(week({}, "2026-11-23", true)), ["00:00", "24:00"])
  })

  it("puts thirty events at one time side by side as far as there is room, and tells the rest", () => {
    const timed = Array.from(
      { length: 30 },
      (_, index) => event(`e${index}`, "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z")
    )
    const page = week({ timed })
    assert.strictEqual(count(page, /<button type="button" class="event own/), 3)
    assert.include(page, "+27")
    for (let index = 0; index < 30; index++) assert.include(page, `e${index}`)
    // whatever the crowd lists opens, each its own box
    const crowd = /<div popover="auto" class="pop" id="crowd-[^"]*">(.*?)<\/div>/s.exec(page)?.[1] ?? ""
    const opened = [
      ...crowd.matchAll(/<li><button type="button" class="opens" popovertarget="([^"]*)">(.*?)<\/button>/gs)
    ]
    assert.lengthOf(opened, 27)
    for (const [, box = "", text = ""] of opened) {
      const title = /<strong>(.*)<\/strong>/.exec(text)?.[1] ?? assert.fail(text)
      assert.include(page, `id="${box}" class="pop"><h2>${title}</h2>`)
    }
    assert.lengthOf(new Set(opened.map(([, box]) => box)), 27)
  })

  it("shows listening as sessions that open their plays, sleep, stress and heart rate", () => {
    const page = week({
      sessions: [
        session("2026-11-24T18:00:00Z", "2026-11-24T18:06:00Z", [
          play("Spoon", "2026-11-24T18:00:00Z"),
          play("Vitamin C", "2026-11-24T18:03:00Z")
        ])
      ],
      points: [beat("2026-11-24T14:00:00Z", 50), beat("2026-11-24T14:05:00Z", 150), beat("2026-11-24T14:10:00Z", 240)],
      nights: [night("2026-11-23T22:00:00Z", "2026-11-24T05:00:00Z", { phases_5_min: Option.some("1234") })],
      body: [
        bodyDay("2026-11-24", {
          stress_high_seconds: Option.some(3600),
          recovery_high_seconds: Option.some(7200),
          stress_summary: Option.some("normal")
        })
      ]
    })
    assert.include(page, "Listening: 2 plays, 6 min, from 19:00 to 19:06")
    assert.match(page, /data-from="1140\.0" data-to="1143\.0"/)
    assert.include(page, "Vitamin C – Can")
    assert.include(page, "data-samples=\"900,50 905,150 910,240\"")
    assert.include(page, "class=\"h0\"")
    assert.strictEqual(count(page, /class="h10"/), 1)
    for (const phase of ["deep", "light", "rem", "awake"]) assert.include(page, `class="${phase}"`)
    assert.include(page, "Stress 1 h, recovery 2 h: normal")
  })

  it("says below each date how long the night was, also where its hours are not shown", () => {
    const page = week({
      nights: [
        night("2026-11-23T22:00:00Z", "2026-11-24T05:52:00Z", { asleep_seconds: Option.some(25_920) }),
        night("2026-11-24T13:00:00Z", "2026-11-24T13:20:00Z", { type: Option.some("late_nap") }),
        night("2026-11-24T14:00:00Z", "2026-11-24T14:20:00Z", { type: Option.some("rest") }),
        night("2026-11-24T22:00:00Z", "2026-11-25T05:30:00Z", {
          day: LocalDay.make("2026-11-25"),
          asleep_seconds: Option.none()
        })
      ]
    })
    assert.deepStrictEqual([hoursOf(page)[0], hoursOf(page).at(-1)], ["06:00", "22:00"])
    const marks = [...page.matchAll(/<section class="day[^"]*" aria-label="(\w+) .*?<\/section>/gs)].flatMap(
      ([text, name]) => {
        const mark = /<p class="night-mark" title="([^"]*)">.*?<span aria-hidden="true">(.*?)<\/span>/s.exec(text)
        return mark === null ? [] : [[name, mark[2], mark[1]]]
      }
    )
    assert.deepStrictEqual(marks, [
      ["Tuesday", "7 h 12 min", "Asleep 23:00–06:52, 7 h 12 min; Asleep 14:00–14:20, 7 h"],
      ["Wednesday", "23:00–06:30", "Asleep 23:00–06:30"]
    ])
  })

  it("tells what was not recorded from what did not happen", () => {
    const missing = new Unrecorded({
      kind: "listening",
      from: at("2026-11-24T10:00:00Z"),
      to: at("2026-11-24T12:00:00Z"),
      why: "lost",
      detail: "more than Spotify remembers"
    })
    const page = week({ unrecorded: [missing] })
    assert.include(page, "class=\"missing\"")
    assert.include(page, "Not recorded: more than Spotify remembers")
    assert.notInclude(week({}), "Not recorded:")
  })

  it("shows the hour that comes twice as two halves, and says what the clocks do", () => {
    const page = week({
      points: [beat("2026-10-25T00:30:00Z", 60), beat("2026-10-25T01:30:00Z", 70)],
      timed: [event("night", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z")]
    }, "2026-10-19")
    assert.include(page, "Clocks back: 03:00 → 02:00")
    assert.include(page, "data-samples=\"150,60 210,70\"")
    assert.include(
      week({ timed: [event("early", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")] }, "2026-03-23"),
      "Clocks forward: 02:00 → 03:00"
    )
  })

  it("escapes whatever comes from elsewhere, and has no style and no script in its text", () => {
    const bad = "\"><img src=x onerror=alert(1)><script>alert(1)</script>"
    const page = week({
      timed: [
        event(bad, "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z", {
          title: Option.some(bad),
          location: Option.some(bad),
          description: Option.some(bad),
          link: Option.some("javascript:alert(1)")
        })
      ],
      whole: [wholeDays("w", "2026-11-24", "2026-11-24", { title: Option.some(bad) })],
      sessions: [
        session("2026-11-24T18:00:00Z", "2026-11-24T18:03:00Z", [play(bad, "2026-11-24T18:00:00Z", { artists: [bad] })])
      ]
    })
    assert.notInclude(page, "<img")
    assert.notInclude(page, "<script")
    assert.notInclude(page, "javascript:")
    assert.notMatch(page, /\sstyle=/)
    assert.notMatch(tagsOf(page), /\son\w+=/)
  })

  it("tells the script how the owner writes dates", () => {
    const view = weekView(owner, recordsOf("2026-11-23", 7), 0, false)
    const around = { assets: { script: Option.none(), style: Option.none() }, csrf: Option.none(), version: "test" }
    assert.include(documentOf(view, { ...around, locale: "de-CH" }), "<html lang=\"en\" data-locale=\"de-CH\">")
  })

  it("costs as much as it shows: a full week is below 400 KB", () => {
    const points = Array.from({ length: 2016 }, (_, index) => {
      const time = DateTime.add(at("2026-11-22T23:00:00Z"), { minutes: index * 5 })
      return beat(DateTime.formatIso(time), 50 + index % 100)
    })
    assert.isBelow(week({ points }).length, 400_000)
  })
})
