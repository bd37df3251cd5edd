/** Programs that fork and join, and a machine that runs them in any order, crashes, and runs them again. */
import { Option } from "effect"
import {
  type NonDeterminismError,
  type RecordedStep,
  ReplayCheck,
  type Strand
} from "../../src/workflow/Determinism.ts"

/**
 * A step, or parts: one after the other, at once with a join, or at once without one. Steps whose names begin with `t` are
 * recorded when they are issued, as timers and children are; the others when they are done.
 */
export type Program = string | {
  readonly kind: "sequence" | "parallel" | "detached"
  readonly parts: ReadonlyArray<Program>
}

/** Numbers below a limit, the same for each seed (mulberry32). */
export const dice = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
export type Dice = ReturnType<typeof dice>

/** A program of up to that depth, each step named differently. */
export const program = (throws: Dice, depth: number): Program => {
  let steps = 0
  const part = (left: number): Program => {
    if (left === 0 || throws(3) === 0) return `${throws(4) === 0 ? "t" : "s"}${steps++}`
    const kind = (["sequence", "sequence", "parallel", "parallel", "detached"] as const)[throws(5)] ?? "sequence"
    return { kind, parts: Array.from({ length: 1 + throws(4) }, () => part(left - 1)) }
  }
  return { kind: "sequence", parts: Array.from({ length: 1 + throws(4) }, () => part(depth)) }
}

export const show = (of: Program): string =>
  typeof of === "string" ? of : `${of.kind}(${of.parts.map(show).join(", ")})`

/** The steps that the body itself takes. */
export const bodySteps = (of: Program): ReadonlyArray<string> =>
  typeof of === "string" ? [of] : of.kind === "sequence" ? of.parts.flatMap(bodySteps) : []

export const without = (of: Program, step: string): Program =>
  typeof of === "string"
    ? of
    : { kind: of.kind, parts: of.parts.filter((part) => part !== step).map((part) => without(part, step)) }

interface Thread {
  readonly by: Strand
  readonly turns: Generator<string | ReadonlyArray<Thread>, void>
  waitsFor: string | ReadonlyArray<Thread> | undefined
  over: boolean
}

function* turnsOf(of: Program, fork: (part: Program) => Thread): Thread["turns"] {
  if (typeof of === "string") yield of
  else if (of.kind === "sequence") { for (const part of of.parts) yield* turnsOf(part, fork) }
  else {
    const threads = of.parts.map(fork)
    if (of.kind === "parallel") yield threads
  }
}

/** One pass: until the body has ended, or that many new steps are recorded. Says what was found, and adds to the history. */
export const pass = (
  of: Program,
  history: Array<RecordedStep>,
  throws: Dice,
  crashAfter: number
): { readonly ended: boolean; readonly errors: ReadonlyArray<NonDeterminismError> } => {
  const check = new ReplayCheck(history)
  const known = new Set(history.map(({ key }) => key))
  const errors: Array<NonDeterminismError> = []
  const threads: Array<Thread> = []
  let recorded = 0
  const note = (key: string) => {
    if (known.has(key)) return
    known.add(key)
    recorded++
    history.push({ key, ...Option.getOrThrow(check.placeOf(key)) })
  }
  const find = (error: Option.Option<NonDeterminismError>) => {
    if (Option.isSome(error)) errors.push(error.value)
  }
  const start = (part: Program, by: Strand): Thread => {
    const turns = turnsOf(part, (part) => start(part, "branch"))
    const thread: Thread = { by, turns, waitsFor: undefined, over: false }
    threads.push(thread)
    return thread
  }
  const go = (thread: Thread) => {
    const { done, value } = thread.turns.next()
    thread.waitsFor = done === true ? undefined : value
    thread.over = done === true
    if (typeof thread.waitsFor !== "string") return
    find(check.request(thread.waitsFor, thread.by))
    if (thread.waitsFor.startsWith("t")) note(thread.waitsFor)
  }
  const body = start(of, "body")
  const atOnce = throws(2) === 0 // what is recorded is answered at once, as an engine may, or at any time
  while (!body.over) {
    if (recorded >= crashAfter) return { ended: false, errors }
    const able = threads.filter(({ over, waitsFor }) =>
      !over && (waitsFor === undefined || typeof waitsFor === "string" || waitsFor.every(({ over }) => over))
    )
    const thread = able[throws(able.length)]
    if (thread === undefined) throw new Error(`stuck: ${show(of)}`)
    for (let again = true; again;) {
      if (typeof thread.waitsFor === "string") note(thread.waitsFor)
      if (recorded > crashAfter) break
      go(thread)
      again = atOnce && typeof thread.waitsFor === "string" && known.has(thread.waitsFor)
    }
  }
  find(check.ended())
  return { ended: true, errors }
}

/** Runs a program until it ends, with up to four crashes on the way. */
export const crashes = (of: Program, throws: Dice): ReadonlyArray<NonDeterminismError> => {
  const history: Array<RecordedStep> = []
  const errors: Array<NonDeterminismError> = []
  for (let crash = 0; crash < 4; crash++) {
    const { ended, errors: found } = pass(of, history, throws, throws(6))
    errors.push(...found)
    if (ended) break
  }
  errors.push(...pass(of, history, throws, Infinity).errors)
  return errors
}
