/** Schedules over an engine and a store in memory, which processes leave to one another: each a life, ended or frozen. */
import { Clock, Context, DateTime, Deferred, Duration, Effect, Exit, Layer, Option, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Workflow } from "effect/workflow"
import { CurrentConfig, type GliderConfig } from "../../src/Config.ts"
import { durationMillis } from "../../src/domain/DurationText.ts"
import type { CatchUp, OverlapPolicy } from "../../src/domain/Schedule.ts"
import type { ScheduleDefinition } from "../../src/domain/ScheduleDefinition.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import type { Journal } from "../../src/engine/Journal.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { type Listener, RunListener } from "../../src/engine/RunListener.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import * as Backfill from "../../src/schedules/Backfill.ts"
import { Backfills } from "../../src/schedules/Backfills.ts"
import * as BackfillTicks from "../../src/schedules/BackfillTicks.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { ScheduleChanges } from "../../src/schedules/ScheduleChanges.ts"
import { ScheduleMoves } from "../../src/schedules/ScheduleMoves.ts"
import { Ticks } from "../../src/schedules/Ticks.ts"
import { ProviderGate } from "../../src/services/ProviderGate.ts"
import { Conflict, StoreUnavailable, SurrealError } from "../../src/services/SurrealError.ts"
import { isOver } from "../../src/store/RunColumns.ts"
import { Runs } from "../../src/store/Runs.ts"
import { type ScheduleRow, Schedules, type ScheduleState } from "../../src/store/Schedules.ts"
import { TickLedger, tickOfRow } from "../../src/store/TickLedger.ts"
import type { TickRow, TickWrite } from "../../src/store/TickRows.ts"
import { body } from "../../src/workflow/Body.ts"
import * as DurableSleep from "../../src/workflow/DurableSleep.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import { configOf } from "../api/Served.ts"
import { schedulerDefaults } from "./EngineConfig.ts"
import { turn, until } from "./Turns.ts"

/** What the scheduled runs do: take so many seconds, and then fail, or take the same step again, if they are told to. */
export class JobFailed extends Schema.TaggedError<JobFailed>()("JobFailed", { message: Schema.String }) {}

const Job = Workflow.make("job", {
  payload: {
    seconds: Schema.Finite,
    fail: Schema.optionalKey(Schema.Boolean),
    twice: Schema.optionalKey(Schema.Boolean)
  },
  success: Schema.Void,
  error: JobFailed,
  idempotencyKey: ({ seconds }) => String(seconds)
})

const job = Job.toLayer(body(Effect.fnUntraced(function*({ fail, seconds, twice }) {
  const work = DurableSleep.sleep({ name: "work", duration: Duration.seconds(seconds) })
  if (seconds > 0) yield* work
  if (twice === true) yield* work
  if (fail === true) return yield* new JobFailed({ message: "it was asked to fail" })
})))

/** A schedule of the workflow `job`, which is over at once if nothing else is said. */
export const jobSchedule = (
  id: string,
  when: { readonly cron: string } | { readonly interval_seconds: number },
  more: Partial<ScheduleDefinition> & { readonly overlap_policy?: OverlapPolicy; readonly catch_up?: CatchUp } = {}
): ScheduleDefinition => ({
  project: "glider",
  id,
  workflow: "job",
  kind: "workflow",
  enabled: true,
  ...when,
  timezone: "UTC",
  dst: { gap: "auto", repeat: "auto" },
  jitter_seconds: 0,
  overlap_policy: "skip",
  catch_up: "latest",
  pause_on_failure: false,
  input: { seconds: 0 },
  ...more
})

/** A run as the journal has it. */
export interface RunSeen {
  readonly id: string
  readonly tick: string | undefined
  readonly state: string
  readonly startedAt: string
  readonly finishedAt: string | undefined
}

const iso = (millis: number) => DateTime.formatIso(DateTime.makeUnsafe(millis))

/** One process. */
export interface Life {
  readonly book: ScheduleBook["Service"]
  readonly ticks: Ticks["Service"]
  readonly scheduler: Scheduler["Service"]
  readonly control: RunControl["Service"]
  readonly changes: ScheduleChanges["Service"]
  readonly backfills: Backfills["Service"]
  readonly moves: ScheduleMoves["Service"]
  /** Waits until it has nothing left to do at this instant. */
  readonly quiet: Effect.Effect<void>
  /** Ends it as SIGTERM does. */
  readonly stop: Effect.Effect<void>
  /** Freezes it as `kill -9` does: it does nothing more. */
  readonly crash: Effect.Effect<void>
  readonly isDead: () => boolean
}

const quietTurns = 8

