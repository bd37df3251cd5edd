/**
 * A process with runs that wait for days: `node WaitingProcess.ts <WaitingSetup as JSON>`. The first begins them, says its
 * `BegunFigures` and stays; the second finds them, moves the clock on by days and says its `FoundFigures`.
 */
import { Array as Arr, Clock, Deferred, Effect, Layer, Logger, Option, Schedule, Schema } from "effect"
import { Activity, DurableClock, Workflow } from "effect/workflow"
import { flushCompileCache } from "node:module"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunListener } from "../../src/engine/RunListener.ts"
import * as HeapTrim from "../../src/services/HeapTrim.ts"
import { round } from "../Report.ts"
import * as MovableClock from "./MovableClock.ts"
import { Asked, collected, countRuns, main, megabytes, say, store } from "./Process.ts"
import { BegunFigures, FoundFigures, WaitingSetup } from "./WaitingFigures.ts"

const Reminder = Workflow.make("reminder", {
  payload: { id: Schema.Natural, text: Schema.String },
  success: Schema.String,
  idempotencyKey: ({ id }) => String(id)
})

const step = (name: string, text: string) =>
  Activity.make({ name, success: Schema.String, execute: Effect.succeed(text) })

const reminders = Reminder.toLayer(({ text }) =>
  Effect.gen(function*() {
    const noted = yield* step("note", text)
    yield* DurableClock.sleep({ name: "until then", duration: "3 days" })
    return yield* step("remind", noted)
  })
)

const resident = () => megabytes(process.memoryUsage.rss())
const most = () => megabytes(process.resourceUsage().maxRSS * 1024)
/** Collects garbage, so it comes after what was to be seen. */
const whileTheyWait = () => ({
  whileTheyWait: resident(),
  heap: megabytes(process.memoryUsage().heapTotal),
  objects: megabytes(collected())
})

const begin = Effect.fnUntraced(function*({ restSeconds, runs }: WaitingSetup) {
  flushCompileCache()
  yield* Effect.sleep("1 second")
  const beforeRuns = resident()
  const from = yield* Clock.currentTimeMillis
  yield* Effect.forEach(
    Arr.range(1, runs),
    (id) => Reminder.execute({ id, text: `reminder ${id}` }, { discard: true }),
    { concurrency: 500, discard: true }
  )
  yield* Effect.repeat(countRuns("waiting"), {
    schedule: Schedule.spaced("20 millis"),
    until: (count) => count === runs
  })
  const millis = (yield* Clock.currentTimeMillis) - from
  const atMost = most()
  yield* Effect.sleep(`${restSeconds} seconds`)
  const stored = yield* countRuns("waiting")
  yield* say(BegunFigures, { beforeRuns, millis, atMost, ...whileTheyWait(), stored })
  return yield* Effect.never
})

const find = Effect.fnUntraced(function*(
  { restSeconds, runs }: WaitingSetup,
  ready: Effect.Effect<number>,
  over: Effect.Effect<void>,
  moveOn: Effect.Effect<void>
) {
  const { counts } = yield* Asked
  const readyMillis = yield* ready
  yield* Effect.sleep(`${restSeconds} seconds`)
  const before = whileTheyWait()
  const asked = counts()
  const from = performance.now()
  yield* moveOn
  yield* over
  const resumeMillis = round(performance.now() - from)
  const { commits, reads } = counts()
  yield* say(FoundFigures, {
    readyMillis: round(readyMillis),
    ...before,
    resumeMillis,
    atMostMeanwhile: most(),
    completed: yield* countRuns("completed"),
    reads: round((reads - asked.reads) / runs, 2),
    commits: round((commits - asked.commits) / runs, 3)
  })
})

main(WaitingSetup, (setup) =>
  Effect.gen(function*() {
    const ready = yield* Deferred.make<number>()
    const all = yield* Deferred.make<void>()
    const clock = MovableClock.make()
    let over = 0
    const listener = Layer.succeed(
      RunListener,
      Option.some({
        begun: () => Effect.void,
        parked: () => Effect.void,
        ended: () => Effect.suspend(() => ++over === setup.runs ? Deferred.succeed(all, undefined) : Effect.void)
      })
    )
    /** The engine says once that what it found goes on. */
    const heard = Logger.layer([
      Logger.make(({ message }) => {
        if (String(message).includes("runs go on")) Deferred.doneUnsafe(ready, Effect.succeed(performance.now()))
        else process.stderr.write(`${String(message)}\n`)
      })
    ])
    const engine = Layer.merge(DurableEngine.layer(), Layer.provide(HeapTrim.layer, HeapTrim.Heap.layer)).pipe(
      Layer.provide(listener),
      Layer.provideMerge(store(setup.folder)),
      Layer.provideMerge(clock.layer),
      Layer.provideMerge(heard)
    )
    const life = Effect.gen(function*() {
      if (setup.life === "first") return yield* begin(setup)
      return yield* find(setup, Deferred.await(ready), Deferred.await(all), clock.moveOn("4 days"))
    })
    yield* Effect.provide(life, Layer.provideMerge(reminders, engine))
  }))
