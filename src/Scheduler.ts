import { Clock, Context, DateTime, Deferred, Duration, Effect, Layer, Option, PubSub, Schema } from "effect"
import type { ConfigFileError } from "./config/Mistake.ts"
import { pausedAt } from "./domain/Schedule.ts"
import type { ScheduleDefinition } from "./domain/ScheduleDefinition.ts"
import { TaskName } from "./domain/Task.ts"
import { storeAtStart } from "./RetryPolicy.ts"
import { endless } from "./schedules/Endless.ts"
import type { Entry } from "./schedules/Entry.ts"
import type { Plan } from "./schedules/Plan.ts"
import { ScheduleBook } from "./schedules/ScheduleBook.ts"
import * as ScheduleMetrics from "./schedules/ScheduleMetrics.ts"
import * as Supervision from "./schedules/Supervision.ts"
import { Ticks } from "./schedules/Ticks.ts"
import type { SurrealError } from "./services/SurrealError.ts"
import { whileReloading } from "./services/SystemdNotify.ts"

/** What a reload of the config changed, by the ids of schedules. */
export interface Reloaded {
  readonly started: ReadonlyArray<string>
  readonly stopped: ReadonlyArray<string>
  readonly changed: ReadonlyArray<string>
  /** Those whose overrides ended. */
  readonly reverted: ReadonlyArray<string>
}

/** What the supervisor needs to know of the config. */
export interface Supervised {
  /** The schedules of the config in force. */
  readonly definitions: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
  /** Reads the config file again. */
  readonly reread: Effect.Effect<ReadonlyArray<ScheduleDefinition>, ConfigFileError>
}

/**
 * The supervisor: it starts the runs of every schedule at their time, a fiber for each that is due, and accounts for
 * every tick. Nothing that happens in a run ends it or touches a neighbour.
 */
export class Scheduler extends Context.Service<Scheduler, {
  /** When the supervisor starts a schedule's next run; none while it runs, and when there is no next one. */
  readonly nextStart: (id: string) => Effect.Effect<Option.Option<DateTime.Utc>>
  /** Reads the config file again and takes over what changed; runs under way end as they began. */
  readonly reload: Effect.Effect<Reloaded, ConfigFileError | SurrealError>
  /** Waits until it supervises what the config says, or has said why it cannot. */
  readonly begun: Effect.Effect<void>
  /** Waits until its loop has come round, which a loop that lives does at once. */
  readonly round: Effect.Effect<void>
}>()("glider/Scheduler") {
  /** Supervises until the scope closes; runs under way belong to the engine. */
  static readonly layer = <R>(supervised: Effect.Effect<Supervised, never, R>) =>
    Layer.effect(Scheduler, Effect.flatMap(supervised, supervise))

  /** For commands that start no daemon: nothing is scheduled. */
  static readonly layerIdle: Layer.Layer<Scheduler> = Layer.succeed(Scheduler, {
    nextStart: () => Effect.succeedNone,
    reload: Effect.succeed({ started: [], stopped: [], changed: [], reverted: [] }),
    begun: Effect.void,
    round: Effect.void
  })
}

/** How often config and store are compared besides; overrides stay. */
const driftCheck = Duration.minutes(5)

const isTask = Schema.is(TaskName)

const idsOf = ({ changes }: Plan, kind: Plan["changes"][number]["kind"]): ReadonlyArray<string> =>
  changes.flatMap((change) => change.kind === kind ? [change.id] : [])

const told = (plan: Plan) =>
  Effect.logInfo("schedules reconciled").pipe(Effect.annotateLogs({
    created: idsOf(plan, "create").length,
    updated: idsOf(plan, "update").length,
    deleted: idsOf(plan, "delete").length,
    unchanged: plan.unchanged
  }))

