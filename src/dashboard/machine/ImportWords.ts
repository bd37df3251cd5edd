/** How pages say what an import has come to, and why a stream of it may be a play that is there. */
import type { CandidateInfo, ImportInfo } from "../../api/ImportMessages.ts"
import type { ImportResult } from "../../domain/ImportResult.ts"
import { number, type Owner } from "../frame/Owner.ts"
import { lengthText } from "./RunWords.ts"

/** A part of what came of it, with the page that shows more of it. */
export interface Outcome {
  readonly text: string
  readonly href?: string
}

/** What came of it, part by part; what there is none of is left out. */
export const outcomesOf = (owner: Owner, result: ImportResult): ReadonlyArray<Outcome> => {
  const parts: ReadonlyArray<readonly [count: number, word: string, href?: string]> = [
    [result.created, "new"],
    [result.updated, "changed"],
    [result.deleted ?? 0, "gone"],
    [result.merged, "merged"],
    [result.review, "for you", "#candidates"],
    [result.skipped, "skipped, too short"],
    [result.quarantined, "unreadable", "/dead-letters?kind=record"],
    [result.failed, "not compared"]
  ]
  const found = parts.flatMap(([count, word, href]) =>
    count === 0 ? [] : [{ text: `${number(owner, count)} ${word}`, ...href === undefined ? {} : { href } }]
  )
  return found.length === 0 ? [{ text: "nothing new" }] : found
}

/** How many there were, in how many files. */
export const sizeText = (
  owner: Owner,
  { kind, result }: { kind: ImportInfo["kind"]; result: ImportResult }
): string => {
  const { files, records } = result
  const counted = (count: number, one: string) => `${number(owner, count)} ${one}${count === 1 ? "" : "s"}`
  return kind === "calendar"
    ? `${counted(records, "event")} in ${counted(files, "calendar")}`
    : `${counted(records, "record")} in ${counted(files, "file")}`
}

/** How far a play may be from an end of a stream to be stamped with it, in milliseconds. */
const near = 10_000

/** Where in time the play is, seen from the stream. */
const whenText = (owner: Owner, { play, stream }: CandidateInfo): string => {
  const at = play.played_at.epochMilliseconds
  const [start, end] = [stream.started_at.epochMilliseconds, stream.ended_at.epochMilliseconds]
  const far = (millis: number) => lengthText(owner, millis / 1000)
  if (Math.abs(at - start) <= near) return "the play is of its start"
  if (Math.abs(at - end) <= near) return "the play is of its end"
  if (at < start) return `the play is ${far(start - at)} before its start`
  return at > end ? `the play is ${far(at - end)} after its end` : `the play is ${far(at - start)} after its start`
}

/** Why nobody but a person can say whether they are the same. */
export const whyText = (owner: Owner, candidate: CandidateInfo): string => {
  const { play, similarity, stream } = candidate
  const heard = stream.uri === play.uri
    ? "It is the same track"
    : `It is another address, with names that agree to ${number(owner, similarity * 100)} %`
  return `${heard}; ${whenText(owner, candidate)}.`
}
