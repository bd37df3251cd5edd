import { DateTime, Option, Schema } from "effect"
import { InstantText } from "../domain/OffsetTime.ts"
import type { SpotifyState } from "../store/SyncStates.ts"
import { readRecords } from "./ReadRecords.ts"

/** A stretch of time, `from` and `to` being plays that are known. */
export interface PlayGap {
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
}

/** All that Spotify keeps of a listening history. */
const reach = 50

/** An item may tell when it was played although the rest cannot be read. */
const Dated = Schema.Struct({ played_at: InstantText })

/**
 * The plays nobody can give any more: the answer is full, so older ones may have fallen off its end, and it does not
 * reach back to the newest play there was. Never at the first sync, which has nothing to reach back to.
 */
export const gapBefore = (
  items: ReadonlyArray<unknown>,
  known: Option.Option<Pick<SpotifyState, "lastSyncAt" | "latestPlayedAt">>
): Option.Option<PlayGap> => {
  const instants = readRecords(Dated, items).records.map(({ record }) => record.played_at)
  const [first, ...rest] = instants
  if (items.length < reach || first === undefined || Option.isNone(known)) return Option.none()
  const to = rest.reduce(DateTime.min, first)
  const from = Option.getOrElse(known.value.latestPlayedAt, () => known.value.lastSyncAt)
  return DateTime.isGreaterThan(to, from) ? Option.some({ from, to }) : Option.none()
}
