/** The life of a store whose process is killed again and again, looked at after every death. */
import { Effect, FileSystem, Option } from "effect"
import { SyncName } from "../../src/domain/Task.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { bundle } from "./VictimBundle.ts"
import { recoveryViolations, violations } from "./VictimChecks.ts"
import { type Ledger, listingsBegun, newLedger, note } from "./VictimLedger.ts"
import { Order, type Snapshot, type VictimLine, type VictimSetup } from "./VictimLines.ts"
import { type Kill, type Life, live } from "./VictimProcess.ts"
import { draw, happen, type Happenings, newHappenings } from "./VictimWorld.ts"

/** How a process comes to its end. */
export type End = { readonly kill: Kill } | { readonly crashAt: string }

/** What came of it. */
export interface Told {
  readonly lives: Array<Life>
  /** What was found to be wrong, each with the number of the life that found it. */
  readonly violations: Array<string>
  /** Runs that a kill cut short. */
  readonly interrupted: number
  /** Runs that ended in `needs_auth`. */
  readonly needsAuth: number
  readonly ledger: Ledger
}

export interface StoryOptions {
  readonly seed: number
  /** How many days Oura's sync reads again; 2 otherwise. From 8 on its heart rate comes in several commits. */
  readonly lookbackDays?: number
  readonly ends: ReadonlyArray<End>
  readonly defect?: VictimSetup["defect"]
  /** Ends at the first violation, without the last two lives. */
  readonly untilFound?: boolean
  /** The tasks of an order never run at the same time. */
  readonly oneByOne?: boolean
  /** Happens before each order, besides what happens anyway. */
  readonly meanwhile?: Effect.Effect<void, never, Sandbox>
}

/** Instants drawn from the seed: most while syncs run, some while the process starts. */
export const randomKills = (seed: number, count: number): ReadonlyArray<End> =>
  Array.from({ length: count }, (_, index) => {
    const pick = (question: number, below: number) => draw(seed, 1_000_000 + index * 10 + question, below)
    return {
      kill: pick(0, 10) === 0
        ? { lines: 0, millis: pick(1, 900) }
        : { lines: 3 + pick(2, 34), millis: pick(3, 30) }
    }
  })

const orders: ReadonlyArray<ReadonlyArray<SyncName>> = [
  ["google_calendar", "spotify", "oura"],
  ["oura", "google_calendar", "spotify"],
  ["spotify", "oura", "google_calendar"]
]

/** More rounds than this without one in which every task completes are no accident. */
const mostRounds = 6

interface Chapter {
  readonly story: StoryOptions
  readonly program: string
  readonly folder: string
  readonly ledger: Ledger
  readonly happenings: Happenings
  readonly found: Array<string>
  readonly counts: { needsAuth: number }
}

/** One life: answers the process, notes what it says, and checks what it has found when it opened the store. */
const liveOn = Effect.fnUntraced(function*(chapter: Chapter, end: Option.Option<End>, readOnly: boolean) {
  const { counts, folder, found, happenings, ledger, program, story } = chapter
  const sandbox = yield* Sandbox
  let opened: Snapshot | undefined = undefined
  let rounds = 0
  let completed = new Set<SyncName>()

  const order = Effect.gen(function*() {
    const settled = completed.size === SyncName.literals.length
    if (readOnly || (Option.isNone(end) && (settled || rounds === mostRounds))) {
      return Option.some(Order.make({ _tag: "Stop" }))
    }
    rounds += 1
    completed = new Set()
    yield* happen(happenings)
    if (story.meanwhile !== undefined) yield* story.meanwhile
    yield* note(ledger)
    return Option.some(Order.make({
      _tag: "Go",
      now: (yield* sandbox.clock.now).epochMilliseconds,
      tasks: orders[draw(story.seed, 5_000_000 + happenings.count, orders.length)] ?? SyncName.literals,
      together: story.oneByOne !== true && draw(story.seed, 6_000_000 + happenings.count, 2) === 0
    }))
  }).pipe(Effect.provideService(Sandbox, sandbox))

  const listings = Effect.provideService(listingsBegun, Sandbox, sandbox)

  const onLine = (line: VictimLine): Effect.Effect<Option.Option<Order>> =>
    Effect.gen(function*() {
      const now = ledger.moments.at(-1)?.at ?? 0
      switch (line._tag) {
        case "Opened":
          opened = line.snapshot
          found.push(...violations(line.snapshot, ledger, yield* listings))
          break
        case "Recovered":
          if (opened !== undefined) found.push(...recoveryViolations(opened, line, ledger))
          break
        case "Asks":
          return yield* order
        case "Page":
          if (line.task === "spotify") ledger.reached.set("spotify", now)
          break
        case "Ended":
          ledger.ended.set(line.id, line.status)
          if (line.status === "completed") {
            completed.add(line.task)
            ledger.reached.set(line.task, now)
          } else if (line.status === "needs_auth" && line.task !== "google_calendar") counts.needsAuth += 1
          else found.push(`${line.task} ended as ${line.status}: ${line.error}`)
      }
      return Option.none()
    })

  const life = yield* live({
    program,
    folder,
    lookbackDays: ledger.lookbackDays,
    kill: Option.flatMap(end, (end) => ("kill" in end ? Option.some(end.kill) : Option.none())),
    ...(Option.isSome(end) && "crashAt" in end.value ? { crashAt: end.value.crashAt } : {}),
    ...(story.defect === undefined ? {} : { defect: story.defect }),
    onLine
  })
  if (life.killed !== Option.isSome(end)) found.push(`the process ended by itself: ${life.complaint.slice(0, 2000)}`)
  if (Option.isNone(end) && rounds === mostRounds) found.push(`the tasks did not complete in ${rounds} rounds`)
  return life
})

/** Tells the story: a life for each end, then one that completes every task, then one that only looks. */
export const tell = Effect.fnUntraced(function*(story: StoryOptions) {
  const fs = yield* FileSystem.FileSystem
  const root = yield* fs.makeTempDirectoryScoped({ prefix: "glider-chaos-" })
  const program = yield* bundle(root)
  const ledger = yield* newLedger(story.lookbackDays ?? 2)
  const all: Array<string> = []
  const lives: Array<Life> = []
  const counts = { needsAuth: 0 }
  const happenings = newHappenings(story.seed)
  const next = Effect.fnUntraced(function*(end: Option.Option<End>, readOnly: boolean) {
    const found: Array<string> = []
    lives.push(
      yield* liveOn({ story, program, folder: `${root}/data`, ledger, happenings, found, counts }, end, readOnly)
    )
    all.push(...found.map((violation) => `life ${lives.length}: ${violation}`))
  })
  for (const end of story.ends) {
    yield* next(Option.some(end), false)
    if (story.untilFound === true && all.length > 0) break
  }
  if (story.untilFound !== true) {
    yield* next(Option.none(), false)
    yield* next(Option.none(), true)
  }
  const told: Told = { lives, violations: all, interrupted: ledger.interrupted, needsAuth: counts.needsAuth, ledger }
  return told
}, Effect.scoped)
