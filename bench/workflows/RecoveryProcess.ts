/**
 * The process that is killed, and its successor: `node RecoveryProcess.ts <RecoverySetup as JSON>`. The first kills itself
 * once half of all activities have ended, the second says its `Milestones` once all runs are over.
 */
import { Array as Arr, Deferred, Effect, Layer, Option, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { openSync, writeSync } from "node:fs"
import { flushCompileCache } from "node:module"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunListener } from "../../src/engine/RunListener.ts"
import { main, say, store } from "./Process.ts"
import { Milestones, RecoverySetup, steps } from "./RecoveryFigures.ts"

const loaded = performance.now()

const Job = Workflow.make("job", {
  payload: { id: Schema.Natural },
  success: Schema.Finite,
  idempotencyKey: ({ id }) => String(id)
})

/** Activities take their time in the first life, so that each run is in one; the second does nothing but what is left. */
const jobs = ({ life, log, runs }: RecoverySetup, areStarted: () => boolean) => {
  const file = openSync(log, "a")
  const write = (line: string) => Effect.sync(() => void writeSync(file, `${line}\n`))
  let ended = 0
  const step = (run: number, number: number) =>
    Activity.make({
      name: `step${number}`,
      success: Schema.Finite,
      execute: Effect.gen(function*() {
        yield* write(`begin ${run} ${number}`)
        if (life === "first") yield* Effect.sleep(80 + (run * 37 + number * 11) % 40)
        yield* write(`end ${run} ${number}`)
        if (life === "first" && ++ended >= runs * steps / 2 && areStarted()) process.kill(process.pid, "SIGKILL")
        return number
      })
    })
  return Job.toLayer(({ id }) =>
    Effect.map(Effect.forEach(Arr.range(1, steps), (number) => step(id, number)), Arr.length)
  )
}

main(RecoverySetup, (setup) =>
  Effect.gen(function*() {
    const all = yield* Deferred.make<void>()
    let over = 0
    let started = false
    let [opened, checked, first] = [0, 0, 0]
    const listener = Layer.succeed(
      RunListener,
      Option.some({
        begun: () => Effect.void,
        parked: () => Effect.void,
        ended: ({ state }) =>
          Effect.suspend(() => {
            if (state !== "completed") return Effect.die(`a run ended as ${state}`)
            if (++over === 1) first = performance.now()
            return over === setup.runs ? Deferred.succeed(all, undefined) : Effect.void
          })
      })
    )
    const life = Effect.gen(function*() {
      if (setup.life === "second") {
        yield* Deferred.await(all)
        return yield* say(Milestones, { loaded, opened, checked, first, done: performance.now() })
      }
      flushCompileCache()
      yield* Effect.forEach(Arr.range(1, setup.runs), (id) => Job.execute({ id }, { discard: true }), {
        concurrency: "unbounded",
        discard: true
      })
      started = true
      return yield* Effect.never
    })
    const opening = store(setup.folder, (part) => {
      if (part === "store") opened = performance.now()
      else checked = performance.now()
    })
    const engine = DurableEngine.layer().pipe(Layer.provide(listener), Layer.provideMerge(opening))
    yield* Effect.provide(life, Layer.provideMerge(jobs(setup, () => started), engine))
  }))
