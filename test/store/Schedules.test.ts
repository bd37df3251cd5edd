import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { noOverride, type Override } from "../../src/domain/Schedule.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { type ScheduleRow, Schedules, type ScheduleState } from "../../src/store/Schedules.ts"
import { TickLedger } from "../../src/store/TickLedger.ts"
import type { TickRow } from "../../src/store/TickRows.ts"
import { storeTest } from "../support/StoreTest.ts"

const row = (project: string, id: string, more: Partial<ScheduleRow> = {}): ScheduleRow => ({
  project,
  id,
  definition: `{"id":"${id}"}`,
  override: noOverride,
  deleted: false,
  revision: 1,
  since: 1000,
  ...more
})

const state = (project: string, id: string, more: Partial<ScheduleState> = {}): ScheduleState => ({
  project,
  id,
  cursor: 5000,
  runs: 2,
  buffered: undefined,
  lastRun: "r",
  lastStart: 4000,
  ...more
})

const tick = (project: string, schedule: string, nominal: number, more: Partial<TickRow> = {}): TickRow => ({
  project,
  schedule,
  nominal,
  effective: nominal + 5,
  outcome: "missed",
  at: nominal + 10,
  ...more
})

const whole = { from: 0, to: 1e15, limit: 100 }

const override: Override = {
  enabled: Option.some(false),
  cron: Option.some("@daily"),
  pause: Option.some({
    by: "person",
    note: Option.some("it's \"away\""),
    since: DateTime.makeUnsafe(1),
    until: Option.none()
  })
}

