/** How pages say what a run is, in the words of the command line. */
import { Option } from "effect"
import { type Run, StreamCounts } from "../../domain/Run.ts"
import type { BadgeKind } from "../frame/Bits.tsx"
import { ago, length, number, type Owner } from "../frame/Owner.ts"

/** Where its page is. */
export const runHref = (id: string): string => `/runs/${encodeURIComponent(id)}`

/** The runs that a search finds. */
export const searchHref = (query: string): string => `/runs?${new URLSearchParams({ query })}`

/** A text as the search language quotes it. */
export const quoted = (text: string): string => JSON.stringify(text)

/** Its sign. */
export const badgeOf = ({ state }: Run): BadgeKind => state

/** What a run that is not over is doing, beside its sign; empty where that says it all. */
export const doing = (owner: Owner, { cancelRequested, due, finishedAt, state }: Run): string => {
  if (Option.isSome(finishedAt)) return ""
  if (state === "parked") return "until its code is mended"
  if (cancelRequested) return "being cancelled"
  if (state === "waiting") return Option.match(due, { onNone: () => "", onSome: (at) => `wakes ${ago(owner, at)}` })
  return state === "stopped" ? "goes on at the next start" : ""
}

/** From its start to its end, or until now. */
export const seconds = (owner: Owner, { finishedAt, startedAt }: Run): number =>
  Math.max(0, Option.getOrElse(finishedAt, () => owner.now).epochMilliseconds - startedAt.epochMilliseconds) / 1000

/** `0.42 s`, `3.0 s`, `12 s`, `1 min 26 s`, `2 h 5 min`: finer than the frame has it, since runs are short. */
export const lengthText = (owner: Owner, spent: number): string => {
  if (spent > 0 && spent < 10) return `${number(owner, spent, spent < 1 ? 2 : 1)} s`
  const whole = Math.round(spent)
  return whole > 60 && whole < 600 && whole % 60 !== 0 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : length(whole)
}

export const took = (owner: Owner, run: Run): string => lengthText(owner, seconds(owner, run))

/** What all streams of a sync did together; none of what is no sync. */
export const countsOf = (run: Run): Option.Option<StreamCounts> => {
  const streams = Object.values(run.syncReport.streams)
  return streams.length === 0
    ? Option.none()
    : Option.some(streams.reduce((sum, counts) => sum.plus(counts), StreamCounts.none))
}

const counted = [
  ["created", "new"],
  ["updated", "changed"],
  ["deleted", "deleted"],
  ["quarantined", "unreadable"],
  ["gaps", "lost for good"]
] as const

/** `12 new, 1 changed`. */
export const countsText = (owner: Owner, counts: StreamCounts): string => {
  const parts = counted.flatMap(([field, word]) =>
    counts[field] === 0 ? [] : [`${number(owner, counts[field])} ${word}`]
  )
  return parts.length === 0 ? "nothing new" : parts.join(", ")
}

const longestMessage = 160

/** A text of which only the first line is shown, and not all of a long one. */
export const short = (text: string, longest = longestMessage): string => {
  const line = text.split("\n")[0] ?? ""
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** What came of it, in one line. */
export const resultText = (owner: Owner, run: Run): string => {
  if (Option.isSome(run.error)) return short(`${run.error.value.tag}: ${run.error.value.message}`)
  const counts = countsOf(run)
  if (Option.isSome(counts)) return countsText(owner, counts.value)
  return Object.entries(run.attributes).map(([name, value]) => `${name}=${value}`).join(" ")
}

/** The word for how it came to be. */
export const triggerText = ({ trigger }: Run): string =>
  ({
    schedule: "by schedule",
    manual: "by hand",
    workflow: "by another run",
    webhook: "told from elsewhere"
  })[trigger]

/** `1 run`, `2 runs`. */
export const some = (owner: Owner, count: number, one: string, many = `${one}s`): string =>
  `${number(owner, count)} ${count === 1 ? one : many}`

/** What a person is told of a run who looks at its bar. */
export const barText = (owner: Owner, run: Run, when: string): string =>
  `${run.workflow} ${run.status.replace("_", " ")}, ${when}, ${took(owner, run)}`
