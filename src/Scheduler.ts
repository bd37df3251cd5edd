import {
  Cause,
  Clock,
  Context,
  DateTime,
  Duration,
  Effect,
  Exit,
  Fiber,
  FiberMap,
  Layer,
  Option,
  Queue,
  Scope
} from "effect"
import type { Task } from "./Config.ts"
import type { ConfigFileError } from "./config/Mistake.ts"
import type { Provider } from "./domain/Provider.ts"
import { type TaskName, taskProvider } from "./domain/Task.ts"
import type { RunOutcome } from "./workflows/SyncRunner.ts"

/** What a reload of the config changed. */
export interface Reloaded {
  readonly started: ReadonlyArray<TaskName>
  readonly stopped: ReadonlyArray<TaskName>
  readonly changed: ReadonlyArray<TaskName>
}

/** What the supervisor needs from the rooms behind it. */
export interface Supervised {
  /** The tasks to begin with. */
  readonly tasks: ReadonlyArray<Task>
  /** Executes a task once; interrupted only at shutdown. */
  readonly run: (task: Task) => Effect.Effect<RunOutcome>
  /** Until when a provider takes no calls: its tasks wait for that. */
  readonly shutUntil: (provider: Provider) => Effect.Effect<Option.Option<DateTime.Utc>>
  /** Reads the config file again. */
  readonly reread: Effect.Effect<ReadonlyArray<Task>, ConfigFileError>
  /** How long running syncs get to reach a safe point at shutdown. */
  readonly grace: Duration.Duration
}

/** A task under supervision. */
interface Supervision {
  /** As the config has it now; none once it is disabled or gone. */
  task: Option.Option<Task>
  nextStart: Option.Option<DateTime.Utc>
  /** Wakes the wait between two runs when the config has changed. */
  readonly changed: Queue.Queue<void>
}

/**
 * The supervisor: a fiber per enabled task, which runs it at start and then exactly an interval after the end of each
 * run. Nothing that happens in a run ends its loop or touches a neighbour.
 */
export class Scheduler extends Context.Service<Scheduler, {
  /** When each enabled task starts next; absent while it runs. */
  readonly nextStarts: Effect.Effect<ReadonlyMap<TaskName, DateTime.Utc>>
  /** Reads the config file again and takes over what changed; running syncs end as they began. */
  readonly reload: Effect.Effect<Reloaded, ConfigFileError>
}>()("glider/Scheduler") {
  /** Supervises until the scope closes; then running syncs stop at a safe point, within the grace period. */
  static readonly layer = <R>(supervised: Effect.Effect<Supervised, never, R>): Layer.Layer<Scheduler, never, R> =>
    Layer.effect(Scheduler, Effect.flatMap(supervised, supervise))

  /** For commands that start no daemon: nothing is scheduled. */
  static readonly layerIdle: Layer.Layer<Scheduler> = Layer.succeed(Scheduler, {
    nextStarts: Effect.succeed(new Map()),
    reload: Effect.succeed({ started: [], stopped: [], changed: [] })
  })
}

const enabledOf = (tasks: ReadonlyArray<Task>): ReadonlyArray<Task> => tasks.filter(({ enabled }) => enabled)

const supervise = Effect.fnUntraced(function*({ grace, reread, run, shutUntil, tasks }: Supervised) {
  // not of this scope: its end would wait for the fibers for ever, where the grace period has one
  const supervision = yield* Scope.make()
  const fibers = yield* Scope.provide(FiberMap.make<TaskName>(), supervision)
  const all = new Map<TaskName, Supervision>()

  /** One run; whatever happens in it ends with it. A stop of the loop itself takes effect at its next wait. */
  const once = (task: Task) =>
    run(task).pipe(
      Effect.asVoid,
      Effect.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logError(`${task.name}: a bug ended the run`, cause)
      )
    )

  /** Sleeps until the next start is due, under the config as it is then. */
  const waitFrom = Effect.fnUntraced(function*(state: Supervision, ended: DateTime.Utc) {
    while (Option.isSome(state.task)) {
      const { interval, name } = state.task.value
      const due = DateTime.addDuration(ended, interval)
      const start = Option.match(yield* shutUntil(taskProvider[name]), {
        onNone: () => due,
        onSome: (until) => DateTime.max(due, until)
      })
      const now = yield* Clock.currentTimeMillis
      if (start.epochMilliseconds <= now) return
      state.nextStart = Option.some(start)
      // after either, look again: the config may have changed, and so may the gate
      yield* Effect.raceFirst(
        Effect.sleep(Duration.millis(start.epochMilliseconds - now)),
        Queue.take(state.changed)
      )
    }
  })

  const loop = Effect.fnUntraced(function*(state: Supervision) {
    const begin = yield* DateTime.now
    // a provider that asked for silence before a restart is not called until that has passed
    yield* waitFrom(
      state,
      Option.match(state.task, {
        onNone: () => begin,
        onSome: ({ interval }) => DateTime.subtractDuration(begin, interval)
      })
    )
    while (Option.isSome(state.task)) {
      state.nextStart = Option.none()
      yield* once(state.task.value)
      yield* waitFrom(state, yield* DateTime.now)
    }
  })

  const begin = Effect.fnUntraced(function*(task: Task) {
    const known = all.get(task.name)
    const state = known ?? { task: Option.none(), nextStart: Option.none(), changed: yield* Queue.sliding<void>(1) }
    state.task = Option.some(task)
    all.set(task.name, state)
    yield* FiberMap.run(fibers, task.name, loop(state), { onlyIfMissing: true })
  })

  const reload = Effect.gen(function*() {
    const wanted = enabledOf(yield* reread)
    const started: Array<TaskName> = []
    const stopped: Array<TaskName> = []
    const changed: Array<TaskName> = []
    for (const [name, state] of all) {
      if (Option.isNone(state.task)) continue
      const next = wanted.find((task) => task.name === name)
      if (next === undefined) {
        state.task = Option.none()
        state.nextStart = Option.none()
        stopped.push(name)
      } else if (!sameSettings(next, state.task.value)) {
        state.task = Option.some(next)
        changed.push(name)
      } else continue
      yield* Queue.offer(state.changed, undefined)
    }
    for (const task of wanted) {
      if (all.get(task.name)?.task._tag === "Some") continue
      yield* begin(task)
      started.push(task.name)
    }
    yield* Effect.logInfo("config reloaded").pipe(Effect.annotateLogs({ started, stopped, changed }))
    return { started, stopped, changed }
  })

  yield* Effect.addFinalizer(() =>
    Effect.gen(function*() {
      const stopping = yield* Effect.forkDetach(Scope.close(supervision, Exit.void), { startImmediately: true })
      const stopped = yield* Effect.interruptible(Effect.timeoutOption(Fiber.await(stopping), grace))
      if (Option.isNone(stopped)) yield* Effect.logWarning(`syncs did not stop within ${Duration.format(grace)}`)
    })
  )
  yield* Effect.forEach(enabledOf(tasks), begin, { discard: true })

  return Scheduler.of({
    nextStarts: Effect.sync(() =>
      new Map([...all].flatMap(([name, { nextStart }]) => Option.isSome(nextStart) ? [[name, nextStart.value]] : []))
    ),
    reload
  })
})

/** Whether two readings of a task say the same. */
const sameSettings = (one: Task, other: Task): boolean => JSON.stringify(one) === JSON.stringify(other)