layer(Layer.mergeAll(Schedules.layer, TickLedger.layer).pipe(Layer.provideMerge(storeTest)))(
  "store/Schedules",
  (it) => {
    it.effect("keeps what it is given, apart for each project, also one whose name begins as another's", () =>
      Effect.gen(function*() {
        const store = yield* Schedules
        const rows = [row("foo", "bar-x"), row("foo", "a.b'c", { override, deleted: true })]
        yield* store.put(rows)
        yield* store.put([row("foo-bar", "x")])
        assert.deepStrictEqual(yield* store.all("foo"), rows.toSorted((one, other) => one.id < other.id ? -1 : 1))
        assert.deepStrictEqual(yield* store.all("fo"), [])
        yield* store.remove("foo", ["bar-x", "a.b'c"])
        assert.deepStrictEqual(yield* store.all("foo"), [])
        assert.lengthOf(yield* store.all("foo-bar"), 1)
      }))

    it.effect("gives very many, of one project, and each of them although others go while they are read", () =>
      Effect.gen(function*() {
        const surreal = yield* Surreal
        const store = yield* Schedules
        const all = Array.from({ length: 4200 }, (_, at) => String(at).padStart(5, "0"))
        for (const project of ["many", "zoo"]) yield* store.put(all.map((id) => row(project, id)))
        const known = (rows: ReadonlyArray<ScheduleRow>) => rows.map(({ id }) => id)
        assert.deepStrictEqual(known(yield* store.all("many")), all)

        let reads = 0
        const disturbed = Layer.succeed(Surreal, {
          ...surreal,
          query: (schema, sql, vars) =>
            Effect.suspend(() => {
              reads++
              const gone = reads === 2 ? surreal.execute("DELETE schedule:['many', '00007']") : Effect.void
              return Effect.andThen(gone, surreal.query(schema, sql, vars))
            })
        })
        const { all: allNow } = yield* Effect.provide(Schedules, Layer.provide(Layer.fresh(Schedules.layer), disturbed))
        assert.deepStrictEqual(known(yield* allNow("many")), all.filter((id) => id !== "00007"))
        assert.isAbove(reads, 5)
        yield* surreal.execute("DELETE schedule")
      }))

    it.effect("a change is made from the revision before alone", () =>
      Effect.gen(function*() {
        const store = yield* Schedules
        yield* store.put([row("rev", "a")])
        yield* store.change(row("rev", "a", { override, revision: 2 }))
        const late = yield* Effect.flip(store.change(row("rev", "a", { revision: 2 })))
        assert.strictEqual(late.reason._tag, "Conflict")
        assert.deepStrictEqual(yield* store.all("rev"), [row("rev", "a", { override, revision: 2 })])
      }))

    it.effect("of many changes at the same time from one revision, one is made", () =>
      Effect.gen(function*() {
        const store = yield* Schedules
        yield* store.put([row("race", "a")])
        const done = yield* Effect.forEach(
          Array.from({ length: 50 }, (_, at) => at),
          (since) => Effect.isSuccess(store.change(row("race", "a", { since, revision: 2 }))),
          { concurrency: "unbounded" }
        )
        assert.lengthOf(done.filter((made) => made), 1)
        assert.strictEqual((yield* store.all("race"))[0]?.since, done.indexOf(true))
      }))

    it.effect("an outcome and the state that it leaves are one, the first outcome stays, and a start goes before it", () =>
      Effect.gen(function*() {
        const store = yield* Schedules
        const ledger = yield* TickLedger
        const buffered = { nominal: 7, effective: 8, run: undefined }
        yield* ledger.record({
          ticks: [tick("l", "a", 100), tick("l", "a", 200)],
          state: state("l", "a", { buffered })
        })
        yield* ledger.record({ ticks: [tick("l", "a", 200, { outcome: "paused" })], state: state("l", "a") })
        yield* ledger.record({
          ticks: [tick("l", "a", 100, { outcome: "started", run: "run", marks: ["backfilled"] })],
          state: undefined
        })
        const ticks = yield* ledger.read({ project: "l", schedule: "a", ...whole })
        assert.deepStrictEqual(
          ticks.map((
            { marks, nominal, outcome, run }
          ) => [nominal.epochMilliseconds, outcome, Option.getOrNull(run), ...marks]),
          [[100, "started", "run", "backfilled"], [200, "missed", null]]
        )
        assert.deepStrictEqual(yield* store.states("l"), [state("l", "a")])
      }))

    it.effect("reads a stretch of one schedule, both ends included, and counts those of a project", () =>
      Effect.gen(function*() {
        const ledger = yield* TickLedger
        for (const schedule of ["a", "a-b", "b"]) {
          yield* ledger.record({ ticks: [1, 2, 3, 4].map((at) => tick("s", schedule, at * 100)), state: undefined })
        }
        const read = yield* ledger.read({ project: "s", schedule: "a", from: 200, to: 300, limit: 10 })
        assert.deepStrictEqual(read.map(({ nominal }) => nominal.epochMilliseconds), [200, 300])
        assert.lengthOf(yield* ledger.read({ project: "s", schedule: "a", from: 0, to: 1e15, limit: 3 }), 3)
        assert.strictEqual(yield* ledger.count("s"), 12)
        assert.strictEqual(yield* ledger.count("nobody"), 0)
      }))

    it.effect("a project that is renamed takes its schedules, states and ledger along, and keeps what it has", () =>
      Effect.gen(function*() {
        const store = yield* Schedules
        const ledger = yield* TickLedger
        yield* store.put([row("old", "a", { override }), row("new", "a")])
        yield* ledger.record({
          ticks: Array.from({ length: 1500 }, (_, at) => tick("old", "a", at)),
          state: state("old", "a")
        })
        yield* store.adopt([row("new", "a", { override }), row("new", "b")], yield* store.states("old"))
        assert.strictEqual(yield* ledger.move("old", "new"), 1500)
        assert.deepStrictEqual((yield* store.all("new")).map(({ id, override }) => [id, override === noOverride]), [
          ["a", true],
          ["b", true]
        ])
        assert.strictEqual(yield* ledger.count("new"), 1500)
        assert.strictEqual(yield* ledger.count("old"), 0)
      }))
  }
)
