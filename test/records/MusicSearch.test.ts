import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import type { Found } from "../../src/records/Found.ts"
import { Search } from "../../src/records/Search.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { searchPlanner } from "../../src/store/SearchTexts.ts"
import { tracksPlanner } from "../../src/store/Tracks.ts"
import type { Row } from "../../src/store/Write.ts"
import { at, play, plays, records, signedIn, spotify, stored } from "./RecordsWorld.ts"

/** So many tracks of an artist, each played once, a minute after the other: what the commits of their plays leave behind. */
const heard = Effect.fnUntraced(function*(artist: string, count: number, letter: string, from: string) {
  const surreal = yield* Surreal
  const all = Array.from({ length: count }, (_, index) => {
    const name = `${letter}${String(index).padStart(4, "0")}`
    return { key: [spotify, `spotify:track:${name}`], name, at: at(from).epochMilliseconds + index * 60_000 }
  })
  const tracks = yield* tracksPlanner(surreal)(all.map(({ at, key, name }) => ({
    key,
    names: { name, artists: [artist], album: undefined, albumId: undefined },
    come: [at],
    gone: []
  })))
  const texts = yield* searchPlanner(surreal)(
    all.map(({ key, name }) => ({ kind: "track", key, text: `${name}\n${artist}`, order: 0 }))
  )
  for (const { sql, vars } of [...tracks, ...texts]) yield* surreal.execute(sql, vars)
})

const artistsOf = (found: ReadonlyArray<Found>) =>
  found.flatMap((one) => one._tag === "Artist" ? [one] : []).map(({ name, played }) => ({
    name,
    plays: Option.getOrUndefined(Option.map(played, ({ plays }) => plays))
  }))

describe("the search for music", () => {
  it.effect("artists are counted by all of their tracks, or not at all, when more has the words than is looked at", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* heard("The Many", 1_950, "m", "2026-03-10T00:00:00Z")
      yield* heard("The Zeros", 140, "z", "2026-04-10T00:00:00Z")
      yield* stored(plays, play("a", "2026-05-10T18:00:00Z", { artists: ["The"] }))
      const { found, more } = yield* (yield* Search).find("the", 100)
      assert.isTrue(more)
      assert.deepStrictEqual(artistsOf(found), [
        { name: "The Many", plays: 1_950 },
        { name: "The Zeros", plays: 140 },
        { name: "The", plays: undefined }
      ])
      const zeros = found.flatMap((one) =>
        one._tag === "Artist" && one.name === "The Zeros" ? Option.toArray(one.played) : []
      )
      assert.deepStrictEqual(zeros.map(({ first, last }) => [first, last]), [
        [at("2026-04-10T00:00:00Z"), at("2026-04-10T02:19:00Z")]
      ])
    }).pipe(Effect.provide(records)))

  it.effect("a track that two accounts have played is one, with the plays of both", () =>
    Effect.gen(function*() {
      const other = connectionId("spotify", "other")
      yield* signedIn
      yield* (yield* Surreal).execute("INSERT INTO connection $row", {
        row: {
          id: recordId("connection", [other]),
          provider: "spotify",
          user_id: "other",
          state: "connected",
          scopes: [],
          connected_at: at("2026-01-01T00:00:00Z"),
          token_version: 1
        }
      })
      const ofOther = (name: string, text: string): Row => {
        const row = play(name, text)
        return { ...row, key: [other, ...row.key.slice(1)] }
      }
      yield* stored(plays, play("Vitamin C", "2026-03-10T18:00:00Z"), play("Spoon", "2026-03-11T18:00:00Z"))
      yield* stored(
        plays,
        ofOther("Vitamin C", "2026-03-12T18:00:00Z"),
        ofOther("Spoon", "2026-03-11T18:00:00Z")
      )
      const { found, more } = yield* (yield* Search).find("vitamin", 10)
      assert.deepStrictEqual(
        found.map((one) => one._tag === "Track" && [one.name, one.plays, one.last]),
        [["Vitamin C", 2, at("2026-03-12T18:00:00Z")]]
      )
      assert.isFalse(more)
      assert.deepStrictEqual(artistsOf((yield* (yield* Search).find("can", 10)).found), [{ name: "Can", plays: 4 }])
    }).pipe(Effect.provide(records)))
})
