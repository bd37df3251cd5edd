import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Affinities } from "../../src/affinity/Affinities.ts"
import { Met } from "../../src/affinity/Encounters.ts"
import { CurrentConfig } from "../../src/Config.ts"
import type { AffinityKind } from "../../src/domain/Affinity.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { AffinityRows } from "../../src/store/AffinityRows.ts"
import { Connections } from "../../src/store/Connections.ts"
import { EventCompany } from "../../src/store/EventCompany.ts"
import { begun, calendarConnection, ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import { Tracks } from "../../src/store/Tracks.ts"
import { configOf } from "../api/Served.ts"
import { at, event, events, gone, play, plays, records, signedIn, stored } from "../records/RecordsWorld.ts"

const config = configOf({})

const inBerlin = Layer.succeed(CurrentConfig, {
  ...config,
  scheduler: { ...config.scheduler, timezone: DateTime.zoneMakeNamedUnsafe("Europe/Berlin") }
})

const affinities = Affinities.layer.pipe(
  Layer.provide(Met.layer),
  Layer.provideMerge(AffinityRows.layer),
  Layer.provide([Connections.layer, EventCompany.layer, ImportedCalendars.layer, Tracks.layer, inBerlin]),
  Layer.provideMerge(records)
)

const listed = Effect.fnUntraced(function*(kind: AffinityKind, archived = false) {
  const { rows } = yield* (yield* Affinities).list({ kind, archived, after: Option.none(), limit: 100 })
  return rows
})

const decay = Effect.flatMap(Affinities, ({ decay }) => decay)

const setTime = (text: string) => TestClock.setTime(at(text).epochMilliseconds)

/** A song that was played so often, in one evening. */
const evening = (name: string, day: string, times: number, artists: ReadonlyArray<string>) =>
  stored(
    plays,
    ...Array.from({ length: times }, (_, index) =>
      play(name, DateTime.formatIso(DateTime.add(at(`${day}T12:00:00Z`), { minutes: index })), { artists }))
  )

const meeting = (
  id: string,
  text: string,
  fields: { readonly [column: string]: unknown },
  attendees: ReadonlyArray<unknown>
) => ({
  ...event(id, { start: at(text), end: DateTime.add(at(text), { hours: 1 }), ...fields }),
  raw: { id, attendees }
})

const me = { email: "me@example.com", self: true, responseStatus: "accepted" }
const ada = { email: "Ada@example.com", displayName: "Ada", responseStatus: "accepted" }

describe("affinity", () => {
  it.effect("songs and artists are the nearer the more often and the later they were heard", () =>
    Effect.gen(function*() {
      yield* setTime("2026-11-24T02:00:00Z")
      yield* signedIn
      yield* evening("often", "2026-11-23", 20, ["Can", "Neu!"])
      yield* evening("once", "2026-11-23", 1, ["Can"])
      yield* evening("then", "2026-11-03", 20, ["Faust"])
      const result = yield* decay
      assert.deepStrictEqual(result, { known: 6, met: 6, decayed: 0, archived: 0 })
      assert.deepStrictEqual((yield* listed("track")).map(({ name, uses }) => [name, uses]), [
        ["often", 20],
        ["once", 1],
        ["then", 20]
      ])
      const artists = yield* listed("artist")
      assert.deepStrictEqual(artists.map(({ name, uses }) => [name, uses]), [["Can", 21], ["Neu!", 20], ["Faust", 20]])
      assert.closeTo(artists[0]?.score ?? 0, (0.5 + 0.1 * Math.log(22)) * 0.97, 1e-9)
    }).pipe(Effect.provide(affinities)))

  it.effect("people and places are those of events that were, and that nobody declined", () =>
    Effect.gen(function*() {
      yield* setTime("2026-11-24T12:00:00Z")
      yield* signedIn
      const room = { email: "room@example.com", resource: true }
      const nobody = { email: "no@example.com", responseStatus: "declined" }
      const cafe = { location: " Café   Kranz" }
      yield* stored(
        events,
        meeting("a", "2026-11-20T10:00:00Z", cafe, [me, ada, room, nobody]),
        { ...meeting("a", "2026-11-20T10:00:00Z", cafe, [me, ada]), key: ["google:me", "work", "a"] },
        meeting("b", "2026-11-23T10:00:00Z", { location: "café kranz" }, [me, ada]),
        meeting("c", "2026-11-23T10:00:00Z", { location: "Hut" }, [{ ...me, responseStatus: "declined" }, ada]),
        meeting("d", "2026-11-25T10:00:00Z", { location: "Moon" }, [me, ada]),
        meeting("e", "2026-11-22T10:00:00Z", { location: "https://meet.example" }, [{ email: 7 }, "odd"]),
        event("f", { all_day: true, start_date: "2026-11-01", end_date: "2026-11-03", location: "Sea" })
      )
      yield* decay
      assert.deepStrictEqual(
        (yield* listed("person")).map(({ key, lastMet, name, uses }) => [key, name, uses, lastMet]),
        [["ada@example.com", "Ada", 2, at("2026-11-23T11:00:00Z").epochMilliseconds]]
      )
      assert.deepStrictEqual((yield* listed("place")).map(({ name, uses }) => [name, uses]), [
        ["café kranz", 2],
        ["Sea", 1]
      ])
    }).pipe(Effect.provide(affinities)))

  it.effect("a meeting that stands in the calendars of two accounts counts once, and is none with oneself", () =>
    Effect.gen(function*() {
      yield* setTime("2026-11-24T12:00:00Z")
      yield* signedIn
      const surreal = yield* Surreal
      const [home, work] = ["me@example.com", "me@work.example"]
      for (const [user, name] of [[home, "home"], [work, "work"]]) {
        yield* surreal.execute("INSERT INTO connection $row", {
          row: {
            id: recordId("connection", [`google:${user}`]),
            provider: "google",
            user_id: user,
            name,
            state: "connected",
            scopes: [],
            connected_at: at("2026-01-01T00:00:00Z"),
            token_version: 1
          }
        })
      }
      const copy = (id: string, self: string) => ({
        ...meeting(id, "2026-11-20T10:00:00Z", { location: "Office" }, []),
        key: [`google:${self}`, "primary", id],
        raw: {
          id,
          iCalUID: "meeting@google.com",
          attendees: [home, work, "Ada@example.com"].map((email) => ({
            email,
            self: email === self
          }))
        }
      })
      yield* stored(events, copy("a", home), copy("b", work))
      yield* decay
      assert.deepStrictEqual((yield* listed("person")).map(({ key, uses }) => [key, uses]), [["ada@example.com", 1]])
      assert.deepStrictEqual((yield* listed("place")).map(({ name, uses }) => [name, uses]), [["Office", 1]])
    }).pipe(Effect.provide(affinities)))

  it.effect("places of imported calendars count, once where Google has the event, too", () =>
    Effect.gen(function*() {
      yield* setTime("2026-11-24T12:00:00Z")
      yield* signedIn
      const surreal = yield* Surreal
      yield* surreal.transaction([begun({ name: "club", address: null, at: at("2026-11-01T00:00:00Z") })])
      const club = (id: string, text: string, location: string) => ({
        ...event(id, { start: at(text), location }),
        key: [calendarConnection("club"), "club", id]
      })
      yield* stored(
        events,
        {
          ...event("g1", { start: at("2026-11-20T10:00:00Z"), location: "Court" }),
          raw: { id: "g1", iCalUID: "match@club.example" }
        },
        club("match@club.example", "2026-11-20T10:00:00Z", "Court"),
        club("match@club.example_2", "2026-11-21T10:00:00Z", "Court"),
        club("party@club.example", "2026-11-22T10:00:00Z", "Hall")
      )
      yield* decay
      assert.deepStrictEqual((yield* listed("place")).map(({ name, uses }) => [name, uses]), [["Court", 2], [
        "Hall",
        1
      ]])
    }).pipe(Effect.provide(affinities)))

  it.effect("however often it is looked at, the score of a day is one: each day, twice a day, or once in a while", () =>
    Effect.gen(function*() {
      yield* setTime("2026-01-01T02:00:00Z")
      yield* signedIn
      yield* evening("song", "2026-01-01", 200, [])
      yield* setTime("2026-01-01T22:00:00Z")
      yield* decay
      const daily: Array<number | undefined> = []
      for (let day = 1; day <= 44; day++) {
        yield* TestClock.adjust("1 day")
        yield* decay
        assert.deepStrictEqual(yield* decay, { known: 1, met: 0, decayed: 0, archived: 0 })
        daily.push((yield* listed("track"))[0]?.score)
      }
      assert.lengthOf(daily.filter((score) => score === undefined), 0)
      assert.closeTo(daily.at(-1) ?? 0, 0.95 ** 44, 1e-9)
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* decay, { known: 1, met: 0, decayed: 1, archived: 1 })
      assert.lengthOf(yield* listed("track"), 0)
      const [row] = yield* listed("track", true)
      assert.deepInclude(row, { archivedReason: "relevance_decay", uses: 200 })
    }).pipe(Effect.provide(affinities)))

  it.effect("what is archived stays there, and is near again once it is met again; what records take back is not forgotten at once", () =>
    Effect.gen(function*() {
      yield* setTime("2026-06-01T02:00:00Z")
      yield* signedIn
      yield* evening("old", "2026-01-01", 3, [])
      assert.deepInclude(yield* decay, { archived: 1 })
      yield* evening("old", "2026-05-31", 1, [])
      assert.deepInclude(yield* decay, { met: 1, archived: 0 })
      assert.deepStrictEqual((yield* listed("track")).map(({ archivedAt, uses }) => [archivedAt, uses]), [
        [undefined, 4]
      ])
      yield* gone(plays, play("old", "2026-05-31T12:00:00Z").key)
      yield* decay
      assert.deepStrictEqual((yield* listed("track", true)).map(({ uses }) => uses), [3])
    }).pipe(Effect.provide(affinities)))

  it.effect("what the owner says matters falls slower from then on", () =>
    Effect.gen(function*() {
      yield* setTime("2026-06-01T02:00:00Z")
      yield* signedIn
      yield* evening("old", "2026-04-01", 3, [])
      yield* decay
      const affinities = yield* Affinities
      const [row] = yield* listed("track", true)
      const key = row?.key ?? ""
      const changed = yield* affinities.prefer("track", key, "critical")
      assert.isAbove(Option.getOrThrow(changed).score, 0.3)
      assert.deepStrictEqual(yield* affinities.prefer("track", "none", "high"), Option.none())
      yield* TestClock.adjust("1 day")
      yield* decay
      assert.deepStrictEqual((yield* listed("track")).map(({ priority }) => priority), ["critical"])
    }).pipe(Effect.provide(affinities)))
})
