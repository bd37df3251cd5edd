/**
 * One round in a process of its own: `node bench/workflows/ThroughputProcess.ts <ThroughputSetup as JSON>` prints its
 * `ThroughputFigures`.
 */
import { Array as Arr, Effect, Layer, Option } from "effect"
import { WorkflowEngine } from "effect/workflow"
import { readdirSync, statSync } from "node:fs"
import { cpus } from "node:os"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { round } from "../Report.ts"
import { profiled } from "./CpuProfile.ts"
import { Asked, bytesWritten, main, say, store } from "./Process.ts"
import { ThreeSteps, threeSteps } from "./ThreeSteps.ts"
import { type Level, type LevelFigures, ThroughputFigures, ThroughputSetup } from "./ThroughputFigures.ts"

/** An engine without a store asks nothing of it. */
const askedNothing = Layer.succeed(Asked, { counts: () => ({ commits: 0, reads: 0, busyMillis: 0 }) })

const engines = {
  durable: (folder: string) => Layer.provideMerge(DurableEngine.layer(), store(folder)),
  journalInMemory: () => Layer.merge(DurableEngine.layerMemory(JournalMemory.make()), askedNothing),
  layerMemory: () => Layer.merge(WorkflowEngine.layerMemory, askedNothing)
}

const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .reduce((sum, file) => sum + (statSync(`${folder}/${file}`, { throwIfNoEntry: false })?.size ?? 0), 0)

const quantile = (ascending: ReadonlyArray<number>, part: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? Number.NaN

/** What all processes together have used so far, in milliseconds of one processor. */
const machineMillis = (): number =>
  cpus().reduce((sum, { times: { irq, nice, sys, user } }) => sum + user + nice + sys + irq, 0)

/** What the process has used so far. */
const usage = (folder: Option.Option<string>) => ({
  at: performance.now(),
  machine: machineMillis(),
  cpu: process.cpuUsage(),
  thread: process.threadCpuUsage(),
  written: bytesWritten(),
  kept: Option.match(folder, { onNone: () => 0, onSome: folderBytes })
})

let begun = 0

const measure = Effect.fn("bench.level")(
  function*({ concurrency, workflows }: Level, folder: Option.Option<string>): Effect.fn.Return<
    LevelFigures,
    never,
    WorkflowEngine.WorkflowEngine | Asked
  > {
    const { counts } = yield* Asked
    const latencies: Array<number> = []
    const one = Effect.suspend(() => {
      const from = performance.now()
      return Effect.flatMap(ThreeSteps.execute({ id: String(begun++) }), (sum) => {
        latencies.push(performance.now() - from)
        return sum === 6 ? Effect.void : Effect.die(`three steps gave ${sum}`)
      })
    })
    const asked = counts()
    const before = usage(folder)
    yield* Effect.forEach(Arr.range(1, workflows), () => one, { concurrency, discard: true })
    const after = usage(folder)
    const millis = after.at - before.at
    const { busyMillis, commits, reads } = counts()
    const cpu = (one: NodeJS.CpuUsage, other: NodeJS.CpuUsage) => other.user + other.system - one.user - one.system
    const others = after.machine - before.machine - cpu(before.cpu, after.cpu) / 1000
    const ascending = latencies.toSorted((one, other) => one - other)
    return {
      concurrency,
      workflows,
      perSecond: Math.round(workflows / millis * 1000),
      p50Millis: round(quantile(ascending, 0.5), 1),
      p99Millis: round(quantile(ascending, 0.99), 1),
      commits: round((commits - asked.commits) / workflows, 3),
      reads: round((reads - asked.reads) / workflows, 3),
      bytesWritten: Math.round((after.written - before.written) / workflows),
      bytesKept: Math.round((after.kept - before.kept) / workflows),
      cpuMicros: Math.round(cpu(before.cpu, after.cpu) / workflows),
      mainThreadMicros: Math.round(cpu(before.thread, after.thread) / workflows),
      storeBusy: round((busyMillis - asked.busyMillis) / millis, 2),
      othersBusy: round(Math.max(0, others) / millis / cpus().length, 2)
    }
  }
)

main(ThroughputSetup, (setup) => {
  const { engine, levels, warmUp } = setup
  const folder = engine === "durable" ? Option.some(setup.folder) : Option.none()
  const program = Effect.gen(function*() {
    yield* measure({ concurrency: Math.min(100, warmUp), workflows: warmUp }, folder)
    if (!setup.profiled) {
      const figures = yield* Effect.forEach(levels, (level) => measure(level, folder))
      return yield* say(ThroughputFigures, { levels: figures })
    }
    const [figures, profile] = yield* profiled(Effect.forEach(levels, (level) => measure(level, folder)))
    return yield* say(ThroughputFigures, { levels: figures, profile })
  })
  return Effect.provide(program, Layer.provideMerge(threeSteps, engines[engine](setup.folder)))
})
