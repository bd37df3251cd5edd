import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import {
  BodyDays,
  CalendarDays,
  HeartRateDays,
  ListeningDays,
  OwnerSettings,
  Recorded
} from "../../src/api/DataMessages.ts"
import { ListeningSummary, SearchResult, Tops, Totals } from "../../src/api/DataSumMessages.ts"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import {
  at,
  document,
  event,
  events,
  play,
  plays,
  ringTable,
  sample,
  signedIn,
  stored
} from "../records/RecordsWorld.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const day = "from=2026-03-10&to=2026-03-10"

/** Asks for records, and reads them as a client does. */
const asking = Effect.gen(function*() {
  const ask = yield* handler
  const headers = yield* local
  return Effect.fnUntraced(function*<S extends Schema.Top>(schema: S, path: string) {
    const { body, status } = yield* ask(`/api/v0/data/${path}`, { headers })
    assert.strictEqual(status, 200, `${path}: ${body}`)
    return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(body)
  })
})

const refusing = Effect.gen(function*() {
  const ask = yield* handler
  const headers = yield* local
  return Effect.fnUntraced(function*(path: string) {
    const { body, status } = yield* ask(`/api/v0/data/${path}`, { headers })
    assert.strictEqual(status, 400, `${path}: ${body}`)
    const problem = yield* Schema.decodeEffect(Schema.fromJsonString(Problem))(body)
    return problem.details?.map(({ pointer }) => pointer)
  })
})

/** One day of three accounts. */
const filled = Effect.gen(function*() {
  yield* TestClock.setTime(at("2026-03-12T12:00:00Z").epochMilliseconds)
  yield* signedIn
  yield* stored(plays, play("a", "2026-03-10T18:00:00Z"), play("b", "2026-03-10T18:01:00Z"))
  yield* stored(
    events,
    event("1", {
      summary: "Dinner with Zoë",
      description: "<p>At the <b>harbour</b></p>",
      start: at("2026-03-10T18:00:00Z"),
      end: at("2026-03-11T01:00:00Z"),
      color_id: "3"
    }),
    event("2", { summary: "", all_day: true, start_date: "2026-03-09", end_date: "2026-03-12" })
  )
  yield* stored(ringTable("heartrate"), sample("2026-03-10T12:00:00Z", 60), sample("2026-03-10T12:04:59Z", 90))
  yield* stored(ringTable("daily_sleep"), document("s", "2026-03-10", { score: 81 }))
  yield* stored(
    ringTable("daily_activity"),
    document("a", "2026-03-10", { score: 77, steps: 8_123, active_calories: 400, non_wear_time: 60 })
  )
  yield* stored(ringTable("daily_spo2"), document("o", "2026-03-10", { spo2_percentage: { average: 97.1 } }))
  const bed = (id: string, dayOfWaking: string, start: string, more: { readonly [column: string]: unknown } = {}) =>
    document(id, dayOfWaking, {
      type: "long_sleep",
      bedtime_start: at(start),
      bedtime_start_local: start,
      bedtime_end: DateTime.add(at(start), { hours: 7 }),
      bedtime_end_local: start,
      total_sleep_duration: 25_000,
      ...more
    })
  yield* stored(
    ringTable("sleep"),
    bed("late", "2026-03-11", "2026-03-11T01:10:00+02:00"),
    bed("next", "2026-03-12", "2026-03-11T23:10:00+02:00"),
    bed("none", "2026-03-10", "2026-03-10T13:00:00+02:00", { type: "deleted" })
  )
  yield* stored(
    ringTable("workout"),
    document("w", "2026-03-10", {
      activity: "running",
      calories: 300,
      distance: 5000,
      intensity: "hard",
      start_datetime: at("2026-03-10T06:00:00Z"),
      start_datetime_local: "2026-03-10T08:00:00+02:00"
    })
  )
})

