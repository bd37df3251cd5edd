/** The life of a store of orders whose process is killed again and again. */
import { Effect, FileSystem, Schema } from "effect"
import { bundle } from "./VictimBundle.ts"
import { draw } from "./VictimWorld.ts"
import { ranks, violations } from "./WorkflowVictimChecks.ts"
import { type Defect, Last, lastFile, type Setup, sideFile, traces } from "./WorkflowVictimLines.ts"
import { type End, type Life, live } from "./WorkflowVictimProcess.ts"

export interface StoryOptions {
  readonly seed: number
  /** How the processes end; one more comes after them, which lives until no run is left. */
  readonly ends: ReadonlyArray<End>
  readonly defect?: Defect
  /** Looks after each death, and ends at the first violation. */
  readonly untilFound?: boolean
}

/** What came of it. */
export interface Told {
  readonly lives: ReadonlyArray<Life>
  /** What was found to be wrong. */
  readonly violations: ReadonlyArray<string>
  /** How many processes were killed. */
  readonly struck: number
  /** How often the last process committed. */
  readonly commits: number
}

/** Instants drawn from the seed: most while orders are under way, some while the process starts. */
export const randomKills = (seed: number, count: number): ReadonlyArray<End> =>
  Array.from({ length: count }, (_, index): End => {
    const pick = (question: number, below: number) => draw(seed, 2_000_000 + index * 10 + question, below)
    return pick(0, 12) === 0
      ? { _tag: "AfterStart", millis: pick(1, 350) }
      : { _tag: "AfterOpening", millis: pick(2, 450) }
  })

const decodeLast = Schema.decodeEffect(Schema.fromJsonString(Last))

/** The orders of a process: one that goes well, one that fails and compensates, one that is cancelled. */
const ordersOf = (life: number) => [`good ${life}`, `bad ${life}`, `cancelled ${life}`]

const isCancelled = (order: string): boolean => order.startsWith("cancelled")

type Acknowledged = "Started" | "Approved" | "Cancelled"

/** The orders of which the processes so far have acknowledged this. */
const acknowledged = (lives: ReadonlyArray<Life>, what: Acknowledged): ReadonlySet<string> =>
  new Set(lives.flatMap(({ lines }) => lines.flatMap((line) => line._tag === what ? [line.order] : [])))

/**
 * What the next process is to do: new orders, and about half of what the older ones wait for, some of it again; one that is
 * to come to a place does all of it. The last one does only what was never acknowledged: the rest must go on by itself.
 */
const commandsOf = (
  seed: number,
  lives: ReadonlyArray<Life>,
  end: End
): Pick<Setup, "start" | "approve" | "cancel"> => {
  const life = lives.length
  const known = Array.from({ length: life + 1 }, (_, index) => ordersOf(index)).flat()
  const lacking = (what: Acknowledged) => {
    const done = acknowledged(lives, what)
    return known.filter((order) =>
      !done.has(order) && (what === "Started" || isCancelled(order) === (what === "Cancelled"))
    )
  }
  if (end._tag === "ByItself") {
    return { start: lacking("Started"), approve: lacking("Approved"), cancel: lacking("Cancelled") }
  }
  const now = known.filter((_, index) => end._tag === "At" || draw(seed, 3_000_000 + life * 1000 + index, 2) === 0)
  return {
    start: ordersOf(life),
    approve: now.filter((order) => !isCancelled(order)).slice(-8),
    cancel: now.filter(isCancelled).slice(-4)
  }
}

/** Tells the story in a folder of its own. */
export const tell = Effect.fnUntraced(function*({ defect, ends, seed, untilFound }: StoryOptions) {
  const fs = yield* FileSystem.FileSystem
  const root = yield* fs.makeTempDirectoryScoped({ prefix: "glider-workflows-" })
  const program = yield* bundle(root, "WorkflowVictim")
  const folder = `${root}/data`
  yield* fs.makeDirectory(folder)
  const lives: Array<Life> = []
  const found: Array<string> = []
  const next = Effect.fnUntraced(function*(end: End) {
    const life = lives.length
    const toTheEnd = end._tag === "ByItself"
    const setup = {
      folder,
      life,
      ...commandsOf(seed, lives, end),
      toTheEnd,
      ...(defect === undefined ? {} : { defect })
    }
    const lived = yield* live(program, setup, end)
    lives.push(lived)
    if (lived.killed === toTheEnd) {
      found.push(
        `life ${life}: the process ended ${lived.killed ? "" : "not "}by a kill: ${lived.complaint.slice(0, 2000)}`
      )
    }
  })
  const side = Effect.map(fs.readFileString(sideFile(folder)), traces)
  for (const end of ends) {
    yield* next(end)
    if (untilFound === true && found.push(...ranks(yield* side)) > 0) break
  }
  let commits = 0
  if (found.length === 0) yield* next({ _tag: "ByItself" })
  if (found.length === 0) {
    const last = yield* Effect.flatMap(fs.readFileString(lastFile(folder)), decodeLast)
    commits = last.commits
    found.push(...violations(lives, yield* side, last))
    if (found.length > 0) found.push(`the last process wrote: ${lives.at(-1)?.complaint.slice(-4000)}`)
  }
  const told: Told = { lives, violations: found, struck: lives.filter(({ killed }) => killed).length, commits }
  return told
}, Effect.scoped)
