import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Option, Result, Schema } from "effect"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { parse } from "../../src/domain/RunQuery.ts"
import { Body } from "../../src/records/Body.ts"
import { Calendar } from "../../src/records/Calendar.ts"
import { HeartRates } from "../../src/records/HeartRates.ts"
import { Listening } from "../../src/records/Listening.ts"
import { Recorded } from "../../src/records/Recorded.ts"
import { Search } from "../../src/records/Search.ts"
import { Summary } from "../../src/records/Summary.ts"
import { Tops } from "../../src/records/Tops.ts"
import { Totals } from "../../src/records/Totals.ts"
import { type Statement, Surreal } from "../../src/services/Surreal.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Runs } from "../../src/store/Runs.ts"
import { Schedules } from "../../src/store/Schedules.ts"
import { TickLedger } from "../../src/store/TickLedger.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { tasks } from "../support/World.ts"
import {
  at,
  days,
  document,
  event,
  events,
  play,
  plays,
  recordsOver,
  ringTable,
  sample,
  signedIn,
  stored
} from "./RecordsWorld.ts"

const asked: Array<Statement> = []

/** The store, which writes down what is read of it. */
const watched = Layer.effectContext(Effect.map(Surreal, (surreal) =>
  Context.make(
    Surreal,
    Surreal.of({
      ...surreal,
      query: (result, sql, vars) =>
        Effect.suspend(() => {
          asked.push({ sql, vars })
          return surreal.query(result, sql, vars)
        })
    })
  ))).pipe(Layer.provideMerge(memoryStoreTest))

interface Step {
  readonly operator: string
  readonly attributes?: { readonly [name: string]: unknown } | undefined
  readonly children?: ReadonlyArray<Step> | undefined
}

const Step = Schema.Struct({
  operator: Schema.String,
  attributes: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  children: Schema.optionalKey(Schema.Array(Schema.suspend((): Schema.Codec<Step> => Step)))
})

const stepsOf = (step: Step): ReadonlyArray<Step> => [step, ...(step.children ?? []).flatMap(stepsOf)]

/** The queries in a statement: itself, or those in brackets of one that puts several together. */
const selectsOf = (sql: string): ReadonlyArray<string> => {
  if (/^\s*SELECT/i.test(sql)) return [sql]
  const found: Array<string> = []
  for (let at = sql.indexOf("(SELECT"); at !== -1; at = sql.indexOf("(SELECT", at)) {
    let end = at + 1
    for (let depth = 1; depth > 0 && end < sql.length; end++) {
      depth += Number(sql[end] === "(") - Number(sql[end] === ")")
    }
    found.push(sql.slice(at + 1, end - 1))
    at = end
  }
  return found
}

const textOf = (value: unknown): string => typeof value === "string" ? value : ""

/** Whether what begins a plan reads by an index, by ids, or by a range of ids. */
const isBounded = ({ attributes = {}, operator }: Step): boolean => {
  switch (operator) {
    case "IndexScan":
      return textOf(attributes["access"]) !== ""
    case "CountScan":
      return textOf(attributes["source"]).includes("..")
    case "RecordIdScan":
    case "SourceExpr":
      return true
    default:
      return false
  }
}

/** What may be read as a whole, and why. */
const excused: ReadonlyArray<readonly [query: RegExp, why: string]> = [
  [
    /FROM (schedule|schedule_state) LIMIT/,
    "a row for each schedule of the config, which are read at the start and by pages"
  ],
  [/^SELECT count\(\) FROM (dead_letter|quarantine) GROUP ALL$/, "the engine counts keys, and reads no row"]
]

/** The queries of a statement that go neither by an index nor by ids, with how they are read. */
const unboundedOf = Effect.fnUntraced(function*({ sql, vars }: Statement) {
  const surreal = yield* Surreal
  const plans = yield* Effect.forEach(
    selectsOf(sql),
    (select) =>
      Effect.map(surreal.query(Step, `EXPLAIN FORMAT JSON ${select}`, vars), (plan) => ({
        select,
        begins: stepsOf(plan).filter(({ children = [] }) => children.length === 0)
      }))
  )
  return plans.flatMap(({ begins, select }) =>
    begins.filter((step) => !isBounded(step)).map(({ operator }) => `${operator}: ${select}`)
  )
})

/** Those that nothing excuses. */
const inexcusable = Effect.fnUntraced(function*(statements: ReadonlyArray<Statement>) {
  const found = yield* Effect.forEach(statements, unboundedOf)
  return found.flat().filter((text) => !excused.some(([query]) => query.test(text.slice(text.indexOf(": ") + 2))))
})

const store = Layer.mergeAll(DeadLetters.layer, Runs.layer, Schedules.layer, TickLedger.layer).pipe(
  Layer.provideMerge(recordsOver(watched))
)

