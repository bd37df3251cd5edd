/** A store with some records of three accounts, of an owner in Berlin, and what is asked of them. */
import { DateTime, Effect, Layer, Option } from "effect"
import { CurrentConfig } from "../../src/Config.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import * as Records from "../../src/records/Records.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { ouraTable } from "../../src/store/OuraRecords.ts"
import { playsTable } from "../../src/store/Plays.ts"
import { type Key, type Row, Write } from "../../src/store/Write.ts"
import { configOf } from "../api/Served.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

export const spotify = connectionId("spotify", "me")
export const google = connectionId("google", "me")
export const oura = connectionId("oura", "me")

export const at = (text: string): DateTime.Utc => DateTime.makeUnsafe(text)

export const days = (from: string, to: string) => ({ from: LocalDay.make(from), to: LocalDay.make(to) })

/** A play of three minutes, unless it is said otherwise. */
export const play = (
  name: string,
  text: string,
  more: { readonly artists?: ReadonlyArray<string>; readonly millis?: number | undefined } = {}
): Row => ({
  key: [spotify, at(text).epochMilliseconds, `spotify:track:${name}`],
  fields: {
    spotify_track_id: name,
    track_uri: `spotify:track:${name}`,
    track_name: name,
    artist_names: more.artists ?? ["Can"],
    artist_ids: [],
    album_name: "Ege Bamyasi",
    album_id: "ege",
    duration_ms: "millis" in more ? more.millis : 180_000,
    played_at: at(text),
    kind: "track"
  },
  raw: { name }
})

export const event = (id: string, fields: { readonly [column: string]: unknown }): Row => ({
  key: [google, "primary", id],
  fields: { google_id: id, calendar_id: "primary", summary: id, status: "confirmed", all_day: false, ...fields },
  raw: { id }
})

export const sample = (text: string, bpm: number): Row => ({
  key: [oura, at(text).epochMilliseconds, "awake", bpm],
  fields: { timestamp: at(text), bpm, source: "awake" },
  raw: { bpm }
})

export const document = (id: string, day: string, fields: { readonly [column: string]: unknown }): Row => ({
  key: [oura, id],
  fields: { document_id: id, day, ...fields },
  raw: { id, day }
})

const page = (table: string, writes: ReadonlyArray<Write>) =>
  Effect.flatMap(
    Commit,
    (commit) => commit.page({ stream: table, read: 0, writes, cursor: Option.none(), fraction: Option.none() })
  )

/** Stores rows as a sync does. */
export const stored = (table: string, ...rows: ReadonlyArray<Row>) =>
  page(table, [Write.Upsert({ table, rows, listing: Option.none() })])

/** Takes them away as a sync does. */
export const gone = (table: string, ...keys: ReadonlyArray<Key>) => page(table, [Write.Tombstone({ table, keys })])

export const plays = playsTable
export const events = eventsTable
export const ringTable = ouraTable

/** Signs the three accounts in. */
export const signedIn = Effect.gen(function*() {
  const surreal = yield* Surreal
  for (const connection of [spotify, google, oura]) {
    yield* surreal.execute("INSERT INTO connection $row", {
      row: {
        id: recordId("connection", [connection]),
        provider: connection.split(":")[0],
        user_id: "me",
        state: "connected",
        scopes: [],
        connected_at: at("2026-01-01T00:00:00Z"),
        token_version: 1
      }
    })
  }
})

const config = configOf({})

const inBerlin = Layer.succeed(CurrentConfig, {
  ...config,
  scheduler: { ...config.scheduler, timezone: DateTime.zoneMakeNamedUnsafe("Europe/Berlin") }
})

/** The records over that store; `store` may watch it. */
export const recordsOver = <E>(store: Layer.Layer<Surreal, E>) =>
  Records.layer.pipe(
    Layer.provideMerge(Commit.layer),
    Layer.provide([CrashPoint.layer, inBerlin]),
    Layer.provideMerge(store)
  )

export const records = recordsOver(memoryStoreTest)
