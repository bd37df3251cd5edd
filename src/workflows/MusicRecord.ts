/** What the journal of a music sync says, be it by rules or by agents, as those are told who ask for it over HTTP (contract 1C). */
import { Option, Schema } from "effect"
import type { Run } from "../domain/Run.ts"
import type { Entry, ExitJson } from "../domain/RunEntry.ts"
import { Decision } from "../music/Decision.ts"
import type { Score } from "../music/Score.ts"
import { MusicStep } from "../music/SongRun.ts"
import { AgentSync } from "./AgentSync.ts"
import { MusicSync } from "./MusicSync.ts"

/** The workflows that put a song into a playlist. */
export const songWorkflows = [MusicSync._tag, AgentSync._tag] as const

const songs: ReadonlySet<string> = new Set(songWorkflows)

/** Whether the run puts a song into a playlist. */
export const isOfSong = ({ workflow }: Pick<Run, "workflow">): boolean => songs.has(workflow)

const Reached = Schema.Struct({ step: MusicStep, done: Schema.Natural })

const decodeReached = Schema.decodeUnknownOption(Reached)
const decodePayload = Schema.decodeUnknownOption(Schema.toCodecJson(MusicSync.payloadSchema))
// what agents give says more, and so is tried first
const decodeResult = Schema.decodeUnknownOption(
  Schema.toCodecJson(Schema.Union([AgentSync.successSchema, MusicSync.successSchema]))
)
const decodeError = Schema.decodeUnknownOption(
  Schema.toCodecJson(Schema.Union([MusicSync.errorSchema, AgentSync.errorSchema]))
)
/** Errors of single steps, with which a run does not end. */
const decodeOther = Schema.decodeUnknownOption(
  Schema.Struct({ _tag: Schema.String, message: Schema.optionalKey(Schema.String) })
)
const decodeDecision = Schema.decodeUnknownOption(Schema.toCodecJson(Decision))
const decodeFound = Schema.decodeUnknownOption(Schema.Array(Schema.Struct({ uri: Schema.String })))

type Attempt = Extract<Entry, { readonly _tag: "Activity" }>

const attemptsOf = (entries: ReadonlyArray<Entry>): ReadonlyArray<Attempt> =>
  entries.filter((entry) => entry._tag === "Activity")

/** What the last attempt that succeeded gave. */
const given = (entries: ReadonlyArray<Entry>, name: string): unknown =>
  attemptsOf(entries).flatMap((entry) => entry.name === name && "ok" in entry.exit ? [entry.exit.ok] : []).at(-1)

const hasFailed = (exit: ExitJson): exit is Extract<ExitJson, { readonly no: unknown }> => "no" in exit

/** A failure in words. */
const wordsOf = (exit: ExitJson): Option.Option<string> => {
  if (!hasFailed(exit)) return Option.none()
  const [reason] = exit.no
  if (reason === undefined || "interrupt" in reason) return Option.some("interrupted")
  const cause: unknown = "fail" in reason ? reason.fail : reason.die
  return Option.orElse(
    Option.map(decodeError(cause), ({ message }) => message),
    () =>
      Option.some(
        Option.match(decodeOther(cause), { onNone: () => "a bug", onSome: ({ _tag, message }) => message ?? _tag })
      )
  )
}

/** What was asked for; none when the journal is gone. */
export const requestOf = (entries: ReadonlyArray<Entry>) =>
  Option.flatMap(
    Option.fromUndefinedOr(entries.find((entry) => entry._tag === "Started")),
    ({ payload }) => decodePayload(payload)
  )

/** What the run gave; none unless it has succeeded. */
export const resultOf = (entries: ReadonlyArray<Entry>) => {
  const end = entries.find((entry) => entry._tag === "Ended")
  return end === undefined || !("ok" in end.exit) ? Option.none() : decodeResult(end.exit.ok)
}

/** Why the run failed, as it says itself; none of bugs. */
export const failureOf = (entries: ReadonlyArray<Entry>) => {
  const end = entries.find((entry) => entry._tag === "Ended")
  if (end === undefined || !hasFailed(end.exit)) return Option.none()
  return Option.firstSomeOf(end.exit.no.map((reason) => "fail" in reason ? decodeError(reason.fail) : Option.none()))
}

/**
 * How often something was tried again: attempts of steps after their first, and calls to Spotify that were repeated within
 * an attempt.
 */
export const retriesOf = (entries: ReadonlyArray<Entry>): number =>
  attemptsOf(entries).reduce((sum, { attempt, repeats = 0 }) => sum + (attempt > 1 ? 1 : 0) + repeats, 0)

/** How many tracks the searches have found: that of the rules, or those of agents, `search 1.1` and so on. */
const candidatesIn = (entries: ReadonlyArray<Entry>): number =>
  new Set(
    attemptsOf(entries).flatMap(({ exit, name }) =>
      (name === "search" || name.startsWith("search ")) && "ok" in exit
        ? Option.getOrElse(decodeFound(exit.ok), () => []).map(({ uri }) => uri)
        : []
    )
  ).size

