/** The same request for a song, within its window, is the same run. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { parse } from "../../src/domain/RunQuery.ts"
import { StoreUnavailable, SurrealError } from "../../src/services/SurrealError.ts"
import { Runs } from "../../src/store/Runs.ts"
import { asker, contents, musicBehind, musicBehindAs, playlistId, spotifyAs, teardrop } from "./MusicServed.ts"

const asked = (user_id: string) => Effect.map(playlistId, (playlist_id) => ({ ...teardrop, user_id, playlist_id }))

const runsOf = Effect.fnUntraced(function*(user: string) {
  const query = Option.some(yield* Effect.fromResult(parse(`user_id = ${user}`)))
  return (yield* (yield* Runs).list({ query, after: Option.none(), limit: 50 })).runs
})

layer(musicBehind, { excludeTestServices: true })("a request for a song that comes again", (it) => {
  it.effect("is one run, also of many at the same instant, and adds one track", () =>
    Effect.gen(function*() {
      const { accepted, ended } = yield* asker
      const before = yield* contents
      const song = yield* asked("impatient")
      const many = yield* Effect.forEach(Array.from({ length: 8 }), () => accepted(song), { concurrency: "unbounded" })
      const [first, ...others] = [...new Set(many.map(({ workflow_id }) => workflow_id))]
      assert.deepStrictEqual(others, [])
      yield* ended(first ?? assert.fail("no run"))
      // the next process knows it from the store
      const late = yield* (yield* asker).accepted({ ...song, track_name: ` ${song.track_name} ` })
      assert.deepStrictEqual([late.workflow_id, late.status], [first, "accepted"])
      assert.lengthOf(yield* runsOf("impatient"), 1)
      assert.lengthOf(yield* contents, before.length + 1)
    }))

  it.effect("is another run when it says something else", () =>
    Effect.gen(function*() {
      const { accepted, ended } = yield* asker
      const song = yield* asked("choosy")
      const ids = [
        yield* accepted(song),
        yield* accepted({ ...song, match_threshold: 0 }),
        yield* accepted({ ...song, album: undefined })
      ].map(({ workflow_id }) => workflow_id)
      assert.strictEqual(new Set(ids).size, 3)
      yield* Effect.forEach(ids, ended)
    }))

  it.effect("is what its Idempotency-Key says, where it has one", () =>
    Effect.gen(function*() {
      const { accepted, ended, post } = yield* asker
      const song = yield* asked("keyed")
      const first = yield* accepted(song, { "idempotency-key": "one" })
      const again = yield* accepted(song, { "idempotency-key": "one" })
      const other = yield* accepted(song, { "idempotency-key": "two" })
      assert.strictEqual(again.workflow_id, first.workflow_id)
      assert.notStrictEqual(other.workflow_id, first.workflow_id)
      assert.match(first.workflow_id, /^sync-keyed-\d{13}-[0-9a-f]{5}$/)
      const reused = yield* post("/api/v1/sync", { ...song, artist: "x" }, { "idempotency-key": "one" })
      assert.strictEqual(reused.status, 422)
      yield* Effect.forEach([first.workflow_id, other.workflow_id], ended)
      assert.lengthOf(yield* runsOf("keyed"), 2)
    }))
})

const away = Layer.mock(Accounts, {
  status: new SurrealError({ operation: "select", reason: new StoreUnavailable({ message: "connection refused" }) })
})

const refusals: ReadonlyArray<
  readonly [name: string, behind: typeof musicBehind, status: number, code: string, why: string]
> = [
  [
    "nobody has signed in",
    musicBehindAs(spotifyAs({ connection: Option.none() })),
    409,
    "music_unavailable",
    "no Spotify"
  ],
  [
    "the sign-in does not allow it",
    musicBehindAs(spotifyAs({ missingScopes: ["playlist-modify-private"] })),
    409,
    "music_unavailable",
    "it lacks playlist-modify-private"
  ],
  ["it is switched off", musicBehindAs(spotifyAs({}), false), 409, "music_unavailable", "not put into playlists"],
  ["the store is away", musicBehindAs(away), 503, "store_failed", "connection refused"]
]

for (const [name, behind, expected, code, why] of refusals) {
  layer(behind, { excludeTestServices: true })("a song that nobody could add", (it) => {
    it.effect(`is refused at once, with what is to be done, while ${name}`, () =>
      Effect.gen(function*() {
        const { post } = yield* asker
        const { body, status } = yield* post("/api/v1/sync", yield* asked("anna"))
        const problem = JSON.parse(body)
        assert.deepStrictEqual([status, problem.error], [expected, code])
        assert.include(problem.detail, why)
        assert.isString(problem.fix)
        assert.deepStrictEqual(yield* runsOf("anna"), [])
      }))
  })
}
