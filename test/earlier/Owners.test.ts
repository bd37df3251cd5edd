import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Result } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { utcText } from "../../src/earlier/Instants.ts"
import { ownersOf } from "../../src/earlier/Owners.ts"
import { Connections } from "../../src/store/Connections.ts"
import { store } from "./EarlierWorld.ts"

const row = (table: string) => [table, [{ table, id: "one", fields: {} }]] as const

const nobody = { google: Option.none(), spotify: Option.none(), oura: Option.none() }

const signIn = Effect.fnUntraced(function*(userId: string) {
  const connections = yield* Connections
  yield* connections.signIn({ id: connectionId("spotify", userId), provider: "spotify", userId, version: 0 }, {
    access_token: "a",
    refresh_token: "r",
    expiresAt: DateTime.makeUnsafe("2026-01-01T00:00:00Z"),
    refreshExpiresAt: Option.none(),
    scopes: [],
    at: DateTime.makeUnsafe("2026-01-01T00:00:00Z")
  })
})

layer(store)("earlier/Owners", (it) => {
  it.effect("records belong to the account that is named, or to the one that is signed in, and to no other", () =>
    Effect.gen(function*() {
      const rows = new Map([row("spotify_listening_history"), row("oura_sync_state"), row("sync_runs")])
      const unknown = yield* Effect.flip(ownersOf(rows, nobody))
      assert.include(unknown.message, "no Spotify account is connected; no Oura account is connected")
      assert.strictEqual(
        unknown._tag === "OwnerUnknown" ? unknown.fix : "",
        "glider auth spotify, glider auth oura; or name the account: --spotify <user id> --oura <user id>"
      )
      const named = { ...nobody, spotify: Option.some("u1"), oura: Option.some("o1") }
      const { google, oura, spotify } = yield* ownersOf(rows, named)
      assert.deepStrictEqual(
        [google, spotify, oura].map(Option.map(({ connection }) => connection)),
        [Option.none(), Option.some("spotify:u1"), Option.some("oura:o1")]
      )
      yield* signIn("u2")
      const other = yield* Effect.flip(ownersOf(rows, named))
      assert.include(other.message, "u1 is not the Spotify account that is connected (u2)")
      const signedIn = yield* ownersOf(rows, { ...nobody, oura: Option.some("o1") })
      assert.deepStrictEqual(Option.map(signedIn.spotify, ({ userId }) => userId), Option.some("u2"))
      yield* signIn("u3")
      const several = yield* Effect.result(ownersOf(rows, { ...nobody, oura: Option.some("o1") }))
      assert.include(Result.isFailure(several) ? several.failure.message : "", "there are several Spotify accounts")
    }))

  it.effect("an instant is read in every form that the earlier one wrote, and nothing else is one", () =>
    Effect.sync(() => {
      const read = (value: unknown) => Option.getOrUndefined(utcText(value))
      assert.deepStrictEqual(
        [
          "2024-05-01T10:00:00+00:00Z",
          "2024-05-01T10:00:00.123456+00:00Z",
          "2024-05-01 10:00:00+00:00",
          "2024-05-01T12:00:00+0200",
          "2024-05-01T10:00:00.5",
          "2024-05-01 10:00:00",
          1_714_557_600_123
        ].map(read),
        [
          "2024-05-01T10:00:00+00:00",
          "2024-05-01T10:00:00.123456+00:00",
          "2024-05-01T10:00:00+00:00",
          "2024-05-01T12:00:00+02:00",
          "2024-05-01T10:00:00.5Z",
          "2024-05-01T10:00:00Z",
          "2024-05-01T10:00:00.123Z"
        ]
      )
      const others = ["", "soon", "2024-05-01", "2024-13-01T10:00:00Z", "10:00:00Z", null, {}, Number.NaN]
      assert.deepStrictEqual(others.map(read), others.map(() => undefined))
    }))
})
