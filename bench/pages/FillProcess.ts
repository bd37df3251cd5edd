/** Stores years of records by the way that syncs take: `node FillProcess.ts <FillSetup as JSON>`. */
import { Array as Arr, DateTime, Effect, Layer, Option } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { ouraTable } from "../../src/store/OuraRecords.ts"
import { playsTable } from "../../src/store/Plays.ts"
import { type Row, Write } from "../../src/store/Write.ts"
import { tables } from "../schedules/World.ts"
import { main } from "../workflows/Process.ts"
import { FillSetup } from "./PageFigures.ts"

const spotify = connectionId("spotify", "bench")
const oura = connectionId("oura", "bench")
const google = connectionId("google", "bench")

const day = 86_400_000

const at = (millis: number): DateTime.Utc => DateTime.makeUnsafe(millis)

/** About as large as what Spotify sends with a play. */
const markets = Array.from({ length: 180 }, (_, index) => String.fromCharCode(65 + index % 26, 65 + index % 24))

/** Twenty-five thousand a year: sessions of a dozen tracks. */
const playOf = (now: number) => (index: number): Row => {
  const millis = now - Math.floor(index / 12) * 4 * 3_600_000 - index % 12 * 240_000
  const track = index * 7919 % 20_000
  const artist = track % 3000
  const name = `Track ${track} of the ${["night", "river", "summer", "city"][track % 4]}`
  return {
    key: [spotify, millis, `spotify:track:${track}`],
    fields: {
      spotify_track_id: `${track}`,
      track_uri: `spotify:track:${track}`,
      track_name: name,
      artist_names: [`Artist ${artist}`],
      artist_ids: [`${artist}`],
      album_name: `Album ${track % 6000}`,
      album_id: `${track % 6000}`,
      duration_ms: 180_000 + track % 90_000,
      explicit: false,
      popularity: undefined,
      played_at: at(millis),
      context_uri: undefined,
      kind: "track"
    },
    raw: { track: { name, available_markets: markets, album: { name: `Album ${track % 6000}` } }, played_at: millis }
  }
}

const sampleOf = (now: number) => (index: number): Row => {
  const millis = Math.floor(now / 300_000) * 300_000 - index * 300_000
  const bpm = 48 + index * 7 % 60
  return {
    key: [oura, millis, "awake", bpm],
    fields: { timestamp: at(millis), bpm, source: "awake" },
    raw: { timestamp: millis, bpm, source: "awake" }
  }
}

const titles = ["Standup", "Dinner with Zoë", "Choir rehearsal", "Dentist", "Planning", "Train to Prague"]

const eventOf = (now: number) => (index: number): Row => {
  const start = now + 30 * day - index * 4.4 * 3_600_000
  const summary = `${titles[index % titles.length]} ${index}`
  return {
    key: [google, "primary", `event-${index}`],
    fields: {
      google_id: `event-${index}`,
      calendar_id: "primary",
      summary,
      all_day: false,
      start: at(start),
      // one in a hundred lasts for days
      end: at(start + (index % 100 === 0 ? 3 * day : 3_600_000)),
      status: "confirmed",
      location: index % 3 === 0 ? "Studio Letná, Praha 7" : undefined,
      description: index % 5 === 0 ? "Bring what we talked about, and the notes of last time." : undefined,
      recurring_event_id: index % 6 === 0 ? "standup" : undefined
    },
    raw: { id: `event-${index}`, summary }
  }
}

/** What the ring says of each minute of a day: such a document is a hundred times as large as the others. */
const minutes = { interval: 60, timestamp: "2026-01-01T00:00:00.000+00:00", items: Arr.makeBy(1440, () => 1.3) }

const documents: { readonly [T in "daily_sleep" | "daily_activity" | "daily_readiness" | "daily_stress"]: object } = {
  daily_sleep: { score: 80 },
  daily_activity: { score: 75, steps: 9000, met: minutes },
  daily_readiness: { score: 70 },
  daily_stress: { stress_high: 3600, recovery_high: 5400 }
}

const documentOf = (now: number, fields: object) => (index: number): Row => {
  const of = DateTime.formatIsoDateUtc(at(now - index * day))
  return { key: [oura, of], fields: { document_id: of, day: of, ...fields }, raw: { day: of, ...fields } }
}

/** Documents in a page: as many as Oura gives of a month, and no more than the engine takes in one transaction (64 MB). */
const fewer = 30

main(FillSetup, ({ days, events, folder, now, plays, samples }) =>
  Effect.gen(function*() {
    const commit = yield* Commit
    const surreal = yield* Surreal
    for (const connection of [google, spotify, oura]) {
      yield* surreal.execute("INSERT INTO connection $row RETURN NONE", {
        row: {
          id: recordId("connection", [connection]),
          provider: connection.split(":")[0],
          user_id: "bench",
          state: "connected",
          scopes: [],
          connected_at: at(now - days * day),
          token_version: 1
        }
      })
    }
    const fill = Effect.fnUntraced(function*(
      table: string,
      count: number,
      rowOf: (index: number) => Row,
      batch = 2000
    ) {
      for (let from = 0; from < count; from += batch) {
        const rows = Arr.makeBy(Math.min(batch, count - from), (index) => rowOf(from + index))
        yield* commit.page({
          stream: table,
          read: rows.length,
          writes: [Write.Upsert({ table, rows, listing: Option.none() })],
          cursor: Option.none(),
          fraction: Option.none()
        })
      }
    })
    yield* fill(playsTable, plays, playOf(now))
    yield* fill(ouraTable("heartrate"), samples, sampleOf(now))
    yield* fill(eventsTable, events, eventOf(now))
    for (const type of ["daily_sleep", "daily_activity", "daily_readiness", "daily_stress"] as const) {
      yield* fill(ouraTable(type), days, documentOf(now, documents[type]), fewer)
    }
  }).pipe(Effect.provide(Commit.layer.pipe(Layer.provideMerge(tables(folder))))))
