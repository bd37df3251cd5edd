import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
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
import { memoryStoreTest } from "../support/StoreTest.ts"
import { tasks } from "../support/World.ts"
import {
  at,
  days,
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
      query: (result, sql, vars) => {
        asked.push({ sql, vars })
        return surreal.query(result, sql, vars)
      }
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

/** Tables that hold a handful of rows whatever the person does. */
const isSmall = (sql: string): boolean => /FROM connection\b/.test(sql)

it.effect("every query for the pages of a person's days goes by an index or a range of ids", () =>
  Effect.gen(function*() {
    yield* signedIn
    yield* stored(plays, play("a", "2026-03-10T18:00:00Z"))
    yield* stored(events, event("1", { start: at("2026-03-10T18:00:00Z"), end: at("2026-03-10T19:00:00Z") }))
    yield* stored(ringTable("heartrate"), sample("2026-03-10T18:00:00Z", 60))
    asked.length = 0
    const week = days("2026-03-09", "2026-03-15")
    yield* (yield* Calendar).between(week)
    yield* (yield* Listening).sessions(week, 600_000)
    yield* (yield* HeartRates).between(week, 300)
    yield* (yield* Body).days(week)
    yield* (yield* Body).nights(week)
    yield* (yield* Recorded).between(week, [tasks.spotify, tasks.google_calendar])
    yield* (yield* Totals).between(days("2026-01-01", "2026-12-31"))
    for (const  of of["artists", "tracks", "albums"] as const) {
      yield* (yield* Tops).between(week, { of, by: "plays", limit: 10 })
    }
    yield* (yield* Summary).between(week)
    yield* (yield* Search).find("a", 10)
    const surreal = yield* Surreal
    const reads = asked.slice()
    assert.isAbove(reads.length, 20)
    for (const { sql, vars } of reads) {
      if (!/^\s*SELECT/i.test(sql) || isSmall(sql)) continue
      const plan = yield* surreal.query(Step, `EXPLAIN FORMAT JSON ${sql}`, vars)
      const steps = stepsOf(plan)
      const operators = steps.map(({ operator }) => operator)
      assert.notInclude(operators, "TableScan", `${sql}\n${operators.join(" <- ")}`)
    }
  }).pipe(Effect.provide(recordsOver(watched))))
