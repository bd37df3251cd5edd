/** A great many requests for songs while everything around them goes wrong, and what must be true afterwards. */
import { Effect, Exit, Fiber, Layer, Option, Schedule } from "effect"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import type { Fault, FaultRule } from "../../src/sandbox/FaultRules.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Runs } from "../../src/store/Runs.ts"
import { MusicSync } from "../../src/workflows/MusicSync.ts"
import { Retries } from "../../src/workflows/Retries.ts"
import { Reviews } from "../../src/workflows/Reviews.ts"
import { modelOf } from "./ModelWorld.ts"
import { musicWorldWith } from "./MusicWorld.ts"
import * as QuickClock from "./QuickClock.ts"
import { randomness } from "./RandomQueries.ts"
import { type Asked, isSong, requests, songs } from "./StormRequests.ts"

/** Retries wait for seconds of the providers' time, of which there is no need here. */
const timesAsFast = 10

/** With a model that has a minute for an answer. */
export const stormWorld = Layer.mergeAll(Retries.layer, Reviews.layer).pipe(
  Layer.provideMerge(musicWorldWith(modelOf({ provider: "openai", timeout: "1 minute" }))),
  Layer.provideMerge(QuickClock.layer(timesAsFast))
)

/** What an overloaded or broken provider, proxy or network does, and a client gets over. */
const kinds: ReadonlyArray<Fault> = [
  { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 1 } },
  { _tag: "Status", status: 500 },
  { _tag: "Status", status: 502, body: "html" },
  { _tag: "Status", status: 503 },
  { _tag: "Status", status: 504, body: "empty" },
  { _tag: "Reset" },
  { _tag: "ResetMidBody" },
  { _tag: "Truncated" },
  { _tag: "MalformedJson" },
  { _tag: "Html" }
]

/** Spotify asks for more patience than a step has, each time of all who ask it: once in so many requests for a song. */
const patience = (requests: number): FaultRule => ({
  fault: { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 40 } },
  provider: "spotify",
  probability: 0.02,
  times: Math.ceil(requests / 50)
})

/** The token that all of them share runs out, now and then: what is refused twice in a row is given up. */
const expiry = (requests: number): FaultRule => ({
  fault: { _tag: "TokenExpired" },
  provider: "spotify",
  probability: 0.02,
  times: Math.ceil(requests / 20)
})

/** The model does not answer, or not with what was asked for. */
const ofModels: ReadonlyArray<FaultRule> = [
  { fault: { _tag: "Hang" }, provider: "model", probability: 0.02, times: "always" },
  { fault: { _tag: "Status", status: 429 }, provider: "model", probability: 0.1, times: "always" },
  { fault: { _tag: "Status", status: 503 }, provider: "model", probability: 0.1, times: "always" },
  { fault: { _tag: "MalformedJson" }, provider: "model", probability: 0.05, times: "always" }
]

/** Says of whatever waits for a person what is true. */
const person = (asked: ReadonlyArray<Asked>) =>
  Effect.gen(function*() {
    const reviews = yield* Reviews
    for (const { candidate, id } of yield* reviews.list(100)) {
      const request = (yield* Effect.flatMap(Runs, (runs) => runs.get(id))).pipe(
        Option.flatMap(({ attributes }) =>
          Option.fromUndefinedOr(asked.find(({ payload }) =>
            payload.track_name === attributes["track_name"] && payload.artist === attributes["artist_name"]
          ))
        )
      )
      const isIt = Option.exists(request, ({ song }) =>
        Option.exists(song, (song) => isSong(song, candidate.candidate)))
      // another round may have answered it
      yield* Effect.ignore(reviews.answer(id, isIt ? "approved" : "rejected"))
    }
  }).pipe(Effect.repeat(Schedule.spaced("5 seconds")))

const ask = ({ payload }: Asked) => Effect.exit(MusicSync.execute(payload))

/** There is no such song, say the scores, a model or a person. */
const isNotThere = ({ _tag }: { readonly _tag: string }) => _tag === "NoMatch" || _tag === "NotApproved"

/** What a song that there is may end with: what was found did not do, or those who were asked stayed away until all tries were over. */
const isHonest = (error: Effect.Error<ReturnType<typeof MusicSync.execute>>): boolean =>
  isNotThere(error) || error._tag === "ActivityTimedOut" || error._tag === "SpotifyBusy" ||
  // of what another try does not mend there was only a token that is refused, and so is the one in its place
  (error._tag === "ProviderError" && (error.retryable || error.reason._tag === "Unauthorized"))

const twice = (uris: ReadonlyArray<string>) => uris.filter((uri, index) => uris.indexOf(uri) !== index)

