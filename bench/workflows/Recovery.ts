/** How long a process takes to end what a killed one had under way, and what it does twice. */
import { Array as Arr, Clock, Effect, FileSystem, Schema } from "effect"
import { CannotRun, going, node } from "../Processes.ts"
import { median, promise, round, type Sizes } from "../Report.ts"
import { bundled } from "./Bundle.ts"
import { Milestones, RecoverySetup, steps } from "./RecoveryFigures.ts"

const encodeSetup = Schema.encodeEffect(Schema.fromJsonString(RecoverySetup))
const decodeMilestones = Schema.decodeEffect(Schema.fromJsonString(Milestones))

/** How often each activity began and ended, by `run step`. */
const tally = (text: string) => {
  const begun = new Map<string, number>()
  const ended = new Map<string, number>()
  for (const line of text.split("\n")) {
    const [what, ...key] = line.split(" ")
    const counts = what === "begin" ? begun : what === "end" ? ended : undefined
    const name = key.join(" ")
    counts?.set(name, (counts.get(name) ?? 0) + 1)
  }
  return { begun, ended }
}

const keys = (runs: number) =>
  Arr.flatMap(Arr.range(1, runs), (run) =>
    Arr.map(Arr.range(1, steps), (step) => ({
      key: `${run} ${step}`,
      next: `${run} ${step + 1}`
    })))

/**
 * What the killed process had done. Once the next activity has begun, the result of this one is durable; before, it may
 * have been on its way to the disk.
 */
const judge = (runs: number, before: string, after: string) => {
  const first = tally(before)
  const both = tally(after)
  const all = keys(runs)
  const count = (which: (key: string, next: string) => boolean) =>
    all.filter(({ key, next }) => which(key, next)).length
  return {
    overBeforeKill: count((key) => key.endsWith(` ${steps}`) && first.ended.has(key)),
    finishedBeforeKill: count((key) => first.ended.has(key)),
    underWayAtKill: count((key) => first.begun.has(key) && !first.ended.has(key)),
    ranTwice: count((key) => (both.begun.get(key) ?? 0) > 1),
    finishedRanTwice: count((key, next) => first.begun.has(next) && (both.begun.get(key) ?? 0) > 1),
    neverDone: count((key) => !both.ended.has(key)),
    runsOver: runs - new Set(all.flatMap(({ key }) => both.ended.has(key) ? [] : [key.split(" ")[0]])).size
  }
}

/** Kills a process in the middle of the runs, and lets another one end them. */
const kill = Effect.fnUntraced(
  function*(program: string, environment: { readonly [name: string]: string }, runs: number) {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
    const log = `${folder}/log`
    const setup = (life: RecoverySetup["life"]) => encodeSetup({ folder: `${folder}/store`, log, runs, life })
    const victim = yield* node([program, yield* setup("first")], environment)
    // it ends by a signal, which is no exit code
    yield* Effect.exit(Effect.timeout(victim.exitCode, "60 seconds"))
    const before = yield* fs.readFileString(log)
    const from = yield* Clock.currentTimeNanos
    const { match } = yield* going([program, yield* setup("second")], /^\{.*\}$/m, environment)
    const seenAfter = Number((yield* Clock.currentTimeNanos) - from) / 1e6
    const { checked, done, first, loaded, opened } = yield* decodeMilestones(match)
    const judged = judge(runs, before, yield* fs.readFileString(log))
    if (judged.overBeforeKill > runs / 10 || judged.finishedBeforeKill < runs) {
      return yield* new CannotRun({ message: "the process was not killed in the middle" })
    }
    return {
      ...judged,
      seenAfter: round(seenAfter),
      millis: {
        start: round(loaded),
        openStore: round(opened - loaded),
        checkSchema: round(checked - opened),
        firstRunOver: round(first - checked),
        allOver: round(done - first)
      }
    }
  },
  Effect.scoped
)

export const recovery = Effect.fn("bench.recovery")(function*({ workflows: { kills, underWay } }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const { environment, program } = yield* bundled(new URL("RecoveryProcess.ts", import.meta.url), folder)
  const rounds = yield* Effect.replicateEffect(kill(program, environment, underWay), kills)
  const worst = (of: (one: typeof rounds[number]) => number) => Math.max(...rounds.map(of))
  return {
    promises: [
      promise({
        what: `${underWay} workflows under way, kill -9: from the start of the next process until all are done, median`,
        unit: "ms",
        bound: "below",
        promised: 1000,
        measured: median(rounds.map(({ seenAfter }) => seenAfter))
      }),
      promise({
        what: "of them done, at worst",
        unit: "workflows",
        bound: "least",
        promised: underWay,
        measured: underWay - worst(({ runsOver }) => underWay - runsOver)
      }),
      promise({
        what: "finished activities that ran again, at worst",
        unit: "activities",
        bound: "most",
        promised: 0,
        measured: worst(({ finishedRanTwice }) => finishedRanTwice)
      })
    ],
    figures: { rounds }
  }
}, Effect.scoped)
