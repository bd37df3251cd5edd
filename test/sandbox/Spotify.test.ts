import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { ask, type Asking, at, list, text } from "./Ask.ts"

const feed = Effect.fnUntraced(function*(query: Record<string, string> = {}, more: Asking = {}) {
  const sandbox = yield* Sandbox
  const { accessToken } = yield* sandbox.tokens.issue("spotify")
  return yield* ask(`${sandbox.providerAddresses.spotify.api_url}/me/player/recently-played`, {
    token: accessToken,
    query,
    ...more
  })
})

const playedAt = (item: Parameters<typeof at>[0]): number => Date.parse(text(item, "played_at"))

describe("the stand-in for Spotify", () => {
  it.effect("lists twenty plays unless asked for more, newest first, and refuses limits outside 1 to 50", () =>
    Effect.gen(function*() {
      assert.lengthOf(list((yield* feed()).json, "items"), 20)
      const times = list((yield* feed({ limit: "50" })).json, "items").map(playedAt)
      assert.lengthOf(times, 50)
      assert.deepStrictEqual(times, times.toSorted((a, b) => b - a))
      for (const limit of ["0", "51", "-1", "x", "1.5", ""]) {
        const refused = yield* feed({ limit })
        assert.strictEqual(refused.status, 400, limit)
        assert.deepStrictEqual(refused.json, { error: { status: 400, message: "Invalid limit" } })
      }
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("takes after and before as exclusive milliseconds, never both", () =>
    Effect.gen(function*() {
      const items = list((yield* feed({ limit: "50" })).json, "items")
      const third = String(playedAt(items[2]))
      const newer = list((yield* feed({ limit: "50", after: third })).json, "items")
      assert.deepStrictEqual(newer, items.filter((item) => playedAt(item) > Number(third)))
      const older = list((yield* feed({ limit: "5", before: third })).json, "items")
      assert.deepStrictEqual(older, items.filter((item) => playedAt(item) < Number(third)).slice(0, 5))
      assert.strictEqual((yield* feed({ before: third, after: third })).status, 400)
      assert.strictEqual((yield* feed({ after: "yesterday" })).status, 400)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("gives the newest plays when after lies too far back, and skips the older ones", () =>
    Effect.gen(function*() {
      const newest = list((yield* feed()).json, "items")
      assert.deepStrictEqual(list((yield* feed({ after: "1700000000" })).json, "items"), newest)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("pages back through the last 50 plays only, and ends with a page whose cursors are null", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const { accessToken: token } = yield* sandbox.tokens.issue("spotify")
      let url = `${sandbox.providerAddresses.spotify.api_url}/me/player/recently-played?limit=20`
      const sizes: Array<number> = []
      let last = yield* ask(url, { token })
      for (; at(last.json, "next") !== null; last = yield* ask(url, { token })) {
        sizes.push(list(last.json, "items").length)
        url = text(last.json, "next")
      }
      assert.deepStrictEqual(sizes, [20, 20, 10])
      assert.deepStrictEqual(list(last.json, "items"), [])
      assert.isNull(at(last.json, "cursors"))
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("leaves the fraction out of a played_at on a full second", () =>
    Effect.gen(function*() {
      const { listening } = yield* Sandbox
      yield* listening.addPlay({ playedAt: "2026-11-20T20:59:58.000Z" })
      yield* listening.addPlay({ playedAt: "2026-11-20T20:59:59.070Z" })
      const items = list((yield* feed({ limit: "2" })).json, "items")
      assert.deepStrictEqual(items.map((item) => text(item, "played_at")), [
        "2026-11-20T20:59:59.070Z",
        "2026-11-20T20:59:58Z"
      ])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("shows a play from its visible instant on, at its old place", () =>
    Effect.gen(function*() {
      const { clock, listening, truth } = yield* Sandbox
      const uri = listening.trackUris[3] ?? ""
      const before = list((yield* feed({ limit: "50" })).json, "items")
      yield* listening.addPlay({
        playedAt: "2026-11-20T08:00:00.123Z",
        visibleFrom: "2026-11-20T21:30:00Z",
        trackUri: uri
      })
      assert.deepStrictEqual(list((yield* feed({ limit: "50" })).json, "items"), before)
      yield* clock.advance("31 minutes")
      const items = list((yield* feed({ limit: "50" })).json, "items")
      const found = items.find((item) => text(item, "played_at") === "2026-11-20T08:00:00.123Z")
      assert.strictEqual(text(found, "track", "uri"), uri)
      assert.deepStrictEqual(items, yield* truth.plays)
      const misuse = yield* Effect.flip(
        listening.addPlay({ playedAt: "2026-11-20T08:00:00Z", trackUri: "spotify:track:x" })
      )
      assert.strictEqual(misuse._tag, "SandboxMisuse")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("holds a believable year: a few dozen plays a day, local files, repeats, late plays, shared instants", () =>
    Effect.gen(function*() {
      const { truth, year } = yield* Sandbox
      const plays = yield* truth.playsBetween(year.start, year.end)
      assert.isAbove(plays.length, 365 * 20)
      assert.isBelow(plays.length, 365 * 60)
      const pairs = plays.slice(1).map((play, index) => [plays[index], play] as const)
      const repeats = pairs.filter(([a, b]) =>
        text(a, "track", "uri") === text(b, "track", "uri") && playedAt(b) - playedAt(a) <= 30_000 &&
        playedAt(b) > playedAt(a)
      )
      assert.isNotEmpty(repeats)
      assert.isNotEmpty(pairs.filter(([a, b]) => playedAt(a) === playedAt(b)))
      assert.isNotEmpty(plays.filter((play) => /:\d\dZ$/.test(text(play, "played_at"))))
      const local = plays.filter((play) => at(play, "track", "is_local") === true)
      assert.isNotEmpty(local)
      assert.isTrue(
        local.every((play) =>
          at(play, "track", "id") === null && text(play, "track", "uri").startsWith("spotify:local:")
        )
      )
      const songs = plays.filter((play) => at(play, "track", "is_local") === false)
      assert.isTrue(songs.every((play) => /^[A-Za-z0-9]{22}$/.test(text(play, "track", "id"))))
      assert.isAbove(new Set(songs.map((play) => text(play, "track", "artists", 0, "name"))).size, 50)
      assert.strictEqual(
        new Set(plays.map((play) => `${text(play, "played_at")} ${text(play, "track", "uri")}`)).size,
        plays.length
      )
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("lets plays heard offline surface later, behind plays that were seen before", () =>
    Effect.gen(function*() {
      const { clock, truth } = yield* Sandbox
      const seen = new Set<string>()
      let surfaced = 0
      for (let hours = 0; hours < 24 * 30; hours += 2) {
        const plays = yield* truth.plays
        const newest = Math.max(...[...seen].map((key) => Date.parse(key.split(" ")[0] ?? "")))
        for (const play of plays) {
          const key = `${text(play, "played_at")} ${text(play, "track", "uri")}`
          surfaced += seen.size > 0 && !seen.has(key) && playedAt(play) < newest - 60_000 ? 1 : 0
          seen.add(key)
        }
        yield* clock.advance("2 hours")
      }
      assert.isAbove(surfaced, 5)
    }).pipe(Effect.provide(Sandbox.layer({ start: "2026-09-20T12:00:00Z" }))))

  it.effect("tells apart no token, another scheme, an unknown, an expired and a too narrow token", () =>
    Effect.gen(function*() {
      const { clock, providerAddresses, tokens } = yield* Sandbox
      const url = `${providerAddresses.spotify.api_url}/me/player/recently-played`
      const said = (asking: Asking) =>
        Effect.map(ask(url, asking), (answer) => [answer.status, text(answer.json, "error", "message")])
      const { accessToken } = yield* tokens.issue("spotify", { expiresIn: "10 seconds" })
      const narrow = yield* tokens.issue("spotify", { scope: "playlist-read-private" })
      assert.deepStrictEqual(yield* said({}), [401, "No token provided"])
      assert.deepStrictEqual(yield* said({ headers: { authorization: "Basic eDp5" } }), [
        400,
        "Only valid bearer authentication supported"
      ])
      assert.deepStrictEqual(yield* said({ token: "nothing" }), [401, "Invalid access token"])
      assert.deepStrictEqual(yield* said({ token: narrow.accessToken }), [403, "Insufficient client scope"])
      assert.strictEqual((yield* said({ token: accessToken }))[0], 200)
      yield* clock.advance("10 seconds")
      assert.deepStrictEqual(yield* said({ token: accessToken }), [401, "The access token expired"])
      const missing = yield* ask(`${providerAddresses.spotify.api_url}/me/nothing`)
      assert.deepStrictEqual([missing.status, text(missing.json, "error", "message")], [404, "Service not found"])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("serves the profile, and the fields of before 2026 when asked", () =>
    Effect.gen(function*() {
      const { providerAddresses, tokens } = yield* Sandbox
      const { accessToken } = yield* tokens.issue("spotify", { scope: "" })
      const me = yield* ask(`${providerAddresses.spotify.api_url}/me`, { token: accessToken })
      assert.strictEqual(text(me.json, "id"), "sandbox-listener")
      const [first] = list((yield* feed({ limit: "1" })).json, "items")
      assert.isNumber(at(first, "track", "popularity"))
      assert.isNotEmpty(list(first, "track", "album", "available_markets"))
    }).pipe(Effect.provide(Sandbox.layer({ spotifyLegacyFields: true }))))
})