it.effect("a query that reads a whole table is told, also within another", () =>
  Effect.gen(function*() {
    const scan = "SELECT * FROM spotify_listening_history WHERE track_name = 'a'"
    const statements = [
      { sql: scan },
      { sql: `RETURN array::flatten([(${scan}), (SELECT * FROM run WITH INDEX run_by_state WHERE state = 'failed')])` },
      { sql: "SELECT name FROM (SELECT * FROM run ORDER BY recency LIMIT 3)" },
      { sql: "SELECT count() FROM run GROUP ALL" }
    ]
    assert.deepStrictEqual(
      (yield* inexcusable(statements)).map((text) => text.slice(0, text.indexOf(":"))),
      ["TableScan", "TableScan", "TableScan", "CountScan"]
    )
  }).pipe(Effect.provide(store)))

it.effect("every query for the pages of a person's days goes by an index or a range of ids", () =>
  Effect.gen(function*() {
    const start = at("2026-03-10T18:00:00Z")
    const ring = { start_datetime: start, start_datetime_local: "2026-03-10T19:00:00+01:00" }
    yield* signedIn
    yield* stored(
      plays,
      play("Harbour", "2026-03-10T18:00:00Z", { artists: ["Harbour"] }),
      play("b", "2026-03-10T18:05:00Z")
    )
    yield* stored(
      events,
      event("1", { summary: "Harbour", start, end: at("2026-03-10T19:00:00Z") }),
      event("2", { summary: "The harbour", start, end: at("2026-06-10T19:00:00Z") }),
      event("3", { all_day: true, start_date: "2026-03-10", end_date: "2026-03-12" })
    )
    yield* stored(ringTable("heartrate"), sample("2026-03-10T18:00:00Z", 60))
    yield* stored(ringTable("workout"), document("w", "2026-03-10", { activity: "sailing", label: "Harbour", ...ring }))
    yield* stored(ringTable("session"), document("s", "2026-03-10", { type: "harbour", ...ring }))
    asked.length = 0
    const week = days("2026-03-09", "2026-03-15")
    yield* (yield* Calendar).between(week)
    yield* (yield* Listening).sessions(week, 600_000)
    yield* (yield* HeartRates).between(week, 300)
    yield* (yield* HeartRates).between(week, 0)
    yield* (yield* Body).days(week)
    yield* (yield* Body).nights(week)
    yield* (yield* Recorded).between(week, { tasks: [tasks.spotify, tasks.google_calendar, tasks.oura] })
    yield* (yield* Totals).between(days("2026-01-01", "2026-12-31"))
    for (const  of of["artists", "tracks", "albums"] as const) {
      yield* (yield* Tops).between(week, { of, by: "plays", limit: 10 })
    }
    yield* (yield* Summary).between(week)
    const { found } = yield* (yield* Search).find("harb", 10)
    assert.deepStrictEqual(found.map(({ _tag }) => _tag).toSorted(), [
      "Activity",
      "Activity",
      "Artist",
      "Event",
      "Event",
      "Track"
    ])
    const reads = asked.slice()
    assert.isAbove(reads.length, 30)
    assert.deepStrictEqual(yield* inexcusable(reads), [])
  }).pipe(Effect.provide(store)))

/** What the overview, the list of runs and the page of a schedule search for. */
const searches = [
  "workflow in (spotify, oura)",
  "workflow = spotify and status = failed",
  "status in (failed, partial) and started > -24h",
  "schedule = 'glider.spotify'",
  "trigger = schedule",
  "attr_city = 'Berlin'"
]

it.effect("every query for the pages of the machine goes by an index or a range of ids, or is excused by name", () =>
  Effect.gen(function*() {
    asked.length = 0
    const runs = yield* Runs
    for (const query of [Option.none(), ...searches.map((text) => Option.some(Result.getOrThrow(parse(text))))]) {
      for (const after of [Option.none(), Option.some(1)]) yield* runs.list({ query, after, limit: 50 })
    }
    yield* runs.get("a")
    yield* runs.history("a")
    yield* runs.newest(["spotify", "oura"])
    yield* runs.lastEnds("spotify")
    yield* runs.open
    yield* runs.statuses(["a"])
    yield* runs.counts(10)
    yield* runs.unfinished(10)
    const letters = yield* DeadLetters
    yield* letters.count
    yield* letters.get("run:a")
    for (const kind of [Option.none(), Option.some("run" as const), Option.some("record" as const)]) {
      yield* letters.matching({ ...anyDeadLetter, kind }, 10)
      const after = Option.some({ at: 1, id: "run:a" })
      yield* letters.list({ filter: { ...anyDeadLetter, kind }, after, limit: 10 })
    }
    yield* (yield* Schedules).all("glider")
    yield* (yield* Schedules).states("glider")
    const ledger = yield* TickLedger
    yield* ledger.read({ project: "glider", schedule: "spotify", from: 0, to: 1, limit: 10 })
    yield* ledger.count("glider")
    const reads = asked.slice()
    assert.isAbove(reads.length, 30)
    assert.deepStrictEqual(yield* inexcusable(reads), [])
    // whoever mends what is excused takes it from the list
    const whole = (yield* Effect.forEach(reads, unboundedOf)).flat()
    for (const [query] of excused) {
      assert.isTrue(whole.some((text) => query.test(text.slice(text.indexOf(": ") + 2))), String(query))
    }
  }).pipe(Effect.provide(store)))