/** Asks for songs under faults; gives what is wrong afterwards, and the figures. */
export const storm = Effect.fnUntraced(function*(options: { readonly requests: number; readonly seed: number }) {
  const { faults, model, playlists } = yield* Sandbox
  const before = yield* Effect.forEach(playlists.playlistIds, playlists.tracksIn)
  const asked = requests(options.requests, playlists.playlistIds, randomness(options.seed))
  yield* faults.random({ seed: options.seed, rate: 0.1, kinds, providers: ["spotify"] })
  yield* faults.script(patience(options.requests), expiry(options.requests), ...ofModels)
  const answering = yield* Effect.forkChild(person(asked))
  const exits = yield* Effect.forEach(asked, ask, { concurrency: 25 })
  yield* Fiber.interrupt(answering)
  yield* faults.clear

  const wrong: Array<string> = []
  const after = yield* Effect.forEach(playlists.playlistIds, playlists.tracksIn)
  const added = after.map((uris, index) => uris.slice(before[index]?.length ?? 0))
  added.forEach((uris, index) => {
    for (const uri of twice(uris)) wrong.push(`${uri} was added twice`)
    for (const uri of uris) if (before[index]?.includes(uri) === true) wrong.push(`${uri} was there before`)
  })
  const failures: Array<string> = []
  const adders = new Map<string, Set<string>>()
  let [possible, succeeded, seen] = [0, 0, 0]
  asked.forEach(({ payload, song }, index) => {
    const exit = exits[index] ?? Exit.die("it was not asked")
    const where = `${payload.track_name} by ${payload.artist} (${payload.key})`
    if (Option.isNone(song)) {
      if (Exit.isSuccess(exit)) wrong.push(`${where}: found ${exit.value.candidate.name}`)
      else if (!Option.exists(Exit.findErrorOption(exit), isNotThere)) wrong.push(`${where}: ${exit}`)
      return
    }
    possible++
    if (Exit.isFailure(exit)) {
      const error = Exit.findErrorOption(exit)
      const told = `${where}: ${
        Option.match(error, { onNone: () => "a defect", onSome: ({ _tag, message }) => `${_tag}: ${message}` })
      }`
      failures.push(told)
      if (!Option.exists(error, isHonest)) wrong.push(told)
      return
    }
    succeeded++
    const { candidate, outcome, verified } = exit.value
    if (!isSong(song.value, candidate)) wrong.push(`${where}: ${candidate.name} by ${candidate.artists.join(", ")}`)
    if (verified) seen++
    const list = playlists.playlistIds.indexOf(payload.playlist_id)
    if (after[list]?.includes(candidate.uri) !== true) wrong.push(`${where}: is not in the playlist`)
    const place = `${payload.playlist_id} ${candidate.uri}`
    if (outcome === "added") adders.set(place, (adders.get(place) ?? new Set()).add(payload.key))
  })
  for (const [place, keys] of adders) if (keys.size !== 1) wrong.push(`${place} was added by ${[...keys].join(", ")}`)
  const total = added.reduce((sum, uris) => sum + uris.length, 0)
  if (adders.size !== total) wrong.push(`${total} tracks are new, and ${adders.size} were added by somebody`)
  const keys = new Set(asked.map(({ payload }) => payload.key))
  const ended = yield* states
  if (ended.length !== keys.size) wrong.push(`${keys.size} requests are ${ended.length} runs`)
  for (const state of ended) if (state !== "completed" && state !== "failed") wrong.push(`a run is ${state}`)
  const questions = (yield* model.requests).length
  return { wrong, failures, possible, succeeded, seen, questions, applied: (yield* faults.applied).length }
})

/** The states of all runs there are. */
const states = Effect.gen(function*() {
  const runs = yield* Runs
  const found: Array<string> = []
  let after = Option.none<number>()
  do {
    const page = yield* runs.list({ query: Option.none(), after, limit: 500 })
    found.push(...page.runs.map(({ state }) => state))
    after = page.next
  } while (Option.isSome(after))
  return found
})

/** Asks for songs while Spotify is away, and retries at once all that failed when it is back. */
export const outage = Effect.fnUntraced(function*(options: { readonly requests: number; readonly seed: number }) {
  const { faults, playlists } = yield* Sandbox
  const letters = yield* DeadLetters
  const retries = yield* Retries
  const [playlist = ""] = playlists.playlistIds
  const before = yield* playlists.tracksIn(playlist)
  const random = randomness(options.seed)
  yield* faults.script({ fault: { _tag: "Status", status: 503 }, provider: "spotify", times: "always" })
  const asked = Array.from({ length: options.requests }, (_, index) => {
    const song = random.pick(songs)
    return { key: `outage ${index}`, track_name: song.title, artist: song.artist, playlist_id: playlist }
  })
  const exits = yield* Effect.forEach(asked, (payload) => Effect.exit(MusicSync.execute(payload)), {
    concurrency: "unbounded"
  })
  const dead = yield* letters.count
  yield* faults.clear
  const listed = yield* letters.list({ filter: anyDeadLetter, after: Option.none(), limit: 500 })
  const runs = listed.letters.flatMap((letter) => letter._tag === "Run" ? [letter.run] : [])
  const again = yield* Effect.forEach(runs, (run) => retries.retry(run, Option.none()), { concurrency: 25 })
  const control = yield* RunControl
  const rows = yield* Effect.forEach(again, control.ended, { concurrency: "unbounded" })
  const added = (yield* playlists.tracksIn(playlist)).slice(before.length)
  return {
    failed: exits.filter(Exit.isFailure).length,
    dead: dead.runs,
    recovered: rows.filter(Option.exists(({ state }) => state === "completed")).length,
    left: (yield* letters.count).runs,
    twice: twice(added)
  }
})
