import { NodeHttpServer } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, FileSystem, Layer, Option, Redacted, Schema, Stream } from "effect"
import { Digest, SecureRandom } from "effect/crypto"
import { HttpEffect, HttpRouter, type HttpServerRequest } from "effect/http"
import type { Scope } from "effect/Scope"
import { Buffer } from "node:buffer"
import { ApiToken } from "../../src/api/Caller.ts"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { About } from "../../src/api/Overview.ts"
import { routes } from "../../src/api/Routes.ts"
import { routing } from "../../src/api/RouteTable.ts"
import { SignInLinks } from "../../src/api/SignInLinks.ts"
import { make } from "../../src/cli/Client.ts"
import { DataFolder } from "../../src/config/Places.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { Sessions } from "../../src/store/Sessions.ts"
import { uploadFolder } from "../../src/workflows/Import.ts"
import { calendar, event } from "../support/Calendars.ts"
import { streamed, zipped } from "../support/Histories.ts"
import { until } from "../support/Turns.ts"
import { live, pass, signIn, sync, tasks, world } from "../support/World.ts"

const product = Layer.mergeAll(
  ConfigInForce.layer,
  ApiToken.layer,
  ApiTokens.layer,
  Sessions.layer,
  SignInLinks.layer,
  Scheduler.layerIdle,
  Layer.succeed(About, { version: "1.2.3", supervises: false })
).pipe(
  Layer.provideMerge(world({ start: "2026-09-15T12:00:00Z", seed: "imports" })),
  Layer.provideMerge(NodeHttpServer.layerHttpServices),
  Layer.provide([Digest.layerWebCrypto, SecureRandom.layerWebCrypto])
)

/** A client of the API without a socket, in the scope. */
const client = Effect.gen(function*() {
  const services = yield* Effect.context<Layer.Success<typeof product>>()
  const app = yield* Effect.provideService(HttpRouter.toHttpEffect(routes), HttpRouter.RouterConfig, routing)
  const handle = HttpEffect.toWebHandlerWith<never, Scope | HttpServerRequest.HttpServerRequest>(
    yield* Effect.context<never>()
  )(Effect.provideContext(app, services))
  return yield* make("http://glider.invalid", Context.get(services, ApiToken), {
    fetch: (input, init) => handle(new Request(input, init))
  })
})

const Item = Schema.Struct({
  played_at: Schema.String,
  track: Schema.Struct({ uri: Schema.String, name: Schema.String, duration_ms: Schema.Finite })
})

/** The plays that the sandbox has given, as a history has them whose plays are stamped with their ends. */
const historyOf = (items: ReadonlyArray<typeof Item.Type>) =>
  items.map(({ played_at, track }) =>
    streamed(track.name, played_at, Math.max(31_000, track.duration_ms - 1_000), { spotify_track_uri: track.uri })
  )

/** Uploads in pieces, as a file comes. */
const inPieces = (bytes: Uint8Array) =>
  Stream.fromIterable(
    Array.from({ length: Math.ceil(bytes.length / 999) }, (_, at) => bytes.subarray(at * 999, (at + 1) * 999))
  )

layer(product, { excludeTestServices: true })("an import over the API", (it) => {
  it.effect("needs an account, refuses what is no export, and keeps nothing of it", () =>
    Effect.gen(function*() {
      const { imports } = yield* client
      const upload = (bytes: Uint8Array, connection?: string) =>
        Effect.flip(imports.upload({
          query: { file: "a.zip", ...connection === undefined ? {} : { connection } },
          payload: inPieces(bytes)
        }))
      const history = zipped([["Streaming_History_Audio_2026_0.json", "[]"]])
      const nobody = yield* upload(history)
      assert.deepInclude(nobody, { _tag: "RunConflict", fix: "glider auth spotify" })
      yield* signIn("spotify")
      assert.strictEqual((yield* upload(history, "spotify:other"))._tag, "InvalidRequest")
      const cut = Stream.concat(inPieces(zipped([["a", "x".repeat(4000)]]).subarray(0, 3000)), Stream.fail("reset"))
      const short = yield* Effect.flip(imports.upload({ query: { file: "a.zip" }, payload: cut }))
      assert.include(short.message, "cut short")
      const refused = yield* upload(zipped([["photos/1.jpg", "x"]]))
      assert.include(refused.message, "none of its 1 files is a Streaming_History_Audio")
      const fs = yield* FileSystem.FileSystem
      assert.deepStrictEqual(yield* fs.readDirectory(uploadFolder((yield* DataFolder).path)), [])
      assert.strictEqual((yield* Effect.flip(imports.get({ params: { id: "none" } })))._tag, "NotFound")
      assert.deepStrictEqual(yield* imports.list({ query: {} }), [])
    }))

  it.effect("merges a history of the same days with what was polled, and a sync afterwards adds only what is new", () =>
    Effect.gen(function*() {
      const { candidates, imports } = yield* client
      const control = yield* RunControl
      assert.strictEqual((yield* sync(tasks.spotify)).status, "completed")
      const items = yield* Effect.orDie(
        Effect.flatMap(live("spotify_listening_history"), Schema.decodeUnknownEffect(Schema.Array(Item)))
      )
      assert.lengthOf(items, 50)
      const older = streamed("older", "2026-01-01T10:00:00Z", 200_000)
      const file = zipped([["Streaming_History_Audio_2026_0.json", JSON.stringify([older, ...historyOf(items)])]])
      const accepted = yield* imports.upload({ query: { file: "my_spotify_data.zip" }, payload: inPieces(file) })
      assert.deepInclude(accepted, { file: "my_spotify_data.zip", bytes: file.length, files: 1 })
      yield* control.ended(accepted.id)
      const info = yield* imports.get({ params: { id: accepted.id } })
      assert.strictEqual(info.status, "completed")
      assert.deepStrictEqual(info.file, Option.some("my_spotify_data.zip"))
      const result = Option.getOrThrow(info.result)
      assert.deepInclude(result, { records: 51, created: 51, merged: 50, counted: 1, review: 0, failed: 0 })
      assert.deepStrictEqual((yield* imports.list({ query: {} })).map(({ id }) => id), [accepted.id])
      assert.deepStrictEqual(yield* candidates.list({ query: {} }), [])
      assert.strictEqual((yield* Effect.flip(candidates.approve({ params: { id: "none" } })))._tag, "NotFound")
      yield* pass("1 hour")
      assert.strictEqual((yield* sync(tasks.spotify)).status, "completed")
      const merged = yield* live("spotify_listening_history", "streamed != NONE AND origin = NONE")
      assert.lengthOf(merged, 50)
    }))

  it.effect("a calendar needs no account, and an address that is none is refused without being told", () =>
    Effect.gen(function*() {
      const { imports } = yield* client
      const told = calendar(event("a", "DTSTART:20261005T070000Z"))
      const accepted = yield* imports.upload({ query: { file: "Home 2026.ics" }, payload: inPieces(Buffer.from(told)) })
      assert.deepInclude(accepted, { connection: "ics:home-2026", files: 1 })
      const address = Redacted.make("ftp://calendar.example.org/5ec7e7.ics", { label: "address" })
      const refused = yield* Effect.flip(imports.address({ payload: { address } }))
      assert.match(refused.message, /no address of a calendar/)
      assert.notInclude(JSON.stringify(refused), "5ec7e7")
      const ended = Effect.map(imports.get({ params: { id: accepted.id } }), ({ status }) => status === "completed")
      yield* until(() => ended)
    }))
})
