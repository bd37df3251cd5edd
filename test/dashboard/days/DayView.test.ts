import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { Coverage, Recorded, Unrecorded } from "../../../src/api/DataMessages.ts"
import { dayView } from "../../../src/dashboard/days/DayPage.tsx"
import { recordingOf } from "../../../src/dashboard/days/Recording.ts"
import type { RecordKind } from "../../../src/domain/RecordKind.ts"
import { at, day, event, ownerAt, pageOf, play, recordsOf, session, type Some } from "./DayFixtures.ts"

const owner = ownerAt("2026-11-26T12:00:00Z")

/** A stretch without records on Tuesday, 24 November. */
const lost = (kind: RecordKind, from: string, to: string): Unrecorded =>
  new Unrecorded({ kind, from: at(from), to: at(to), why: "lost", detail: "lost" })

const wholeDay = (kind: RecordKind) => lost(kind, "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z")

const page = (some: Some) => pageOf(dayView(owner, recordsOf("2026-11-24", 1, some), day("2026-11-24"), 1))

const tileOf = (text: string, name: string): string =>
  new RegExp(`<dt>${name}</dt><dd>(.*?)</dd>`, "s").exec(text)?.[1]?.replaceAll(/<[^>]*>/g, "").trim() ??
    assert.fail(name)

describe("a day", () => {
  it("says that nothing happened only where that was recorded", () => {
    const quiet = page({})
    assert.include(quiet, "Nothing was played.")
    assert.include(quiet, "Nothing is in the calendar.")
    assert.strictEqual(tileOf(quiet, "Plays"), "0")

    const unknown = page({ unrecorded: [wholeDay("listening"), wholeDay("calendar")] })
    assert.notInclude(unknown, "Nothing was played.")
    assert.notInclude(unknown, "Nothing is in the calendar.")
    assert.strictEqual(unknown.split("<p class=\"empty\">Not recorded.").length - 1, 2)
    assert.deepStrictEqual(["Plays", "Listened"].map((name) => tileOf(unknown, name)), ["–", "–"])
  })

  it("says that there may be more where a part was not recorded", () => {
    const part = lost("listening", "2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z")
    const sessions = [
      session("2026-11-24T18:00:00Z", "2026-11-24T18:03:00Z", [play("Spoon", "2026-11-24T18:00:00Z")])
    ]
    assert.strictEqual(tileOf(page({ sessions, unrecorded: [part] }), "Plays"), "1 perhaps not all")
    assert.strictEqual(tileOf(page({ sessions }), "Plays"), "1")
    const none = page({ unrecorded: [part] })
    assert.strictEqual(tileOf(none, "Plays"), "–")
    assert.include(none, "Nothing was recorded, and perhaps not all was.")
  })

  it("says of an event that ends on another day on which", () => {
    const night = page({ timed: [event("party", "2026-11-24T21:00:00Z", "2026-11-25T09:00:00Z")] })
    assert.match(night, /Tue,? 24 Nov, 22:00 – Wed,? 25 Nov, 10:00/)
    assert.notInclude(night, "22:00–10:00")
    const late = page({ timed: [event("film", "2026-11-24T19:00:00Z", "2026-11-24T23:00:00Z")] })
    assert.include(late, "20:00–00:00")
  })
})

describe("the events of a day", () => {
  it("open from their list what the column opens", () => {
    const text = page({
      timed: [
        event("breakfast", "2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z"),
        event("lunch", "2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z", { location: Option.some("Café") })
      ]
    })
    assert.include(text, "popovertarget=\"event-2026-11-24-1\">12:00–13:00 <strong>lunch</strong>")
    assert.include(text, "id=\"event-2026-11-24-1\" class=\"pop\"><h2>lunch</h2>")
    assert.strictEqual(text.split("popovertarget=\"event-2026-11-24-0\"").length - 1, 2)
  })
})

describe("what is known of some days", () => {
  const tuesday = { from: day("2026-11-24"), to: day("2026-11-24") }
  const known = (kind: RecordKind, unrecorded: ReadonlyArray<Unrecorded>, until?: string, range = tuesday) =>
    recordingOf(
      owner,
      range,
      kind,
      new Recorded({
        coverage: [
          new Coverage({ kind, since: Option.none(), until: Option.map(Option.fromUndefinedOr(until), at) })
        ],
        unrecorded
      })
    )

  const until = "2026-11-26T11:00:00Z"

  it("is nothing where the gaps fill them together, and a part where they leave some", () => {
    const morning = lost("listening", "2026-11-23T20:00:00Z", "2026-11-24T10:00:00Z")
    const rest = lost("listening", "2026-11-24T09:00:00Z", "2026-11-25T00:00:00Z")
    assert.strictEqual(known("listening", [morning, rest], until), "nothing")
    assert.strictEqual(known("listening", [morning], until), "partly")
    assert.strictEqual(known("listening", [rest], until), "partly")
    assert.strictEqual(known("listening", [wholeDay("calendar")], until), "all")
  })

  it("is nothing where nothing ever was recorded, also of days to come", () => {
    const tomorrow = { from: day("2026-11-27"), to: day("2026-11-27") }
    assert.strictEqual(known("calendar", [], undefined, tomorrow), "nothing")
    assert.strictEqual(known("calendar", [], until, tomorrow), "all")
    assert.strictEqual(known("listening", [], until, tomorrow), "ahead")
  })

  it("is nothing of today when the day so far is missing", () => {
    const today = { from: day("2026-11-26"), to: day("2026-11-26") }
    const sinceMidnight = lost("listening", "2026-11-25T23:00:00Z", "2026-11-26T12:00:00Z")
    assert.strictEqual(known("listening", [sinceMidnight], until, today), "nothing")
  })
})