/** Who has worked at it, and how much, where agents do; so far, while the run is under way. */
export const agentsIn = ({ workflow }: Run, entries: ReadonlyArray<Entry>) => {
  if (workflow !== AgentSync._tag) return Option.none()
  const result = resultOf(entries)
  if (Option.isSome(result) && "agents" in result.value) {
    const { agents, tool_calls, turns } = result.value
    return Option.some({ names: agents, turns, tool_calls })
  }
  const attempts = attemptsOf(entries)
  const distinct = (pattern: RegExp) => new Set(attempts.flatMap(({ name }) => pattern.exec(name)?.[1] ?? [])).size
  return Option.some({
    names: attempts.flatMap(({ exit, name }) => /^agent \d+$/.test(name) && "ok" in exit ? [String(exit.ok)] : []),
    turns: distinct(/^model (\d+)$/),
    tool_calls: distinct(/ (\d+\.\d+)$/)
  })
}

/** How far the run is. */
export const progressOf = (run: Run, entries: ReadonlyArray<Entry>) => {
  const reached = Option.getOrElse(
    decodeReached(run.progress),
    (): typeof Reached.Type => ({ step: "initializing", done: 0 })
  )
  const attempts = attemptsOf(entries)
  const last = attempts.at(-1)
  const isTriedAgain = last !== undefined && hasFailed(last.exit) && Option.isNone(run.finishedAt)
  return {
    step: reached.step,
    done: reached.done,
    candidates: candidatesIn(entries),
    /** Which try of the step is under way, or was the last. */
    attempt: last === undefined ? 1 : isTriedAgain ? last.attempt + 1 : hasFailed(last.exit) ? last.attempt : 1,
    /** Of the last attempt that failed, also when a later one did not. */
    lastError: Option.flatMap(
      Option.fromUndefinedOr(attempts.findLast(({ exit }) => hasFailed(exit))),
      ({ exit }) => wordsOf(exit)
    )
  }
}

/** Whether the run has put the track there itself; none where that is not known, or nothing was put anywhere so far. */
const hasAdded = (entries: ReadonlyArray<Entry>): Option.Option<boolean> => {
  const settled = given(entries, "settle")
  const added = settled === undefined ? given(entries, "add") : settled === "ours"
  return typeof added === "boolean" ? Option.some(added) : Option.none()
}

/** Whether the run has taken out again what it had added. */
export const isTakenBack = (entries: ReadonlyArray<Entry>): boolean => given(entries, "remove") === true

/** Whether the run has tried to take the track out again, and could not: it may still be there. */
export const isLeftThere = (entries: ReadonlyArray<Entry>): boolean => {
  const last = attemptsOf(entries).findLast(({ name }) => name === "remove")
  return last !== undefined && hasFailed(last.exit)
}

/** Whether a cancellation now would take the track out again: the run has added it, or is at it. */
export const wouldTakeBack = (run: Run, entries: ReadonlyArray<Entry>): boolean =>
  Option.getOrElse(hasAdded(entries), () => progressOf(run, entries).step === "adding") && !isTakenBack(entries)

/** The names under which a run waits for a person, and for that to take too long. */
const signal = "review"
const timer = "DurableClock/review within"

/** What a person is asked: since when, until when, and about which candidate. */
export interface AskedReview {
  readonly since: number
  readonly until: number
  /** The one that would be added. */
  readonly candidate: Score
  readonly scores: Decision["scores"]
}

/** What a person is to say of the run; none when nobody is asked, or it was said, or it is too late. */
export const reviewOf = (entries: ReadonlyArray<Entry>): Option.Option<AskedReview> => {
  const waits = entries.find((entry) => entry._tag === "Timer" && entry.name === timer)
  if (waits?._tag !== "Timer") return Option.none()
  const isSettled = entries.some((entry) =>
    entry._tag === "Cancel" || entry._tag === "Ended" ||
    (entry._tag === "Deferred" && (entry.name === signal || entry.name === timer))
  )
  if (isSettled) return Option.none()
  const decisions = attemptsOf(entries).flatMap(({ exit }) =>
    "ok" in exit ? Option.toArray(decodeDecision(exit.ok)) : []
  )
  const asked = decisions.at(-1)
  if (asked?._tag !== "Review") return Option.none()
  const { candidate: { uri }, scores } = asked
  return Option.map(
    Option.fromUndefinedOr(scores.find(({ candidate }) => candidate.uri === uri)),
    (candidate) => ({ since: waits.at, until: waits.due, candidate, scores })
  )
}

/** What was said of the run, if anything. */
export const answerOf = (entries: ReadonlyArray<Entry>): Option.Option<unknown> => {
  const kept = entries.find((entry) => entry._tag === "Deferred" && entry.name === signal)
  return kept?._tag === "Deferred" && "ok" in kept.exit ? Option.some(kept.exit.ok) : Option.none()
}
