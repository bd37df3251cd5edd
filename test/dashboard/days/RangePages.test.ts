/** The pages about ranges of days. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import { BodyDays, HeartRateDays, HeartRatePoint, Recorded, Unrecorded } from "../../../src/api/DataMessages.ts"
import { ListeningSummary, Tops } from "../../../src/api/DataSumMessages.ts"
import { bodyView, heartResolution } from "../../../src/dashboard/days/BodyPage.tsx"
import { listeningView } from "../../../src/dashboard/days/ListeningPage.tsx"
import { measureAsked } from "../../../src/dashboard/days/Measures.ts"
import { rangeAsked } from "../../../src/dashboard/days/Ranges.tsx"
import { daySpans } from "../../../src/domain/DayRange.ts"
import { heartRatePoints } from "../../../src/domain/HeartRatePoints.ts"
import { endOfDay, plusDays, startOfDay } from "../../../src/domain/LocalDay.ts"
import { at, bodyDay, day, night, ownerAt, pageOf, play, session, zone } from "./DayFixtures.ts"

const owner = ownerAt("2026-11-26T12:00:00Z")
const time_zone = "Europe/Berlin"

const asked = (query: string) => rangeAsked(owner, new URLSearchParams(query), "30-days")

const nothing = new Recorded({ coverage: [], unrecorded: [] })

const missed = (from: string, to: string) =>
  new Recorded({
    coverage: [],
    unrecorded: [new Unrecorded({ kind: "listening", from: at(from), to: at(to), why: "lost", detail: "lost" })]
  })

describe("a range in the address", () => {
  const daysOf = (query: string): ReadonlyArray<string> => [asked(query).from, asked(query).to]

  it("is what was asked for, and what the API can tell of at most", () => {
    assert.deepStrictEqual(daysOf("from=2026-03-01&to=2026-02-01"), ["2026-02-01", "2026-03-01"])
    assert.deepStrictEqual(daysOf("from=0000-01-01&to=0000-01-02"), ["1970-01-01", "1970-01-01"])
    assert.deepStrictEqual(daysOf("from=2026-01-01&to=9999-12-31"), ["2026-01-01", "2200-12-31"])
  })

  it("and a measure are the usual ones for names that only every object knows", () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      assert.deepStrictEqual(asked(`range=${name}`), asked("range=30-days"))
      assert.strictEqual(measureAsked(name), "plays")
    }
  })
})

describe("listening", () => {
  const empty = new Tops({ time_zone, total: 0, tops: [] })
  const summary = new ListeningSummary({
    time_zone,
    plays: 0,
    listened_ms: 0,
    artists: 0,
    tracks: 0,
    first: Option.none(),
    last: Option.none(),
    sessions: 0,
    longest_session: Option.none(),
    rhythm: Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => ({ plays: 0, listened_ms: 0 })))
  })
  const page = (recorded: Recorded, sessions: Parameters<typeof listeningView>[3]["sessions"] = Option.none()) =>
    pageOf(listeningView(owner, asked("from=2026-11-20&to=2026-11-24"), "plays", {
      summary,
      tops: { artists: empty, tracks: empty, albums: empty },
      recorded,
      sessions
    }))

  it("says that nothing was played only where that was recorded", () => {
    const quiet = page(nothing)
    assert.include(quiet, "Nothing was played.")
    assert.include(quiet, "class=\"heat0\"")
    const unknown = page(missed("2026-11-01T00:00:00Z", "2026-11-26T00:00:00Z"))
    assert.notInclude(unknown, "Nothing was played.")
    assert.include(unknown, "Not recorded.")
    assert.notInclude(unknown, "class=\"heat0\"")
    assert.include(unknown, "<dt>Plays</dt><dd>– <small></small></dd>")
    assert.include(unknown, "id=\"hatch\"")
  })

  it("lists the sessions of a short range, the newest first, each with a way to its day", () => {
    const sessions = [
      session("2026-11-20T18:00:00Z", "2026-11-20T18:03:00Z", [play("Spoon", "2026-11-20T18:00:00Z")]),
      session("2026-11-23T23:30:00Z", "2026-11-23T23:36:00Z", [
        play("Spoon", "2026-11-23T23:30:00Z"),
        play("Vitamin C", "2026-11-23T23:33:00Z")
      ])
    ]
    const text = page(nothing, Option.some(sessions))
    assert.match(text, /href="\/daily\?day=2026-11-24">Tue,? 24 Nov, 00:30 – 00:36<\/a>: 2 plays, 6 min/)
    assert.isBelow(text.indexOf("/daily?day=2026-11-24"), text.indexOf("/daily?day=2026-11-20"))
    const many = Array.from({ length: 35 }, () => sessions).flat().map((one, index) =>
      session(`2026-11-20T18:00:${String(index % 60).padStart(2, "0")}Z`, "2026-11-20T18:03:00Z", one.plays)
    )
    assert.include(page(nothing, Option.some(many)), "and 40 earlier ones")
    assert.notInclude(page(nothing), "<h2>Sessions</h2>")
  })
})

describe("the body", () => {
  const daysOf = (from: string, count: number) =>
    Array.from({ length: count }, (_, index) => plusDays(day(from), index))
  const page = (
    query: string,
    first: string,
    count: number,
    nights: ReadonlyArray<ReturnType<typeof night>> = [],
    steps: Option.Option<number> = Option.some(8000),
    recorded = nothing
  ) => {
    const bounds = daysOf("2026-11-20", 5).map((local) => ({
      day: local,
      start: startOfDay(local, zone),
      end: endOfDay(local, zone)
    }))
    return pageOf(bodyView(owner, asked(query), {
      body: new BodyDays({ time_zone, days: daysOf(first, count).map((local) => bodyDay(local, { steps })), nights }),
      heart: new HeartRateDays({ time_zone, days: bounds, resolution_seconds: 3600, points: [] }),
      recorded
    }))
  }

  it("shows the whole range, says where the heart rate begins later, and what is cut of a longer one", () => {
    const half = page("from=2026-06-01&to=2026-11-24", "2026-05-02", 207)
    assert.include(half, "/daily?day=2026-06-01")
    assert.include(half, "only the last 5 days of the range are shown")
    assert.notInclude(half, "Of a longer range")
    const long = page("from=2020-01-01&to=2026-11-24", "2025-09-21", 430)
    assert.include(long, "Of a longer range, these are the last 400 days.")
    assert.notInclude(long, "/daily?day=2025-10-20")
    assert.include(long, "/daily?day=2025-10-21")
  })

  it("says in words where nothing was recorded, and draws no empty chart", () => {
    const charts = (text: string) => text.split("data-series").length - 1
    const known = page("from=2026-11-20&to=2026-11-24", "2026-10-21", 35)
    assert.strictEqual(charts(known), 1)
    assert.strictEqual(known.split("Nothing was recorded on these days.").length - 1, 2)
    const unknown = page("from=2026-11-20&to=2026-11-24", "2026-10-21", 35, [], Option.none())
    assert.strictEqual(charts(unknown), 0)
  })

  it("says of a day in its table that there may be more, or that nothing was recorded", () => {
    const gap = (kind: "body" | "heart_rate", from: string, to: string) =>
      new Unrecorded({ kind, from: at(from), to: at(to), why: "lost", detail: "lost" })
    const table = (...unrecorded: ReadonlyArray<Unrecorded>) => {
      const text = page(
        "from=2026-11-20&to=2026-11-24",
        "2026-10-21",
        35,
        [],
        Option.some(8000),
        new Recorded({ coverage: [], unrecorded })
      )
      return [...text.matchAll(/href="\/daily\?day=([^"]*)">[^<]*<\/a> <span class="soft small">([^<]*)<\/span>/g)].map(
        ([, day, mark]) => `${day} ${mark}`
      )
    }
    assert.deepStrictEqual(table(), [])
    assert.deepStrictEqual(table(gap("body", "2026-11-21T10:00:00Z", "2026-11-21T23:00:00Z")), [
      "2026-11-21 perhaps not all"
    ])
    // the chart of heart rates is of another kind
    assert.deepStrictEqual(table(gap("heart_rate", "2026-11-21T10:00:00Z", "2026-11-21T23:00:00Z")), [])
  })

  it("counts the heart rate on its day also where midnight is no full hour", () => {
    for (const name of ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"]) {
      const there = DateTime.zoneMakeNamedUnsafe(name)
      const range = { from: day("2026-11-23"), to: day("2026-11-24") }
      const days = daySpans(range, there).map(({ day, from, to }) => ({ day, start: from, end: to }))
      const midnight = startOfDay(day("2026-11-24"), there).epochMilliseconds
      const samples = [[midnight - 60_000, 50], [midnight + 60_000, 100]] as const
      const resolution = heartResolution(range, there)
      const points = heartRatePoints(samples, resolution).map(({ at, mean, ...point }) =>
        new HeartRatePoint({ ...point, at: DateTime.makeUnsafe(at), bpm: mean })
      )
      const text = pageOf(bodyView({ ...owner, zone: there, zoneName: name }, { ...range, preset: Option.none() }, {
        body: new BodyDays({ time_zone: name, days: [], nights: [] }),
        heart: new HeartRateDays({ time_zone: name, days, resolution_seconds: resolution, points }),
        recorded: nothing
      }))
      assert.deepStrictEqual([...text.matchAll(/<td data-value="(\d*)">/g)].map(([, value]) => value), [
        "50",
        "50",
        "50",
        "100",
        "100",
        "100"
      ], name)
    }
  })

  it("asks for the heart rate by the hour where every midnight is one, on days of 23 and 25 hours, too", () => {
    const year = { from: day("2026-01-01"), to: day("2026-12-31") }
    assert.strictEqual(heartResolution(year, zone), 3600)
    assert.strictEqual(heartResolution(year, DateTime.zoneMakeNamedUnsafe("Asia/Kathmandu")), 900)
  })

  it("compares the lowest heart rate of seven nights with that of thirty", () => {
    const nights = daysOf("2026-10-26", 30).map((local, index) =>
      night(`${local}T00:00:00Z`, `${local}T06:00:00Z`, {
        day: local,
        lowest_heart_rate: Option.some(index < 23 ? 50 : 60)
      })
    )
    const text = page("from=2026-11-20&to=2026-11-24", "2026-10-21", 35, nights)
    assert.include(text, "Lowest heart rate asleep, 7 days</dt><dd>60 <small>▲ 30-day mean 52</small>")
  })

  it("has no arrow where nothing changed", () => {
    const text = page("from=2026-11-20&to=2026-11-24", "2026-10-21", 35)
    assert.include(text, "<dt>Steps, 7 days</dt><dd>8,000 <small>= 30-day mean 8,000</small>")
  })

  it("draws each night as long as it was, and tells it by the wearer's clock", () => {
    const nap = night("2026-11-24T10:30:00Z", "2026-11-24T11:30:00Z", {
      bedtime_start_local: "2026-11-24T11:30:00.000+01:00",
      bedtime_end_local: "2026-11-24T12:30:00.000+01:00"
    })
    const abroad = night("2026-11-23T10:00:00Z", "2026-11-23T17:30:00Z", {
      id: "abroad",
      bedtime_start_local: "2026-11-23T05:00:00.000-05:00",
      bedtime_end_local: "2026-11-23T12:30:00.000-05:00"
    })
    const text = page("from=2026-11-20&to=2026-11-24", "2026-10-21", 35, [nap, abroad])
    const bars = [...text.matchAll(/class="bed" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map(([, x, width]) => [
      Math.round((Number(x) - 150) / 560 * 1440),
      Math.round(Number(width) / 560 * 1440)
    ])
    assert.deepStrictEqual(bars, [[1410, 30], [1020, 420]])
    assert.include(text, "11:30–12:30")
    assert.include(text, "05:00–12:30")
  })
})