/** Where processes leave what is durable. */
export const make = Effect.sync(() => {
  const journal = JournalMemory.make()
  const rows = new Map<string, ScheduleRow>()
  const states = new Map<string, ScheduleState>()
  const ledger = new Map<string, TickRow>()
  /** How often an outcome was written for a tick that had one. */
  const again: Array<TickRow> = []
  let settled = 0
  let calls = 0
  let writes = 0
  let away = false
  /** How far the clock of the machine is behind. */
  let back = 0
  let file: ReadonlyArray<ScheduleDefinition> = []

  const keyOf = ({ nominal, project, schedule }: Pick<TickRow, "project" | "schedule" | "nominal">) =>
    `${project}/${schedule}/${nominal}`

  const apply = ({ state, ticks }: TickWrite) => {
    for (const tick of ticks) {
      const known = ledger.get(keyOf(tick))
      if (known !== undefined) again.push(tick)
      if (known === undefined || tick.outcome === "started") ledger.set(keyOf(tick), tick)
    }
    if (state !== undefined) states.set(`${state.project}/${state.id}`, state)
  }

  const apart = { reason: new StoreUnavailable({ message: "the store is away" }), operation: "test" }

  /** The process may come to its end at one of its writes, which the store has taken or not. */
  const begin = Effect.fnUntraced(function*(
    definitions?: ReadonlyArray<ScheduleDefinition>,
    { crash, project = "glider" }: {
      readonly project?: string
      readonly crash?: { readonly at: number; readonly applied: boolean }
    } = {}
  ) {
    if (definitions !== undefined) file = definitions
    const outer = yield* Clock.Clock
    const death = yield* Deferred.make<void>()
    const scope = yield* Scope.make()
    let written = 0
    const pulse = Effect.suspend(() => Deferred.isDoneUnsafe(death) ? Effect.never : Effect.void)
    const called = <A>(what: () => A): Effect.Effect<A, SurrealError> =>
      Effect.andThen(
        pulse,
        Effect.suspend(() => {
          calls++
          return away ? Effect.fail(new SurrealError(apart)) : Effect.sync(what)
        })
      )
    const writing = <A>(what: Effect.Effect<A, SurrealError>): Effect.Effect<A, SurrealError> =>
      Effect.andThen(
        pulse,
        Effect.suspend(() => {
          calls++
          if (away) return Effect.fail(new SurrealError(apart))
          if (++written !== crash?.at) return what
          const end = Effect.andThen(Deferred.succeed(death, undefined), Effect.never)
          return crash.applied ? Effect.andThen(what, end) : end
        })
      )
    const watched: Journal = {
      commit: (changes) =>
        writing(Effect.tap(journal.commit(changes), () =>
          Effect.sync(() => {
            for (const write of journal.settled.slice(settled)) apply(write)
            settled = journal.settled.length
          }))),
      rows: (ids) => Effect.andThen(called(() => undefined), journal.rows(ids)),
      load: (id) => Effect.andThen(called(() => undefined), journal.load(id)),
      unfinished: (workflow) => Effect.andThen(called(() => undefined), journal.unfinished(workflow))
    }
    const store = Layer.mergeAll(
      Layer.succeed(Schedules, {
        all: (project) => called(() => [...rows.values()].filter((row) => row.project === project)),
        states: (project) => called(() => [...states.values()].filter((state) => state.project === project)),
        put: (some) =>
          writing(Effect.sync(() => {
            writes++
            for (const row of some) rows.set(`${row.project}/${row.id}`, row)
          })),
        change: (row) =>
          writing(Effect.suspend(() => {
            if (rows.get(`${row.project}/${row.id}`)?.revision !== row.revision - 1) {
              return Effect.fail(
                new SurrealError({ operation: "test", reason: new Conflict({ message: "changed meanwhile" }) })
              )
            }
            rows.set(`${row.project}/${row.id}`, row)
            return Effect.void
          })),
        adopt: (some, itsStates) =>
          called(() => {
            for (const row of some) if (!rows.has(`${row.project}/${row.id}`)) rows.set(`${row.project}/${row.id}`, row)
            for (const state of itsStates) states.set(`${state.project}/${state.id}`, state)
          }),
        remove: (project, ids) =>
          writing(Effect.sync(() => {
            writes++
            for (const id of ids) {
              rows.delete(`${project}/${id}`)
              states.delete(`${project}/${id}`)
            }
          }))
      }),
      Layer.mock(TickLedger, {
        move: (from, to) =>
          called(() => {
            const own = [...ledger.values()].filter((tick) => tick.project === from)
            for (const tick of own) {
              ledger.delete(keyOf(tick))
              ledger.set(keyOf({ ...tick, project: to }), { ...tick, project: to })
            }
            return own.length
          }),
        record: (write) => writing(Effect.sync(() => apply(write))),
        read: ({ from, limit, project, schedule, to }) =>
          called(() =>
            ticksOf(schedule, project).filter(({ nominal }) => nominal >= from && nominal <= to).slice(0, limit).map(
              tickOfRow
            )
          )
      }),
      Layer.mock(Runs, {
        open: called(() =>
          [...journal.runs.values()].filter((row) => !isOver(row) && row.state !== "parked").map((
            { id, schedule, workflow }
          ) => ({ id, schedule, workflow }))
        )
      }),
      Layer.mock(ProviderGate, { shutUntil: () => Effect.succeedNone }),
      RunNews.layer,
      Layer.succeed(CurrentConfig, { ...plainConfig, project: { name: project } })
    )
    const listener = Layer.effect(
      RunListener,
      Effect.map(RunNews, ({ publish }) =>
        Option.some<Listener>({
          begun: (run) => Effect.asVoid(publish({ kind: "begun", run })),
          parked: (run) => Effect.asVoid(publish({ kind: "parked", run })),
          ended: (run) => Effect.asVoid(publish({ kind: "ended", run }))
        }))
    )
    const clock: Clock.Clock = {
      sleep: (duration: Duration.Duration) => Effect.andThen(outer.sleep(duration), pulse),
      currentTimeMillisUnsafe: () => outer.currentTimeMillisUnsafe() - back,
      currentTimeMillis: Effect.map(outer.currentTimeMillis, (now) => now - back),
      currentTimeNanosUnsafe: () => outer.currentTimeNanosUnsafe(),
      currentTimeNanos: outer.currentTimeNanos,
      monotonicTimeNanosUnsafe: () => outer.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: outer.monotonicTimeNanos
    }
    const definitionsNow = Effect.sync(() => file)
    const supervisor = Scheduler.layer(Effect.succeed({ definitions: definitionsNow, reread: definitionsNow }))
    const whole = Layer.mergeAll(supervisor, ScheduleChanges.layer, Backfills.layer, ScheduleMoves.layer).pipe(
      Layer.provideMerge(Layer.mergeAll(job, Layer.provide(Backfill.layer, BackfillTicks.layer))),
      Layer.provideMerge(Ticks.layer),
      Layer.provideMerge(ScheduleBook.layer),
      Layer.provideMerge(DurableEngine.layerMemory(watched)),
      Layer.provide(listener),
      Layer.provideMerge(store)
    )
    const context = yield* Layer.buildWithScope(whole, scope).pipe(Effect.provideService(Clock.Clock, clock))
    const quiet = Effect.suspend(() => {
      let [seen, turns] = [calls, 0]
      return until(() =>
        Effect.map(turn, () => {
          turns = seen !== calls ? 0 : turns + 1
          seen = calls
          return turns > quietTurns
        })
      )
    })
    yield* quiet
    const life: Life = {
      book: Context.get(context, ScheduleBook),
      ticks: Context.get(context, Ticks),
      scheduler: Context.get(context, Scheduler),
      control: Context.get(context, RunControl),
      changes: Context.get(context, ScheduleChanges),
      backfills: Context.get(context, Backfills),
      moves: Context.get(context, ScheduleMoves),
      quiet,
      stop: Effect.provideService(Scope.close(scope, Exit.void), Clock.Clock, clock),
      crash: Effect.asVoid(Deferred.succeed(death, undefined)),
      isDead: () => Deferred.isDoneUnsafe(death)
    }
    return life
  })

  const ticksOf = (schedule: string, project = "glider"): ReadonlyArray<TickRow> =>
    [...ledger.values()].filter((row) => row.schedule === schedule && row.project === project)
      .toSorted((one, other) => one.nominal - other.nominal)

  return {
    begin,
    /** What the config file says from now on. */
    write: (definitions: ReadonlyArray<ScheduleDefinition>) => {
      file = definitions
    },
    ticksOf,
    /** `12:00 started` for each tick, by its time of day. */
    outcomes: (schedule: string): ReadonlyArray<string> =>
      ticksOf(schedule).map(({ marks, nominal, outcome }) =>
        [iso(nominal).slice(11, 19), outcome, ...marks ?? []].join(" ")
      ),
    /** Outcomes written for ticks that had one. */
    again,
    runs: (schedule: string): ReadonlyArray<RunSeen> =>
      [...journal.runs.values()].filter((row) => row.schedule === `schedule-glider-${schedule}`)
        .toSorted((one, other) => one.startedAt - other.startedAt)
        .map(({ finishedAt, id, startedAt, state, tick }) => ({
          id,
          tick: tick === undefined ? undefined : iso(tick),
          state,
          startedAt: iso(startedAt),
          finishedAt: finishedAt === undefined ? undefined : iso(finishedAt)
        })),
    rows: (): ReadonlyArray<ScheduleRow> => [...rows.values()],
    put: (row: ScheduleRow) => rows.set(`${row.project}/${row.id}`, row),
    writes: () => writes,
    shiftClock: (millis: number) =>
      Effect.sync(() => {
        back -= millis
      }),
    setAway: (isAway: boolean) => {
      away = isAway
    }
  }
})

export type World = Effect.Success<typeof make>

/** Lets virtual time pass in steps, after each of which everything comes to rest. */
export const pass = Effect.fnUntraced(
  function*(life: Life, total: string, step = "10s") {
    const whole = Option.getOrThrow(durationMillis(total))
    const part = Option.getOrThrow(durationMillis(step))
    for (let passed = 0; passed < whole; passed += part) {
      yield* TestClock.adjust(Duration.millis(Math.min(part, whole - passed)))
      yield* life.quiet
    }
  }
)

const plainConfig: GliderConfig = { ...configOf({}), scheduler: schedulerDefaults }
