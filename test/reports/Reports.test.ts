import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import { changeOf, type MeasureName, type Report } from "../../src/domain/Report.ts"
import { periodOf } from "../../src/domain/ReportPeriod.ts"
import { Gathering } from "../../src/reports/Gathering.ts"
import { html } from "../../src/reports/Html.ts"
import { markdown } from "../../src/reports/Markdown.ts"
import { Reports } from "../../src/reports/Reports.ts"
import { textOf } from "../../src/reports/Sections.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Outbox } from "../../src/store/Outbox.ts"
import { ReportRows } from "../../src/store/ReportRows.ts"
import { spotifyCursor } from "../../src/store/SyncStates.ts"
import {
  at,
  document,
  event,
  events,
  play,
  plays,
  records,
  ringTable,
  signedIn,
  spotify,
  stored
} from "../records/RecordsWorld.ts"
import { tasks } from "../support/World.ts"

/** Whoever hears of reports. */
const listener = Layer.succeed(Outbox, {
  receivers: (type) => type === "report.created" ? [{ name: "home", per: "page" }] : [],
  wake: Effect.void
})

const reports = Reports.layer.pipe(
  Layer.provide(Gathering.layer),
  Layer.provideMerge(Layer.provide(ReportRows.layer, listener)),
  Layer.provideMerge(records)
)

const polled = (text: string) =>
  Effect.flatMap(Commit, (commit) =>
    commit.page({
      stream: plays,
      read: 0,
      writes: [],
      cursor: Option.some(
        spotifyCursor(spotify, { lastSyncAt: at(text), latestPlayedAt: Option.none(), tracksFetched: 0 })
      ),
      fraction: Option.none()
    }))

const make = (kind: "daily" | "weekly", day?: string) =>
  Effect.flatMap(
    Reports,
    (reports) => reports.make(kind, day === undefined ? undefined : LocalDay.make(day), { tasks: [tasks.spotify] })
  )

const measure = ({ measures }: Report, name: MeasureName) => measures.find((one) => one.name === name)

/** Three Thursdays of listening: two plays, four, and three. */
const filled = Effect.gen(function*() {
  yield* TestClock.setTime(at("2026-11-27T08:00:00Z").epochMilliseconds)
  yield* signedIn
  const times = (day: string, count: number) =>
    Array.from({ length: count }, (_, index) => play(`song ${index}`, `${day}T18:${10 + 5 * index}:00Z`))
  yield* stored(plays, ...times("2026-11-12", 2), ...times("2026-11-19", 4), ...times("2026-11-26", 3))
  yield* polled("2026-11-27T07:55:00Z")
  yield* stored(
    ringTable("daily_sleep"),
    document("s1", "2026-11-19", { score: 70 }),
    document("s2", "2026-11-26", { score: 84 })
  )
  yield* stored(
    events,
    event("dinner | with <Zoë>", { start: at("2026-11-26T22:00:00Z"), end: at("2026-11-27T01:00:00Z") })
  )
})