const supervise = Effect.fnUntraced(function*({ definitions, reread }: Supervised) {
  const book = yield* ScheduleBook
  const ticks = yield* Ticks
  // before anything can be missed
  const changes = yield* book.changes
  const ends = yield* ticks.ends
  const supervision = yield* Supervision.make
  const hasBegun = yield* Deferred.make<void>()

  /** Takes over what the book says: of all schedules, or of some. */
  const takeOver = Effect.fnUntraced(function*(ids: Option.Option<ReadonlySet<string>>) {
    const entries = new Set(yield* book.entries)
    for (const entry of supervision.known) if (!entries.has(entry)) yield* supervision.forget(entry)
    for (const entry of entries) {
      if (Option.match(ids, { onNone: () => true, onSome: (some) => some.has(entry.id) })) {
        yield* supervision.update(entry)
      }
    }
    const now = yield* Clock.currentTimeMillis
    yield* ScheduleMetrics.setSchedules(book.project, countsOf(entries, now))
  })

  const begin = Effect.gen(function*() {
    yield* Effect.logInfo("schedules are being reconciled")
    const wanted = yield* definitions
    const reconciled = Effect.tapError(
      book.reconcile(wanted, { reload: false }),
      ({ message }) => Effect.logWarning(`schedules are not reconciled yet: ${message}`)
    )
    yield* told(yield* Effect.retry(reconciled, storeAtStart))
    yield* ticks.ready
    yield* takeOver(Option.none())
  }).pipe(
    Effect.catch(({ message }) =>
      Effect.andThen(book.failed(message), Effect.logError(`schedules could not be reconciled: ${message}`))
    ),
    Effect.ensuring(Deferred.succeed(hasBegun, undefined))
  )

  const check = Effect.gen(function*() {
    const plan = yield* book.reconcile(yield* definitions, { reload: false })
    yield* ticks.ready
    if (plan.changes.length > 0) yield* told(plan)
    const entries = yield* book.entries
    if (entries.some((entry) => !supervision.known.has(entry))) yield* takeOver(Option.none())
  }).pipe(Effect.catch(({ message }) => Effect.logWarning(`schedules could not be compared: ${message}`)))

  const changed = Effect.gen(function*() {
    const ids = yield* PubSub.takeBetween(changes, 1, Infinity)
    yield* takeOver(Option.some(new Set(ids.flat())))
  })

  const ended = Effect.gen(function*() {
    const { run } = yield* PubSub.take(ends)
    const at = run.finishedAt ?? (yield* Clock.currentTimeMillis)
    // a sync's schedule bears the name of its task, and waits for the runs by hand, too
    const own = isTask(run.workflow) ? [run.workflow] : []
    for (const id of new Set([...own, ...run.schedule === undefined ? [] : [run.schedule]])) {
      const entry = yield* Effect.option(book.get(id))
      if (Option.isSome(entry)) supervision.runEnded(entry.value, at)
    }
  })

  yield* Effect.forkScoped(Effect.andThen(begin, endless("the supervisor", Effect.delay(check, driftCheck))))
  // nothing starts before the runs are known that are at work already
  yield* Effect.forkScoped(Effect.andThen(ticks.ready, endless("the supervisor", changed)))
  yield* Effect.forkScoped(endless("the supervisor", ended))

  const reload = Effect.gen(function*() {
    const plan = yield* book.reconcile(yield* reread, { reload: true })
    const reloaded: Reloaded = {
      started: idsOf(plan, "create"),
      stopped: idsOf(plan, "delete"),
      changed: idsOf(plan, "update"),
      reverted: plan.reverted
    }
    yield* Effect.logInfo("config reloaded").pipe(Effect.annotateLogs({
      started: reloaded.started,
      stopped: reloaded.stopped,
      changed: reloaded.changed,
      reverted: reloaded.reverted
    }))
    return reloaded
  }).pipe(whileReloading)

  const nextStart = Effect.fnUntraced(function*(id: string) {
    const entry = yield* Effect.option(book.get(id))
    if (Option.isNone(entry) || entry.value.busy || entry.value.due === undefined) return Option.none()
    return Option.some(DateTime.makeUnsafe(entry.value.due))
  })

  return Scheduler.of({ nextStart, reload, begun: Deferred.await(hasBegun), round: supervision.round })
})

const countsOf = (entries: ReadonlySet<Entry>, now: number) => {
  const counts = { active: 0, paused: 0, override: 0 }
  for (const { row: { override } } of entries) {
    const { cron, enabled } = override
    if (pausedAt(override, now)) counts.paused++
    else counts.active++
    if (Option.isSome(cron) || Option.isSome(enabled)) counts.override++
  }
  return counts
}
