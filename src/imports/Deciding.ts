/** What becomes of candidates, as writes: merged into a play of the feed, a play by themselves, too short, or for a person. */
import { DateTime, Option } from "effect"
import { shortestCounted, startOfStream } from "../domain/StreamedPlay.ts"
import type { Statement } from "../services/Surreal.ts"
import { opened } from "../store/CandidateReviewRows.ts"
import { keyText } from "../store/ContentHash.ts"
import { countedAt as countedColumn } from "../store/Derived.ts"
import { playsTable } from "../store/Plays.ts"
import {
  type Candidate,
  type CandidateStatus,
  ownPlay,
  type PolledPlay,
  streamedTable
} from "../store/StreamedPlays.ts"
import { type Amendment, type Key, type Page, type Row, Write } from "../store/Write.ts"
import { certain, type Stamp } from "./Likeness.ts"
import { type Match, matchesOf } from "./Matching.ts"

/** What has become of how many. */
export interface Decided {
  readonly merged: number
  readonly counted: number
  readonly skipped: number
  readonly review: number
}

export const nothingDecided: Decided = { merged: 0, counted: 0, skipped: 0, review: 0 }

export const sumOf = (one: Decided, other: Decided): Decided => ({
  merged: one.merged + other.merged,
  counted: one.counted + other.counted,
  skipped: one.skipped + other.skipped,
  review: one.review + other.review
})

/** What there is at a time, of one connection and in order: everything that was imported, and what the feed has brought. */
export interface Surroundings {
  readonly connection: string
  readonly candidates: ReadonlyArray<Candidate>
  readonly plays: ReadonlyArray<PolledPlay>
}

const isOpen = ({ status }: Candidate): boolean => status === "new" || status === "processing"

/** What a merged play says besides: which stream tells of it, for how long it was heard, and when it began. */
export const mergedPlay = (
  { fields, key, countedAt }: PolledPlay,
  stream: Key,
  stamp: Stamp
): Amendment => {
  const [, end, , millisPlayed] = stream
  return {
    key,
    set: {
      streamed: stream,
      played_ms: Number(millisPlayed),
      ...stamp === "end" ? { started_at: DateTime.makeUnsafe(startOfStream(Number(end), Number(millisPlayed))) } : {}
    },
    fields: { ...fields, [countedColumn]: countedAt }
  }
}

/** What a candidate says once it is decided. */
export const decided = (
  key: Key,
  status: CandidateStatus,
  at: DateTime.Utc,
  more: { readonly play?: Key | undefined; readonly similarity?: number; readonly confidence?: number }
): Amendment => ({
  key,
  set: {
    status,
    decided_at: at,
    claim: undefined,
    claimed_at: undefined,
    attempts: 0,
    play: more.play,
    similarity: more.similarity,
    confidence: more.confidence
  },
  fields: {}
})

/** A page that writes what was decided. */
export const pageOf = (writes: {
  readonly own: ReadonlyArray<Row>
  readonly gone: ReadonlyArray<Key>
  readonly merged: ReadonlyArray<Amendment>
  readonly candidates: ReadonlyArray<Amendment>
  /** What the candidates have to be until then. */
  readonly where: string
  readonly vars: { readonly [name: string]: unknown }
}): Page => ({
  stream: playsTable,
  read: 0,
  writes: [
    ...writes.gone.length === 0 ? [] : [Write.Tombstone({ table: playsTable, keys: writes.gone, by: "merge" })],
    ...writes.own.length === 0 ? [] : [Write.Upsert({ table: playsTable, rows: writes.own, listing: Option.none() })],
    ...writes.merged.length === 0 ? [] : [
      Write.Amend({ table: playsTable, rows: writes.merged, where: "streamed = NONE AND deleted_at = NONE", vars: {} })
    ],
    Write.Amend({ table: streamedTable, rows: writes.candidates, where: writes.where, vars: writes.vars })
  ],
  cursor: Option.none(),
  fraction: Option.none()
})

/** Decides about the candidates that are under the hands of `claim`, seen beside everything around them. */
export const decide = (
  { candidates, connection, plays }: Surroundings,
  mine: ReadonlySet<string>,
  claim: string,
  at: DateTime.Utc
): { readonly page: Page; readonly reviews: ReadonlyArray<Statement>; readonly decided: Decided } => {
  const before = new Map(candidates.map(({ key }, index) => [keyText(key), candidates[index - 1]?.end ?? -Infinity]))
  const undecided = candidates.filter(isOpen)
  const free = plays.filter(({ streamed }) => Option.isNone(streamed))
  const matches = new Map<string, Match>(
    matchesOf(undecided, free, ({ key }) => before.get(keyText(key)) ?? -Infinity)
      .map((match) => [keyText(match.candidate.key), match])
  )
  const own: Array<Row> = []
  const gone: Array<Key> = []
  const merged: Array<Amendment> = []
  const told: Array<Amendment> = []
  const reviews: Array<Statement> = []
  const sum = { ...nothingDecided }
  for (const candidate of undecided) {
    const { key, millisPlayed } = candidate
    if (!mine.has(keyText(key))) continue
    const match = matches.get(keyText(key))
    if (match !== undefined) {
      const { confidence, play, similarity, stamp } = match
      // until now it counted by itself
      gone.push(...Option.toArray(candidate.play))
      if (confidence >= certain) {
        merged.push(mergedPlay(play, key, stamp))
        told.push(decided(key, "merged", at, { play: play.key, similarity, confidence }))
        sum.merged++
      } else {
        reviews.push(opened({ key, play: play.key, similarity, confidence, stamp }, at))
        told.push(decided(key, "processed", at, { similarity, confidence }))
        sum.review++
      }
    } else if (millisPlayed < shortestCounted) {
      told.push(decided(key, "skipped", at, {}))
      sum.skipped++
    } else {
      const play = ownPlay(connection, candidate)
      own.push(play)
      told.push(decided(key, "processed", at, { play: play.key }))
      sum.counted++
    }
  }
  return {
    page: pageOf({
      own,
      gone,
      merged,
      candidates: told,
      where: "status = 'processing' AND claim = $claim",
      vars: { claim }
    }),
    reviews,
    decided: sum
  }
}
