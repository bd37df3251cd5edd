import {
  Context,
  DateTime,
  Deferred,
  Duration,
  Effect,
  Layer,
  Option,
  PubSub,
  Random,
  type Scope,
  Semaphore
} from "effect"
import { CurrentConfig } from "../Config.ts"
import { statusOfState } from "../domain/Run.ts"
import { type InvalidInput, RunControl, type UnknownWorkflow } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { isOver, type RunRow } from "../store/RunColumns.ts"
import { Runs } from "../store/Runs.ts"
import { TickLedger } from "../store/TickLedger.ts"
import type { TickRow } from "../store/TickRows.ts"
import { RunNews } from "../workflows/RunNews.ts"
import * as Attending from "./Attending.ts"
import { superseded } from "./BufferedTick.ts"
import { endless } from "./Endless.ts"
import type { Entry } from "./Entry.ts"
import * as FailurePause from "./FailurePause.ts"
import { RunsAtWork } from "./RunsAtWork.ts"
import { ScheduleBook } from "./ScheduleBook.ts"
import type { Settings } from "./Settings.ts"
import * as TickStarts from "./TickStarts.ts"

/** What came of a run that somebody asked for by hand. */
export type Triggered =
  | { readonly _tag: "Started"; readonly run: string }
  /** The overlap policy allows none beside the run at work. */
  | { readonly _tag: "Skipped"; readonly atWork: string }
  /** It starts once the run at work is over. */
  | { readonly _tag: "Buffered"; readonly run: string; readonly atWork: string }

/** An outcome, as soon as it is durable. */
export interface TickNews {
  readonly schedule: string
  readonly ticks: ReadonlyArray<TickRow>
}

/** A run that holds nobody up any more, once schedules know of it: it is over, or parked. */
export interface RunEnd {
  readonly run: RunRow
}

