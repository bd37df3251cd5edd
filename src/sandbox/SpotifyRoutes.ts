/** Spotify's data API: the profile and the feed of recent plays. */
import type { JsonObject } from "./Contract.ts"
import { type Call, ok, type Reply, type Route, wholeNumber } from "./Exchange.ts"
import { type ListedPlay, type Listening, profile, reach } from "./Listening.ts"
import { spotifyError } from "./Refusals.ts"
import { refusal } from "./SpotifyGuard.ts"
import type { TokenStore } from "./Tokens.ts"

export const spotifyRoutes = (options: {
  readonly listening: Listening
  readonly tokens: TokenStore
  readonly url: () => string
  readonly now: () => number
}): ReadonlyArray<Route> => {
  const { listening, now, tokens } = options
  const feedPath = "/spotify/v1/me/player/recently-played"

  const listed = (
    plays: ReadonlyArray<ListedPlay>,
    limit: number,
    forward: boolean,
    query: URLSearchParams
  ): JsonObject => {
    const [newest, oldest] = [plays[0], plays.at(-1)]
    const asked = query.size === 0 ? "" : `?${query.toString()}`
    const href = `${options.url()}${feedPath}${asked}`
    if (newest === undefined || oldest === undefined) {
      return { items: [], next: null, cursors: null, limit, href }
    }
    const next = new URLSearchParams(
      forward ? { after: String(newest.playedAt) } : { before: String(oldest.playedAt) }
    )
    next.set("limit", String(limit))
    return {
      items: plays.map((play) => play.json),
      next: `${options.url()}${feedPath}?${next.toString()}`, // set even when nothing follows
      cursors: { after: String(newest.playedAt), before: String(oldest.playedAt) },
      limit,
      href
    }
  }

  const recentlyPlayed = (call: Call): Reply => {
    const limit = wholeNumber(call.query.get("limit") ?? "20", 1, reach)
    const [after, before] = [call.query.get("after"), call.query.get("before")]
    if (limit === undefined) {
      return spotifyError(400, "Invalid limit")
    }
    if (after !== null && before !== null) {
      return spotifyError(400, "Only one of before and after can be specified")
    }
    const bound = wholeNumber(after ?? before ?? "0", 0, Number.MAX_SAFE_INTEGER)
    if (bound === undefined) {
      return spotifyError(400, `Invalid ${after === null ? "before" : "after"} timestamp`)
    }
    const plays = listening.feed(now()).filter((play) =>
      after !== null ? play.playedAt > bound : before !== null ? play.playedAt < bound : true
    ).slice(0, limit)
    const twice = call.again ? plays.flatMap((play) => [play, play]) : plays
    return ok(listed(twice, limit, after !== null, call.query))
  }

  const guarded = (scopes: ReadonlyArray<string>, answer: (call: Call) => Reply) => (call: Call): Reply =>
    refusal(tokens, call, ...scopes) ?? answer(call)

  const get = (path: `/${string}`, answer: (call: Call) => Reply): Route => ({
    method: "GET",
    path,
    provider: "spotify",
    endpoint: "api",
    answer
  })

  return [
    get(
      "/spotify/v1/me",
      guarded([], (call) => {
        const user = tokens.userOf("spotify", call.header("authorization"))
        return ok(user === undefined ? profile : { ...profile, id: user })
      })
    ),
    get(feedPath, guarded(["user-read-recently-played"], recentlyPlayed))
  ]
}

/** What Spotify says to a path it does not have. */
export const spotifyNotFound = spotifyError(404, "Service not found")
