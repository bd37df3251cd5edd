import { DateTime, Effect, Option, Schema } from "effect"
import type { Connection } from "../domain/Connection.ts"
import { type Play, PlayFromSpotify } from "../domain/Play.ts"
import * as Series from "../Series.ts"
import { Spotify } from "../services/Spotify.ts"
import { playRow, playsTable } from "../store/Plays.ts"
import { spotifyCursor, type SpotifyState, SyncStates } from "../store/SyncStates.ts"
import { type Page, Write } from "../store/Write.ts"
import { gapBefore, type PlayGap } from "./PlayGap.ts"
import { readRecords } from "./ReadRecords.ts"
import { stream, type Sync } from "./Sync.ts"

const gaps = Series.counter("glider_gaps_total", {
  description: "Stretches of time whose records a provider can no longer give, by stream",
  labels: ["stream"],
  seeds: [{ stream: playsTable }]
})

const listed = Series.counter("glider_spotify_plays_total", {
  description: "Plays listed by Spotify, by kind: tracks, episodes and local files are all kept",
  labels: ["kind"]
})

/**
 * The listening history: every poll reads all that Spotify still gives, the last 50 plays, since plays made offline
 * surface late with an old `played_at`. One page, whose rows are keyed by instant and uri, so reading twice adds nothing.
 */
export const spotifySync: Effect.Effect<Sync, never, Spotify | SyncStates> = Effect.gen(function*() {
  const spotify = yield* Spotify
  const states = yield* SyncStates

  const page = Effect.fnUntraced(function*(connection: Connection) {
    const known = yield* states.spotify(connection.id)
    const items = yield* spotify.recentlyPlayed(connection.id)
    const at = yield* DateTime.now
    const { records, unreadable } = readRecords(PlayFromSpotify, items)
    const plays = records.map(({ record }) => record)
    const gap = gapBefore(items, known)
    yield* count(plays)
    if (Option.isSome(gap)) yield* report(gap.value)
    const writes = [
      ...Option.match(gap, {
        onNone: () => [],
        onSome: (
          range
        ) => [
          Write.Gap({
            stream: playsTable,
            connection: connection.id,
            ...range,
            reason: "more than 50 plays between two polls"
          })
        ]
      }),
      ...(records.length === 0 ? [] : [
        Write.Upsert({
          table: playsTable,
          rows: unique(records).map(({ raw, record }) => playRow(connection.id, record, raw)),
          listing: Option.none()
        })
      ]),
      ...(unreadable.length === 0
        ? []
        : [Write.Quarantine({ stream: playsTable, connection: connection.id, records: unreadable })])
    ]
    return {
      stream: playsTable,
      read: items.length,
      writes,
      cursor: Option.some(spotifyCursor(connection.id, {
        lastSyncAt: at,
        latestPlayedAt: latest(plays, known),
        tracksFetched: items.length
      })),
      fraction: Option.some(1)
    } satisfies Page
  })

  return {
    provider: "spotify",
    span: "sync_spotify",
    streams: (connection) =>
      Effect.succeed([stream({
        name: playsTable,
        position: Schema.Null,
        begin: Effect.succeed(null),
        next: () => Effect.map(page(connection), (page) => ({ page: Option.some(page), next: Option.none() }))
      })])
  }
})

/** One answer may list a play twice. */
const unique = <A extends { readonly record: Play }>(
  records: ReadonlyArray<A>
): ReadonlyArray<A> => [...new Map(records.map((entry) => [entry.record.key.join(" "), entry])).values()]

const latest = (plays: ReadonlyArray<Play>, known: Option.Option<SpotifyState>): Option.Option<DateTime.Utc> =>
  plays.reduce(
    (newest, { playedAt }) =>
      Option.some(Option.match(newest, { onNone: () => playedAt, onSome: DateTime.max(playedAt) })),
    Option.flatMap(known, ({ latestPlayedAt }) => latestPlayedAt)
  )

const count = (plays: ReadonlyArray<Play>): Effect.Effect<void> =>
  Effect.forEach(plays, ({ kind }) => listed.update({ kind }, 1), { discard: true })

const report = Effect.fnUntraced(function*(gap: PlayGap) {
  yield* gaps.update({ stream: playsTable }, 1)
  yield* Effect.logWarning("plays were lost: Spotify keeps 50, and more were made between two polls").pipe(
    Effect.annotateLogs({ from: DateTime.formatIso(gap.from), to: DateTime.formatIso(gap.to) })
  )
})