layer(behind({ requestsPerMinute: 0 }))("the records over HTTP", (it) => {
  it.effect("an empty store is answered with nothing, in the right shape", () =>
    Effect.gen(function*() {
      const ask = yield* asking
      const owner = yield* ask(OwnerSettings, "owner")
      assert.deepStrictEqual([owner.time_zone, owner.locale, owner.week_starts_on, owner.today], [
        "UTC",
        "en-GB",
        1,
        "1970-01-01"
      ])
      const calendar = yield* ask(CalendarDays, `calendar?${day}`)
      assert.deepStrictEqual([calendar.timed, calendar.whole_days], [[], []])
      assert.deepStrictEqual(calendar.days.map(({ day, end, start }) => [day, start, end]), [
        ["2026-03-10", at("2026-03-10T00:00:00Z"), at("2026-03-11T00:00:00Z")]
      ])
      assert.deepStrictEqual((yield* ask(ListeningDays, `listening?${day}`)).sessions, [])
      const heart = yield* ask(HeartRateDays, `heart-rate?${day}`)
      assert.deepStrictEqual([heart.resolution_seconds, heart.points], [300, []])
      assert.lengthOf((yield* ask(BodyDays, `body?${day}`)).days, 1)
      const [none] = (yield* ask(Totals, `totals?${day}`)).days
      assert.deepStrictEqual([none?.plays, none?.events, none?.steps], [0, 0, Option.none()])
      assert.strictEqual((yield* ask(Tops, `listening/tops?${day}&of=artists`)).total, 0)
      const summary = yield* ask(ListeningSummary, "listening/summary?from=1970-01-01&to=2200-12-31")
      assert.deepStrictEqual([summary.first, summary.longest_session, summary.rhythm.map((hours) => hours.length)], [
        Option.none(),
        Option.none(),
        [24, 24, 24, 24, 24, 24, 24]
      ])
      assert.deepStrictEqual((yield* ask(SearchResult, "search?text=a")).found, [])
    }))

  it.effect("days outside the years there are, in the wrong order or too many are refused, and it is said where", () =>
    Effect.gen(function*() {
      const refused = yield* refusing
      assert.deepStrictEqual(yield* refused("calendar?from=2026-03-11&to=2026-03-10"), ["/query/to"])
      assert.deepStrictEqual(yield* refused("calendar?from=1969-12-31&to=1970-01-01"), ["/query/from"])
      assert.deepStrictEqual(yield* refused("listening/tops?of=tracks&from=2026-01-01&to=2201-01-01"), ["/query/to"])
      assert.deepStrictEqual(yield* refused("calendar?from=2026-03-01&to=2026-04-12"), ["/query/to"])
      assert.deepStrictEqual(yield* refused("heart-rate?from=2026-03-01&to=2026-03-03&resolution=0"), ["/query/to"])
      assert.deepStrictEqual(yield* refused(`heart-rate?${day}&resolution=59`), ["/query/resolution"])
      assert.deepStrictEqual(yield* refused("totals?from=2000-01-01&to=2026-01-01"), ["/query/to"])
      for (
        const path of [
          "calendar?from=2026-02-30&to=2026-03-01",
          "calendar?from=2026-03-01",
          `listening?${day}&gap_minutes=-1`,
          `heart-rate?${day}&resolution=86401`,
          `listening/tops?${day}&of=genres`,
          `listening/tops?${day}&of=tracks&limit=501`,
          "search",
          "search?text=",
          `search?text=${"a".repeat(201)}`
        ]
      ) yield* refused(path)
      // as many as may be
      const ask = yield* asking
      assert.lengthOf((yield* ask(CalendarDays, "calendar?from=2026-03-01&to=2026-04-11")).days, 42)
      assert.lengthOf((yield* ask(Totals, "totals?from=2016-01-01&to=2026-02-16")).days, 3_700)
    }))
})

