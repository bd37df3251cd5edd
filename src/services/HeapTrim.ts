/** Memory that a burst of work has left behind goes back to the machine. */
import { Context, Duration, Effect, Layer, Schedule, Schema } from "effect"
import { Session } from "node:inspector/promises"
import { type EventLoopUtilization, performance } from "node:perf_hooks"

/** This build of Node cannot be asked to collect garbage. */
export class CannotCollect extends Schema.TaggedError<CannotCollect>()("CannotCollect", { message: Schema.String }) {}

const refused = (cause: unknown): CannotCollect => new CannotCollect({ message: String(cause) })

/** The heap of JavaScript, as V8 keeps it. */
export class Heap extends Context.Service<Heap, {
  /** Bytes taken for objects, whether in use or not. */
  readonly held: Effect.Effect<number>
  /** Which part of the time since the last call the event loop was busy, 0 to 1. */
  readonly busy: Effect.Effect<number>
  /** Collects all garbage and gives its pages back. Nothing else goes on meanwhile, for about 0.1 s. */
  readonly collect: Effect.Effect<void, CannotCollect>
}>()("glider/services/HeapTrim/Heap") {
  static readonly layer = Layer.sync(Heap, () => {
    let before: EventLoopUtilization = performance.eventLoopUtilization()
    return Heap.of({
      held: Effect.sync(() => globalThis.process.memoryUsage().heapTotal),
      busy: Effect.sync(() => {
        const now = performance.eventLoopUtilization()
        const { utilization } = performance.eventLoopUtilization(now, before)
        before = now
        return utilization
      }),
      collect: Effect.acquireUseRelease(
        Effect.try({
          try: () => {
            const session = new Session()
            session.connect()
            return session
          },
          catch: refused
        }),
        (session) => Effect.tryPromise({ try: () => session.post("HeapProfiler.collectGarbage"), catch: refused }),
        (session) => Effect.sync(() => session.disconnect())
      )
    })
  })
}

const every = Duration.seconds(5)

/** Busy for less than this part of the time, the process has nothing to do. */
const quiet = 0.05

/** Bytes above those of the last collection for which another one is worthwhile. */
const worthwhile = 32 * 1024 * 1024

/**
 * Collects garbage when the process has come to rest after it took memory. V8 collects by itself only while it is asked for
 * more: a process that becomes idle keeps what its busiest moment took, ten times of what it needs, for as long as it is.
 */
export const layer: Layer.Layer<never, never, Heap> = Layer.effectDiscard(Effect.gen(function*() {
  const heap = yield* Heap
  let needed = 0
  const trim = Effect.gen(function*() {
    const busy = yield* heap.busy
    const held = yield* heap.held
    if (busy > quiet || held < needed + worthwhile) return
    yield* heap.collect
    needed = yield* heap.held
    yield* Effect.logDebug("memory was given back").pipe(Effect.annotateLogs({ bytes: held - needed, left: needed }))
  })
  yield* trim.pipe(
    Effect.repeat(Schedule.spaced(every)),
    Effect.delay(every),
    Effect.catch(({ message }) => Effect.logWarning(`memory is not given back when idle: ${message}`)),
    Effect.forkScoped
  )
}))