describe("reports", () => {
  it.effect("a day is told against the same day of the four weeks before, by those that were recorded", () =>
    Effect.gen(function*() {
      yield* filled
      const report = yield* make("daily")
      assert.strictEqual(report.key, "daily_reports:2026-11-26")
      assert.strictEqual(report.over, true)
      // 2 and 4 were played, and on the other two Thursdays nothing, which was recorded as well
      assert.deepInclude(measure(report, "plays"), { value: 3, complete: true, usual: 1.5, compared: 4 })
      assert.deepInclude(measure(report, "listened_minutes"), { value: 9, usual: 4.5 })
      // the ring was worn on one of them
      assert.deepInclude(measure(report, "sleep_score"), { value: 84, usual: 70, compared: 1 })
      assert.deepStrictEqual(report.measures.filter(({ name }) => name === "plays").map(changeOf), [100])
      assert.deepStrictEqual(report.top_tracks.map(({ name, plays }) => [name, plays]), [
        ["song 0", 1],
        ["song 1", 1],
        ["song 2", 1]
      ])
      // an hour of the dinner was on that day, by the clocks of Berlin
      assert.deepInclude(measure(report, "event_hours"), { value: 1 })
      assert.deepStrictEqual(report.events.map(({ title }) => title), ["dinner | with <Zoë>"])
    }).pipe(Effect.provide(reports)))

  it.effect("what was not recorded is no quiet day: it is named, and neither compared nor counted as nothing", () =>
    Effect.gen(function*() {
      yield* filled
      yield* polled("2026-11-21T12:00:00Z") // and none since then
      const week = yield* make("weekly", "2026-11-26")
      assert.deepInclude(measure(week, "plays"), { value: 3, complete: false, compared: 3 })
      assert.deepStrictEqual(week.days.map(({ plays }) => plays), [null, null, null, 3, null, null, null])
      const gap = week.gaps.find(({ kind }) => kind === "listening")
      assert.deepInclude(gap, { why: "behind" })
      assert.deepStrictEqual(
        week.blind_spots.find(({ kind }) => kind === "listening"),
        { kind: "listening", stretches: 1, hours: 140 }
      )
      const before = yield* make("weekly", "2026-11-19")
      assert.deepInclude(measure(before, "plays"), { value: 4, complete: false, compared: 4 })
      assert.deepStrictEqual(before.measures.filter(({ name }) => name === "plays").map(changeOf), [null])
    }).pipe(Effect.provide(reports)))

  it.effect("the same report made again takes the place of the first, and tells that it is there", () =>
    Effect.gen(function*() {
      yield* filled
      yield* make("daily")
      yield* stored(plays, play("late", "2026-11-26T20:00:00Z"))
      yield* TestClock.adjust("1 hour")
      const again = yield* make("daily", "2026-11-26")
      assert.deepInclude(measure(again, "plays"), { value: 4 })
      const rows = yield* ReportRows
      const page = yield* rows.list({ kind: Option.none(), after: Option.none(), limit: 10 })
      assert.deepStrictEqual(page.reports.map(({ timesMade }) => timesMade), [2])
      const kept = yield* rows.get({ kind: "daily", name: "2026-11-26" })
      assert.deepStrictEqual(kept, Option.some(again))
      const surreal = yield* Surreal
      const told = yield* surreal.query(
        Schema.Array(Schema.Struct({ subject: Schema.String, data: Schema.String })),
        "SELECT subject, data FROM webhook_outbox"
      )
      assert.deepStrictEqual(told.map(({ subject }) => subject), [again.key, again.key])
      assert.include(told[0]?.data, "\"to\":\"2026-11-26\"")
    }).pipe(Effect.provide(reports)))

  it.effect("of a day that is not over it tells so far, and of one that has not begun nothing", () =>
    Effect.gen(function*() {
      yield* filled
      const today = yield* make("daily", "2026-11-27")
      assert.strictEqual(today.over, false)
      assert.deepInclude(measure(today, "plays"), { value: 0, complete: false })
      const refused = yield* Effect.flip(make("daily", "2026-11-28"))
      assert.strictEqual(refused.message, "daily_reports:2026-11-28 has not begun: today is 2026-11-27")
    }).pipe(Effect.provide(reports)))

  it.effect("lists page by page, the newest days first, of both kinds or of one", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at("2027-01-12T08:00:00Z").epochMilliseconds)
      for (const day of ["2027-01-03", "2026-12-20", "2027-01-10"]) yield* make("weekly", day)
      for (const day of ["2027-01-10", "2027-01-04"]) yield* make("daily", day)
      const rows = yield* ReportRows
      const names = Effect.fnUntraced(function*(kind: Option.Option<"daily" | "weekly">) {
        const found: Array<string> = []
        let after = Option.none<string>()
        for (;;) {
          const page = yield* rows.list({ kind, after, limit: 2 })
          found.push(...page.reports.map(({ period: { name } }) => name))
          if (Option.isNone(page.next)) return found
          after = page.next
        }
      })
      assert.deepStrictEqual(yield* names(Option.none()), [
        "2027-01-10",
        "2027-W01",
        "2027-01-04",
        "2026-W53",
        "2026-W51"
      ])
      assert.deepStrictEqual(yield* names(Option.some("weekly")), ["2027-W01", "2026-W53", "2026-W51"])
      assert.deepStrictEqual(yield* rows.get({ kind: "daily", name: "2026-01-01" }), Option.none())
    }).pipe(Effect.provide(reports)))

  it.effect("is written as Markdown and as HTML, in which titles are text and no markup", () =>
    Effect.gen(function*() {
      yield* filled
      const text = textOf(yield* make("daily"))
      assert.strictEqual(text.title, "Thursday, 2026-11-26")
      const page = markdown(text)
      assert.include(page, "| Plays | 3 | 1.5 | +100 % | 4 |")
      assert.include(page, "- 2026-11-26 23:00: dinner \\| with \\<Zoë\\>")
      const document = html(text)
      assert.include(document, "<th scope=\"row\">Plays</th><td>3</td>")
      assert.include(document, "dinner | with &lt;Zoë&gt;")
      assert.include(markdown(textOf(yield* make("weekly"))), "# Week 2026-W47, 2026-11-16 to 2026-11-22")
      assert.isTrue(Option.isSome(periodOf("weekly_reports:2026-W47")))
    }).pipe(Effect.provide(reports)))
})