layer(behind({ requestsPerMinute: 0 }))("the records of a day over HTTP", (it) => {
  it.effect("are told as the contract has them", () =>
    Effect.gen(function*() {
      yield* filled
      const ask = yield* asking
      const { timed: [dinner], whole_days: [untitled] } = yield* ask(
        CalendarDays,
        "calendar?from=2026-03-11&to=2026-03-11"
      )
      assert.deepInclude({ ...dinner }, {
        id: "1",
        title: Option.some("Dinner with Zoë"),
        start: at("2026-03-10T18:00:00Z"),
        end: at("2026-03-11T01:00:00Z"),
        color_id: Option.some("3")
      })
      assert.deepStrictEqual(
        untitled && [untitled.title, String(untitled.first_day), String(untitled.last_day)],
        [Option.none(), "2026-03-09", "2026-03-11"]
      )

      const { sessions: [session, ...others] } = yield* ask(ListeningDays, `listening?${day}`)
      assert.deepStrictEqual([session?.listened_ms, session?.end, others], [240_000, at("2026-03-10T18:04:00Z"), []])
      assert.deepInclude({ ...session?.plays[0] }, {
        played_at: at("2026-03-10T18:00:00Z"),
        kind: "track",
        uri: "spotify:track:a",
        artists: ["Can"],
        album: Option.some("Ege Bamyasi"),
        duration_ms: Option.some(180_000)
      })
      const [point] = (yield* ask(HeartRateDays, `heart-rate?${day}`)).points
      assert.deepInclude({ ...point }, { at: at("2026-03-10T12:00:00Z"), bpm: 75, min: 60, max: 90, samples: 2 })
      assert.lengthOf((yield* ask(HeartRateDays, `heart-rate?${day}&resolution=0`)).points, 2)

      const body = yield* ask(BodyDays, `body?${day}`)
      assert.deepInclude({ ...body.days[0] }, {
        sleep_score: Option.some(81),
        readiness_score: Option.none(),
        activity_score: Option.some(77),
        steps: Option.some(8_123),
        active_kilocalories: Option.some(400),
        spo2_percent: Option.some(97.1)
      })
      assert.deepStrictEqual(body.days[0]?.activities.map(({ distance_m, kind, name }) => [kind, name, distance_m]), [
        ["workout", "running", Option.some(5000)]
      ])
      assert.deepStrictEqual(body.nights.map(({ day, id, night_of }) => [id, day, night_of]), [
        ["late", "2026-03-11", "2026-03-10"]
      ])

      const [totals] = (yield* ask(Totals, `totals?${day}`)).days
      assert.deepStrictEqual([totals?.plays, totals?.listened_ms, totals?.events, totals?.steps, totals?.sleep_score], [
        2,
        240_000,
        2,
        Option.some(8_123),
        Option.some(81)
      ])
      const { tops: [top], total } = yield* ask(Tops, `listening/tops?${day}&of=albums&by=minutes&limit=1`)
      assert.deepStrictEqual([total, top?.name, top?.plays, top?.listened_ms], [1, "Ege Bamyasi", 2, 240_000])
      const summary = yield* ask(ListeningSummary, `listening/summary?${day}`)
      assert.deepStrictEqual([summary.plays, summary.sessions, summary.rhythm[1]?.[18]?.plays], [2, 1, 2])
      assert.deepStrictEqual(Option.map(summary.last, ({ uri }) => uri), Option.some("spotify:track:b"))
    }))

  it.effect("are found by their words, with what is around them", () =>
    Effect.gen(function*() {
      const ask = yield* asking
      const { found, more } = yield* ask(SearchResult, `search?text=${encodeURIComponent("zoe HARB")}`)
      assert.isFalse(more)
      assert.deepStrictEqual(found, [{
        _tag: "Event",
        title: Option.some("Dinner with Zoë"),
        location: Option.none(),
        day: LocalDay.make("2026-03-10"),
        start: Option.some(at("2026-03-10T18:00:00Z")),
        excerpt: Option.some("At the harbour")
      }])
      const few = yield* ask(SearchResult, "search?text=can&limit=1")
      assert.deepStrictEqual([few.found.map(({ _tag }) => _tag), few.more], [["Artist"], true])
    }))

  it.effect("what is missing of them ends now", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at("2026-03-12T12:00:00Z").epochMilliseconds)
      const ask = yield* asking
      const { coverage, unrecorded } = yield* ask(Recorded, "recorded?from=2026-03-01&to=2026-03-31")
      assert.deepStrictEqual(coverage.map(({ kind }) => kind), ["calendar", "listening", "heart_rate", "body"])
      assert.isTrue(
        unrecorded.every(({ detail, to }) => detail !== "" && !DateTime.isGreaterThan(to, at("2026-03-12T12:00:00Z")))
      )
      const listening = unrecorded.filter(({ kind }) => kind === "listening")
      assert.deepStrictEqual(listening.map(({ from, why }) => [why, from]), [["behind", at("2026-03-01T00:00:00Z")]])
    }))
})
