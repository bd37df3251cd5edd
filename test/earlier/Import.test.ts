import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import { PlayFromSpotify } from "../../src/domain/Play.ts"
import { StreamCounts } from "../../src/domain/Run.ts"
import { Clock } from "../../src/services/Clock.ts"
import { Google } from "../../src/services/Google.ts"
import { Oura } from "../../src/services/Oura.ts"
import { Spotify } from "../../src/services/Spotify.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { GoogleEvents } from "../../src/store/GoogleEvents.ts"
import { OuraRecords } from "../../src/store/OuraRecords.ts"
import { playRow, Plays } from "../../src/store/Plays.ts"
import { SyncStates } from "../../src/store/SyncStates.ts"
import { Write } from "../../src/store/Write.ts"
import { googleCalendarSync } from "../../src/syncs/GoogleCalendar.ts"
import { ouraSync } from "../../src/syncs/Oura.ts"
import { spotifySync } from "../../src/syncs/Spotify.ts"
import { connected, countOf, runSync } from "../syncs/SyncTest.ts"
import { earlierRows, expected, fromFixture, imported, lines, sentAgain, store } from "./EarlierWorld.ts"

const at = DateTime.makeUnsafe
const day = { from: at("2024-04-30T00:00:00Z"), to: at("2024-05-05T00:00:00Z") }
const first = LocalDay.make("2024-04-30")
const last = LocalDay.make("2024-05-04")

const iso = ({ epochMilliseconds }: DateTime.Utc) => DateTime.formatIso(DateTime.makeUnsafe(epochMilliseconds))

/** What is live of a person's plays, in lines. */
const heard = Effect.fnUntraced(function*(person: string) {
  const plays = yield* Effect.flatMap(Plays, ({ between }) => between(connectionId("spotify", person), day))
  return plays.map(({ name, playedAt, uri }) => `${iso(playedAt)} ${uri} ${Option.getOrElse(name, () => "-")}`)
})

const plays = [
  "2024-05-01T10:00:00.123Z spotify:track:63OQupATfueTdZMWTxW03A Karma Police",
  "2024-05-01T10:04:30.000Z spotify:track:11dFghVXANMlKmJXsNCbNl Short",
  "2024-05-01T10:04:42.000Z spotify:track:11dFghVXANMlKmJXsNCbNl Short",
  "2024-05-01T10:08:00.000Z spotify:local:Me::Demo:1 Demo",
  "2024-05-01T11:00:00.000Z spotify:track:6LgJvl0Xdtc73RJ1mmpotq Paranoid Android"
]

/** One sync of Spotify that is given these items. */
const syncOf = Effect.fnUntraced(function*(person: string, items: ReadonlyArray<unknown>) {
  const spotify = Layer.mock(Spotify, { recentlyPlayed: () => Effect.succeed(items) })
  return yield* runSync(yield* Effect.provide(spotifySync, spotify), connected("spotify", person))
})

