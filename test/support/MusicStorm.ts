/** A great many requests for songs while everything around them goes wrong, and what must be true afterwards. */
import { Effect, Exit, Fiber, Layer, Option, Schedule } from "effect"
import { anyDeadLetter } from "../../src/domain/DeadLetter.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { makeCatalogue } from "../../src/sandbox/Catalogue.ts"
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
import { type Randomness, randomness } from "./RandomQueries.ts"

/** Retries wait for seconds of the providers' time, of which there is no need here. */
const timesAsFast = 10

/** With a model that has a minute for an answer. */
export const stormWorld = Layer.mergeAll(Retries.layer, Reviews.layer).pipe(
  Layer.provideMerge(musicWorldWith(modelOf({ provider: "openai", timeout: "1 minute" }))),
  Layer.provideMerge(QuickClock.layer(timesAsFast))
)

type Payload = Parameters<typeof MusicSync.execute>[0]

interface Asked {
  readonly payload: Payload
  /** The song as the catalogue has it; none where there is no such song. */
  readonly song: Option.Option<Song>
}

interface Song {
  readonly title: string
  readonly artist: string
  readonly album: string
}

const songs: ReadonlyArray<Song> = makeCatalogue(false).map(({ json }) => {
  const { album, artists, name } = JSON.parse(JSON.stringify(json))
  return { title: String(name), artist: String(artists[0].name), album: String(album.name) }
})

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
  { _tag: "Html" },
  { _tag: "TokenExpired" }
]

/** The model does not answer, or not with what was asked for. */
const ofModels: ReadonlyArray<FaultRule> = [
  { fault: { _tag: "Hang" }, provider: "model", probability: 0.02, times: "always" },
  { fault: { _tag: "Status", status: 429 }, provider: "model", probability: 0.1, times: "always" },
  { fault: { _tag: "Status", status: 503 }, provider: "model", probability: 0.1, times: "always" },
  { fault: { _tag: "MalformedJson" }, provider: "model", probability: 0.05, times: "always" }
]

/** Of the longest of three or more words only the beginning, as of a voice that was misheard: the scores alone may not say that it is it. */
const misheard = (title: string): string => {
  const words = title.split(" ")
  const longest = words.toSorted((one, other) => other.length - one.length)[0] ?? ""
  return words.length < 3 ? title : words.map((word) => word === longest ? word.slice(0, 2) : word).join(" ")
}

/** One of ten cannot be fulfilled, one of ten was asked before, and of the others many ask for one song at the same time. */
const requests = (count: number, playlists: ReadonlyArray<string>, random: Randomness): ReadonlyArray<Asked> => {
  const all: Array<Asked> = []
  while (all.length < count) {
    const playlist_id = random.pick(playlists)
    const song = random.pick(songs)
    const key = `storm ${all.length}`
    const draw = random.next()
    if (draw < 0.05) {
      const payload = { key, track_name: `${song.title} ${key} xyzzy`, artist: "Nobody At All", playlist_id }
      all.push({ payload, song: Option.none() })
    } else if (draw < 0.1) {
      const payload = { key, track_name: song.title, artist: "The Quux Ensemble", playlist_id }
      all.push({ payload, song: Option.none() })
    } else if (draw < 0.2 && all.length > 0) {
      all.push(random.pick(all.slice(-20)))
    } else {
      const payload = {
        key,
        track_name: random.pick([
          song.title,
          song.title.toUpperCase(),
          `${song.title} (Remastered)`,
          misheard(song.title)
        ]),
        artist: song.artist,
        ...(random.next() < 0.5 ? { album: song.album } : {}),
        playlist_id
      }
      all.push({ payload, song: Option.some(song) })
    }
  }
  return all
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()

const isSong = ({ artist, title }: Song, found: { readonly name: string; readonly artists: ReadonlyArray<string> }) =>
  found.artists.map(folded).includes(folded(artist)) &&
  folded(found.name).replace(/ - remastered.*$/, "") === folded(title)

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

const twice = (uris: ReadonlyArray<string>) => uris.filter((uri, index) => uris.indexOf(uri) !== index)

/** Asks for songs under faults; gives what is wrong afterwards, and the figures. */
export const storm = Effect.fnUntraced(function*(options: { readonly requests: number; readonly seed: number }) {
  const { faults, model, playlists } = yield* Sandbox
  const before = yield* Effect.forEach(playlists.playlistIds, playlists.tracksIn)
  const asked = requests(options.requests, playlists.playlistIds, randomness(options.seed))
  yield* faults.random({ seed: options.seed, rate: 0.1, kinds, providers: ["spotify"] })
  yield* faults.script(...ofModels)
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
      failures.push(
        `${where}: ${
          Option.match(Exit.findErrorOption(exit), {
            onNone: () => "a defect",
            onSome: ({ message }) => message
          })
        }`
      )
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
