/** How many workflows of three activities are done in a second, beside Effect's own engine, which keeps nothing. */
import { Array as Arr, Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { output } from "../Processes.ts"
import { median, promise, round, type Sizes } from "../Report.ts"
import { Engine, type LevelFigures, ThroughputFigures, ThroughputSetup } from "./ThroughputFigures.ts"

const encodeSetup = Schema.encodeEffect(Schema.fromJsonString(ThroughputSetup))
const decodeFigures = Schema.decodeEffect(Schema.fromJsonString(ThroughputFigures))

const program = fileURLToPath(new URL("ThroughputProcess.ts", import.meta.url))

/** One process with a store of its own. */
const run = Effect.fnUntraced(function*(setup: Omit<ThroughputSetup, "folder">) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const argument = yield* encodeSetup({ ...setup, folder: `${folder}/store` })
  return yield* Effect.flatMap(output([program, argument]), decodeFigures)
}, Effect.scoped)

const concurrencies = [1, 10, 100, 500] as const
type Concurrency = typeof concurrencies[number]

const promised: Readonly<Record<Concurrency, number>> = { 1: 300, 10: 1400, 100: 3200, 500: 4000 }

/** The most of the machine that others may take in a round that counts. */
const calm = 0.08

/** The median of each figure at a level, over the rounds that nobody disturbed; if there is none, those of the calmest. */
const typical = (rounds: ReadonlyArray<LevelFigures>): Readonly<Record<keyof LevelFigures, number>> => {
  const bound = Math.max(calm, Math.min(...rounds.map(({ othersBusy }) => othersBusy)))
  const counting = rounds.filter(({ othersBusy }) => othersBusy <= bound)
  const middle = (name: keyof LevelFigures) => median(counting.map((figures) => figures[name]))
  return {
    concurrency: middle("concurrency"),
    workflows: middle("workflows"),
    perSecond: middle("perSecond"),
    p50Millis: middle("p50Millis"),
    p99Millis: middle("p99Millis"),
    commits: middle("commits"),
    reads: middle("reads"),
    bytesWritten: middle("bytesWritten"),
    bytesKept: middle("bytesKept"),
    cpuMicros: middle("cpuMicros"),
    mainThreadMicros: middle("mainThreadMicros"),
    storeBusy: middle("storeBusy"),
    othersBusy: middle("othersBusy")
  }
}

export const throughput = Effect.fn("bench.throughput")(function*({ workflows: { at, rounds, warmUp } }: Sizes) {
  const levels = concurrencies.map((concurrency) => ({ concurrency, workflows: at[concurrency] }))
  const all: Array<{ readonly engine: Engine; readonly levels: ReadonlyArray<LevelFigures> }> = []
  for (const number of Arr.range(1, rounds)) {
    // in turn, and in the other order every second time: what disturbs the machine for a while disturbs all
    const order = number % 2 === 1 ? Engine.literals : Arr.reverse(Engine.literals)
    for (const engine of order) {
      const { levels: measured } = yield* run({ engine, levels, warmUp, profiled: false })
      all.push({ engine, levels: measured })
    }
  }
  const { profile } = yield* run({
    engine: "durable",
    levels: levels.filter(({ concurrency }) => concurrency === 100),
    warmUp,
    profiled: true
  })

  const figuresAt = (engine: Engine, level: Concurrency) =>
    all.flatMap((one) => one.engine === engine ? one.levels.filter(({ concurrency }) => concurrency === level) : [])
  const typicalAt = (engine: Engine, level: Concurrency) => typical(figuresAt(engine, level))
  const ratio = (level: Concurrency) =>
    round(typicalAt("durable", level).perSecond / typicalAt("layerMemory", level).perSecond, 2)
  const spread = (engine: Engine, level: Concurrency) =>
    figuresAt(engine, level).map(({ othersBusy, perSecond }) => [perSecond, othersBusy])
  return {
    promises: [
      ...concurrencies.map((level) =>
        promise({
          what: `durable workflows of 3 activities, ${level} concurrent`,
          unit: "/s",
          bound: "least",
          promised: promised[level],
          measured: typicalAt("durable", level).perSecond
        })
      ),
      promise({
        what: "of what layerMemory does, 100 concurrent",
        unit: "of it",
        bound: "least",
        promised: 0.65,
        measured: ratio(100)
      }),
      promise({
        what: "p99 at 100 concurrent",
        unit: "ms",
        bound: "below",
        promised: 60,
        measured: typicalAt("durable", 100).p99Millis
      }),
      promise({
        what: "commits of a workflow that is alone",
        unit: "commits",
        bound: "most",
        promised: 3,
        measured: typicalAt("durable", 1).commits
      })
    ],
    figures: {
      ...Object.fromEntries(Engine.literals.map((engine) => [
        engine,
        concurrencies.map((level) => typicalAt(engine, level))
      ])),
      ratioToLayerMemory: Object.fromEntries(concurrencies.map((level) => [level, ratio(level)])),
      /** Each round's rate, and the part of the machine that others took. */
      rounds: Object.fromEntries(Engine.literals.map((engine) => [
        engine,
        Object.fromEntries(concurrencies.map((level) => [level, spread(engine, level)]))
      ])),
      mainThread: profile
    }
  }
})