layer(Layer.merge(store, NodeServices.layer))("earlier/Import", (it) => {
  it.effect("every row is accounted for, and those that can be mended are as the syncs would have written them", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(lines(yield* fromFixture("me")), expected)
      assert.deepStrictEqual(yield* heard("me"), plays)

      const events = yield* GoogleEvents
      const google = connectionId("google", "me@example.org")
      assert.deepStrictEqual(
        (yield* events.timed(google, day)).map(({ calendarId, event: { end, id, start } }) => [
          calendarId,
          id,
          ...[start, ...Option.toArray(end)].map((time) => time._tag === "Moment" ? iso(time.at) : time.date)
        ]),
        [
          ["me@example.org", "standup_20240501T070000Z", "2024-05-01T07:00:00.000Z", "2024-05-01T07:15:00.000Z"],
          ["me@example.org", "lunch2024", "2024-05-01T12:00:00.000Z", "2024-05-01T13:00:00.000Z"],
          ["me@example.org", "concert-2024", "2024-05-01T15:00:00.000Z", "2024-05-01T16:00:00.000Z"]
        ]
      )
      assert.deepStrictEqual(
        (yield* events.allDay(google, { from: first, to: last })).map((
          { calendarId, event }
        ) => [calendarId, event.id]),
        [["me@example.org", "trip2024"]]
      )

      const ring = yield* OuraRecords
      const oura = connectionId("oura", "me")
      assert.deepStrictEqual(
        (yield* ring.heartrate(oura, day)).map(({ bpm, source, timestamp }) => [iso(timestamp), bpm, source]),
        [
          ["2024-05-01T10:00:00.000Z", 61, "awake"],
          ["2024-05-01T10:05:00.000Z", 62.5, "awake"],
          ["2024-05-01T10:10:00.000Z", 58, "rest"],
          ["2024-05-01T10:15:00.000Z", 59, "rest"]
        ]
      )
      const nights = yield* ring.documents(oura, "daily_sleep", { from: first, to: last })
      assert.deepStrictEqual(nights.map(({ day, id, score }) => [day, id, Option.getOrUndefined(score)]), [
        ["2024-04-30", "aa1c2a9e-7d41-4a3b-9f0e-1b2c3d4e5f60", 70],
        ["2024-05-01", "3f1c2a9e-7d41-4a3b-9f0e-1b2c3d4e5f60", 81]
      ])
      const [session] = yield* ring.documents(oura, "session", { from: first, to: last })
      assert.strictEqual(session === undefined ? "" : iso(session.start_datetime.instant), "2024-05-01T18:00:00.000Z")
    }))

  it.effect("a second import adds nothing", () =>
    Effect.gen(function*() {
      yield* fromFixture("twice")
      const again = yield* fromFixture("twice")
      assert.strictEqual(again.reduce((sum, { created }) => sum + created, 0), 0)
      for (const { known, left, quarantined, read } of again) assert.strictEqual(known + left + quarantined, read)
      const quarantine = yield* Effect.flatMap(Surreal, ({ query }) =>
        query(
          Schema.Array(Schema.Struct({ stream: Schema.String, problem: Schema.String, raw: Schema.String })),
          "SELECT stream, problem, raw FROM quarantine WHERE connection CONTAINS 'twice'"
        ))
      assert.strictEqual(quarantine.length, 7)
      const cut = quarantine.find(({ raw }) => raw.includes("Creep"))
      assert.include(cut?.problem, "\"7ouMYWpwJ422\" is no whole id of a track")
      assert.include(cut?.raw, "\"id\":\"spotify_listening_history:1714561500000_7ouMYWpwJ422\"")
    }))

  it.effect("plays that a sync has brought, and brings again, stand once", () =>
    Effect.gen(function*() {
      const items = sentAgain(yield* earlierRows, "spotify_listening_history")
      yield* syncOf("before", items.slice(0, 2))
      assert.include(lines(yield* fromFixture("before")), "spotify_listening_history 7 = 3 + 2 + 2 + 0; 5")
      const after = yield* syncOf("before", items)
      assert.deepStrictEqual(
        [after.counts["spotify_listening_history"]].map((counts) => [
          counts?.created,
          counts?.updated,
          counts?.unchanged
        ]),
        [[0, 0, 4]]
      )
      assert.deepStrictEqual(yield* heard("before"), plays)
      assert.strictEqual(yield* countOf("spotify_listening_history", connected("spotify", "before")), plays.length)
    }))

  it.effect("events, samples and documents that are listed again stand once", () =>
    Effect.gen(function*() {
      const rows = yield* earlierRows
      yield* imported(rows, "listed")
      yield* TestClock.setTime(at("2024-05-02T12:00:00Z").epochMilliseconds)
      const concert = {
        id: "concert-2024",
        status: "confirmed",
        summary: "Concert, moved",
        start: { dateTime: "2024-05-01T19:00:00+02:00" },
        end: { dateTime: "2024-05-01T21:00:00+02:00" }
      }
      const items = sentAgain(rows, "google_calendar_events").slice(0, 3)
      const google = Layer.mock(Google, {
        events: () =>
          Effect.succeed({
            items: [...items, concert],
            nextPageToken: Option.none(),
            nextSyncToken: Option.some("next"),
            timeZone: Option.some("Europe/Prague")
          })
      })
      // the earlier one called the account's own calendar primary, or by its address
      const owner = connected("google", "listed@example.org")
      const calendar = yield* googleCalendarSync({
        calendarIds: ["me@example.org", "primary"],
        daysBack: 30,
        ignoreSyncToken: false
      }).pipe(Effect.provide(google))
      const { counts } = yield* runSync({
        ...calendar,
        streams: (of) => Effect.map(calendar.streams(of), (all) => all.slice(0, 1))
      }, owner)
      const { created, deleted, updated } = counts["google_calendar_events"] ?? StreamCounts.none
      assert.deepStrictEqual([created, updated, deleted], [1, 1, 0])

      const ring = connected("oura", "listed")
      const sample = { bpm: 61, source: "awake", timestamp: "2024-05-01T10:00:00.000Z" }
      const night = { id: "3f1c2a9e-7d41-4a3b-9f0e-1b2c3d4e5f60", day: "2024-05-01", score: 85 }
      const oura = Layer.mock(Oura, {
        heartrate: () => Stream.make([sample]),
        documents: (_, type) => Stream.make(type === "daily_sleep" ? [night] : [])
      })
      const sync = yield* Effect.provide(
        ouraSync({ dataTypes: ["heartrate", "daily_sleep"], lookbackDays: 1, forceLookback: false }),
        Layer.merge(oura, Clock.layerOf(DateTime.zoneMakeNamedUnsafe("Europe/Prague")))
      )
      const again = yield* runSync(sync, ring)
      assert.deepStrictEqual(
        ["oura_heartrate", "oura_daily_sleep"].map((stream) => {
          const { created, updated } = again.counts[stream] ?? StreamCounts.none
          return [created, updated]
        }),
        [[0, 1], [0, 1]]
      )
    }))

  it.effect("what the store has is newer: it stays, also where it is gone", () =>
    Effect.gen(function*() {
      const commit = yield* Commit
      const table = "spotify_listening_history"
      const [sent] = sentAgain(yield* earlierRows, table)
      const play = yield* Schema.decodeUnknownEffect(PlayFromSpotify)(sent)
      const row = playRow(connectionId("spotify", "newer"), play, { renamed: true })
      const page = { stream: table, read: 1, cursor: Option.none(), fraction: Option.none() }
      yield* commit.page({ ...page, writes: [Write.Upsert({ table, rows: [row], listing: Option.none() })] })
      yield* commit.page({ ...page, writes: [Write.Tombstone({ table, keys: [row.key] })] })
      yield* fromFixture("newer")
      assert.deepStrictEqual(yield* heard("newer"), plays.slice(1))
    }))

  it.effect("a dry run tells the same and writes nothing", () =>
    Effect.gen(function*() {
      const rows = yield* earlierRows
      assert.deepStrictEqual(lines(yield* imported(rows, "dry", true)), expected)
      assert.deepStrictEqual(yield* heard("dry"), [])
      assert.isTrue(
        Option.isNone(yield* Effect.flatMap(SyncStates, ({ spotify }) => spotify(connectionId("spotify", "dry"))))
      )
      assert.deepStrictEqual(lines(yield* imported(rows, "dry")), expected)
    }))

  it.effect("the syncs go on from where the earlier ones were: gaps are told, and Oura is asked from there", () =>
    Effect.gen(function*() {
      yield* fromFixture("on")
      const states = yield* SyncStates
      const oura = Option.getOrThrow(yield* states.oura(connectionId("oura", "on"), "heartrate"))
      assert.deepStrictEqual([iso(oura.lastSyncEnd), oura.recordsFetched], ["2024-05-01T10:10:00.000Z", 5])
      const track = { id: "11dFghVXANMlKmJXsNCbNl", uri: "spotify:track:11dFghVXANMlKmJXsNCbNl" }
      const later = Array.from({ length: 50 }, (_, minute) => ({
        played_at: iso(DateTime.add(at("2024-06-01T10:00:00Z"), { minutes: minute })),
        track
      }))
      assert.strictEqual((yield* syncOf("on", later)).counts["spotify_listening_history"]?.gaps, 1)
      // a second import must not set it back
      yield* fromFixture("on")
      assert.strictEqual((yield* syncOf("on", later)).counts["spotify_listening_history"]?.gaps, 0)
    }))
})