/** How ticks become runs. One schedule is attended to by one at a time. */
export class Ticks extends Context.Service<Ticks, {
  readonly atWork: RunsAtWork
  /** Waits until the runs are known that an earlier process left behind. */
  readonly ready: Effect.Effect<void>
  /** Accounts for everything of the schedule that is due. */
  readonly attend: (entry: Entry, settings: Settings) => Effect.Effect<Attending.Attended, SurrealError>
  /** Runs it now, as its overlap policy allows. */
  readonly trigger: (
    entry: Entry,
    settings: Settings,
    run: Option.Option<string>
  ) => Effect.Effect<Triggered, InvalidInput | UnknownWorkflow | SurrealError>
  /** Does something with a schedule that nobody else touches meanwhile. */
  readonly alone: (entry: Entry) => <A, E, R>(act: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Settles a tick that waits for the end of a run, for its schedule is gone. */
  readonly abandon: (entry: Entry) => Effect.Effect<void>
  readonly starts: TickStarts.TickStarts
  readonly ends: Effect.Effect<PubSub.Subscription<RunEnd>, never, Scope.Scope>
  readonly news: Effect.Effect<PubSub.Subscription<TickNews>, never, Scope.Scope>
}>()("glider/schedules/Ticks") {
  static readonly layer = Layer.effect(Ticks, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const book = yield* ScheduleBook
  const control = yield* RunControl
  const gate = yield* ProviderGate
  const ledger = yield* TickLedger
  const runNews = yield* RunNews
  const runs = yield* Runs
  const atWork = new RunsAtWork()
  const ends = yield* PubSub.unbounded<RunEnd>()
  const news = yield* PubSub.unbounded<TickNews>()
  const scope = yield* Effect.scope
  const locks = new Map<Entry, { readonly lock: Semaphore.Semaphore; users: number }>()

  const alone = (entry: Entry) => <A, E, R>(act: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const held = locks.get(entry) ?? { lock: Semaphore.makeUnsafe(1), users: 0 }
      held.users++
      locks.set(entry, held)
      const release = Effect.sync(() => {
        if (--held.users === 0) locks.delete(entry)
      })
      return Effect.ensuring(held.lock.withPermits(1)(act), release)
    })

  const parts: TickStarts.Parts = {
    atWork,
    control,
    ledger,
    settled: (entry, ticks) => PubSub.publish(news, { schedule: entry.scheduleId, ticks })
  }
  const starts = TickStarts.make(parts)

  /** A run of `schedule_backfill`, whose start takes the cursor past the ticks that it runs. */
  const catchUp = Effect.fnUntraced(function*(entry: Entry, ticks: ReadonlyArray<TickStarts.Due>) {
    const [first] = ticks
    const last = ticks.at(-1)
    if (first === undefined || last === undefined) return
    const state = { ...entry.state, cursor: Math.max(entry.state.cursor, last.nominal) }
    const payload = { schedule: entry.id, from: first.nominal, to: last.nominal, mark: "caught_up" }
    const [begin, end] = [first, last].map(({ nominal }) => DateTime.formatIso(DateTime.makeUnsafe(nominal)))
    const id = `${entry.scheduleId}~catch-up@${begin}-${end}`
    const { id: schedule, project } = entry.row
    const at = (yield* DateTime.now).epochMilliseconds
    // until their runs start, and if that run comes to an early end
    const rows = ticks.map((tick): TickRow => ({
      project,
      schedule,
      at,
      ...tick,
      outcome: "missed",
      reason: `Glider was not there at the time; ${id} catches up`
    }))
    yield* control.start("schedule_backfill", payload, Option.some(id)).pipe(
      Effect.provideService(RunOptions, {
        ...RunOptions.defaultValue(),
        trigger: "schedule",
        settles: { ticks: rows, state }
      }),
      Effect.catchTags({ InvalidInput: Effect.die, UnknownWorkflow: Effect.die }) // it is ours
    )
    entry.state = state
  })

  const { scheduler: { ledger: kept } } = yield* CurrentConfig
  const attending = Attending.make({
    ...parts,
    starts,
    catchUp,
    shutUntil: gate.shutUntil,
    kept: Duration.toMillis(kept)
  })

  const trigger = Effect.fn("Ticks.trigger")(function*(entry: Entry, settings: Settings, given: Option.Option<string>) {
    const run = Option.isSome(given) ? given.value : yield* randomId(entry)
    const { definition } = settings
    const busy = atWork.of(entry)
    if (Option.isNone(busy) || definition.overlap_policy === "allow") {
      yield* starts.startByHand(entry, definition, run)
      return { _tag: "Started", run } satisfies Triggered
    }
    const waits = definition.overlap_policy === "cancel_other" ||
      (definition.overlap_policy === "buffer_one" && entry.state.buffered === undefined)
    if (!waits) return { _tag: "Skipped", atWork: busy.value } satisfies Triggered
    const now = yield* DateTime.now
    const at = now.epochMilliseconds
    yield* starts.record(entry, superseded(entry), { buffered: { nominal: at, effective: at, run } }, true)
    if (definition.overlap_policy === "cancel_other") yield* attending.cancelAll(entry)
    return { _tag: "Buffered", run, atWork: busy.value } satisfies Triggered
  })

  const abandon = Effect.fnUntraced(
    function*(entry: Entry) {
      const { buffered } = entry.state
      if (buffered === undefined) return
      const { effective, nominal, run } = buffered
      const reason = "the schedule was deleted while it waited for the end of a run"
      const gone = { nominal, effective, outcome: "disabled" as const, reason }
      yield* starts.record(entry, typeof run === "string" ? [] : [gone], { buffered: undefined })
    },
    Effect.retry(RetryPolicy.recovery),
    Effect.catch(({ message }) => Effect.logError(`a tick that waited could not be settled: ${message}`))
  )

  /** The list of schedules says how their newest runs stand. */
  const tell = Effect.fnUntraced(function*({ id, schedule, state }: RunRow) {
    const entry = schedule === undefined ? Option.none() : yield* Effect.option(book.get(schedule))
    if (Option.isSome(entry)) entry.value.lastStatus = { run: id, status: statusOfState(state) }
  })

  const pauseFor = FailurePause.make(book)
  const items = yield* runNews.subscribe
  const follow = Effect.gen(function*() {
    const { kind, run } = yield* PubSub.take(items)
    yield* tell(run)
    if (kind === "begun") {
      if (!isOver(run)) atWork.begun(run)
      return
    }
    // one that is parked waits for people, and its schedule does not wait with it
    atWork.ended(run.id)
    // a store that is away holds nobody else up
    yield* Effect.forkIn(pauseFor(run), scope, { startImmediately: true })
    yield* PubSub.publish(ends, { run })
  })
  const known = yield* Deferred.make<void>()
  const leftBehind = Effect.retry(runs.open, RetryPolicy.recovery).pipe(
    Effect.map((found) => {
      for (const run of found) atWork.begun(run)
    }),
    Effect.catch(({ message }) => Effect.logError(`runs at work are not known: ${message}`)),
    Effect.andThen(Deferred.succeed(known, undefined))
  )
  // in this order: an end that is told meanwhile is heard after the run is known
  yield* Effect.forkScoped(Effect.andThen(leftBehind, endless("what follows the ends of runs", follow)))
  const ready = Deferred.await(known)

  return Ticks.of({
    atWork,
    attend: (entry, settings) => alone(entry)(attending.attend(entry, settings)),
    trigger: (entry, settings, run) => Effect.andThen(ready, alone(entry)(trigger(entry, settings, run))),
    abandon: (entry) => alone(entry)(abandon(entry)),
    ready,
    alone,
    starts,
    ends: PubSub.subscribe(ends),
    news: PubSub.subscribe(news)
  })
})

/** The id of a run by hand. */
const randomId = ({ row: { id, project } }: Entry): Effect.Effect<string> =>
  Effect.map(
    Effect.replicateEffect(Random.nextIntBetween(0, 0x100000000, { halfOpen: true }), 3),
    (parts) => `${project}.${id}-${parts.map((part) => part.toString(16).padStart(8, "0")).join("")}`
  )
