/** The steps of the music sync: each is an activity, with the times and tries of contract 1C. */
import { Duration, Effect, Option, Schema } from "effect"
import { Activity } from "effect/workflow"
import { ConnectionId } from "../domain/Connection.ts"
import { NeedsAuth, ProviderError } from "../domain/ProviderError.ts"
import { decide, Decision, type Options } from "../music/Decision.ts"
import { queriesOf } from "../music/Queries.ts"
import { Candidate, type TrackRequest } from "../music/Track.ts"
import { Spotify } from "../services/Spotify.ts"
import { Connections } from "../store/Connections.ts"
import { PlaylistAdditions } from "../store/PlaylistAdditions.ts"
import * as DurableActivity from "../workflow/DurableActivity.ts"
import * as Heartbeat from "../workflow/Heartbeat.ts"
import * as RunProgress from "../workflow/RunProgress.ts"
import { NotThere, SpotifyBusy } from "./MusicErrors.ts"
import { attempt, busy, inTurn, patient, retry, StepFailed, within, type World } from "./MusicTries.ts"
import { RunFailed, told } from "./RunResult.ts"

const numbers = {
  initializing: 0,
  searching: 1,
  matching: 2,
  ai_disambiguation: 2,
  adding: 3,
  verifying: 3,
  completed: 4
} as const

/** How far the run is, as those see it who ask for it (contract 1C). */
export const reached = (step: keyof typeof numbers, message: string) =>
  RunProgress.set({ step, done: numbers[step], total: 4, message })

/** The account whose playlist it is. */
export const signIn = (world: World) =>
  DurableActivity.make({
    name: "sign_in",
    success: ConnectionId,
    error: Schema.Union([ProviderError, RunFailed]),
    execute: Effect.gen(function*() {
      yield* reached("initializing", "looks for the account")
      const found = yield* told((yield* Connections).main("spotify"))
      if (Option.isSome(found)) return found.value.connection.id
      return yield* new ProviderError({
        provider: "spotify",
        operation: "sign-in",
        reason: new NeedsAuth({ message: "no Spotify account is connected; connect one with: glider auth spotify" })
      })
    }).pipe(attempt(world))
  })

/** What is asked for, and where in the run. */
export interface Looking {
  /** Tells a search from the others of the run. */
  readonly of: string
  readonly step: "searching" | "matching"
  /** The narrowest first. */
  readonly queries: ReadonlyArray<string>
}

/** Asks in turn until something is found that is good enough by itself; gives all that was found. */
export const look = (
  world: World,
  connection: ConnectionId,
  request: TrackRequest,
  options: Options,
  { of, queries, step }: Looking
) =>
  DurableActivity.make({
    name: `search${of}`,
    success: Schema.Array(Candidate),
    error: StepFailed,
    startToClose: "30 seconds",
    heartbeat: "10 seconds",
    retry: retry({ initialInterval: "1 second", maximumInterval: "10 seconds", maximumAttempts: 3 }),
    limit: patient(world),
    execute: Effect.gen(function*() {
      yield* reached(step, `looks for ${request.trackName} by ${request.artist}`)
      const spotify = yield* Spotify
      const found = new Map<string, Candidate>()
      for (const text of queries) {
        yield* Heartbeat.beat()
        const candidates = yield* Effect.catch(spotify.searchTracks(connection, text), busy)
        for (const candidate of candidates) if (!found.has(candidate.uri)) found.set(candidate.uri, candidate)
        if (decide(request, [...found.values()], { ...options, useAi: false })._tag === "Matched") break
      }
      return [...found.values()]
    }).pipe(attempt(world))
  })

/** Looks for the track by what is asked for. */
export const search = (world: World, connection: ConnectionId, request: TrackRequest, options: Options) =>
  look(world, connection, request, options, {
    of: "",
    step: "searching",
    queries: queriesOf(request).map(({ text }) => text)
  })

/** Recorded, so that another version of the scoring does not change what a run has decided. */
export const match = (request: TrackRequest, found: ReadonlyArray<Candidate>, options: Options) =>
  DurableActivity.make({
    name: "match",
    success: Decision,
    error: Schema.Never,
    startToClose: "15 seconds",
    execute: Effect.as(
      reached("matching", `compares ${found.length} candidates`),
      decide(request, found, options)
    )
  })

/** Where a track is to go, and by which run. */
export interface Target {
  readonly run: string
  readonly connection: ConnectionId
  readonly playlist: string
  readonly uri: string
}

/** By whom the track is there, after an addition of which nobody knows what became. */
const settle = (world: World, { connection, playlist, run, uri }: Target) =>
  DurableActivity.make({
    name: "settle",
    success: Schema.Literals(["ours", "others", "nobody's"]),
    error: StepFailed,
    startToClose: "30 seconds",
    retry: retry({ initialInterval: "2 seconds", maximumInterval: "60 seconds", maximumAttempts: 3 }),
    limit: patient(world),
    execute: Effect.gen(function*() {
      const there = yield* within(playlist)((yield* Spotify).playlistTracks(connection, playlist))
      if (!there.includes(uri)) return "nobody's" as const
      const isOurs = yield* told((yield* PlaylistAdditions).hold({ playlist, uri }, run))
      return isOurs ? "ours" as const : "others" as const
    }).pipe(attempt(world))
  })

/** Puts it there, unless it is there, and says whether it is there by this run. Fails only when it is not there. */
export const add = (world: World, target: Target) =>
  Effect.catch(
    addition(world, target),
    (error) =>
      Effect.flatMap(
        Effect.catch(settle(world, target), () => Effect.succeed("nobody's" as const)),
        (whose) => whose === "nobody's" ? Effect.fail(error) : Effect.succeed(whose === "ours")
      )
  )

const addition = (world: World, { connection, playlist, run, uri }: Target) =>
  DurableActivity.make({
    name: "add",
    success: Schema.Boolean,
    error: StepFailed,
    startToClose: "30 seconds",
    retry: retry({ initialInterval: "2 seconds", maximumInterval: "60 seconds", maximumAttempts: 10 }),
    limit: inTurn(world, playlist),
    execute: Effect.gen(function*() {
      yield* reached("adding", "adds it")
      const additions = yield* PlaylistAdditions
      const track = { playlist, uri }
      const claim = Effect.flatMap(
        told(additions.claim(track, run)),
        Option.match({
          onNone: () => Effect.void,
          onSome: (wait) => {
            const message = "it was added a moment ago, and may not be seen in the playlist yet"
            return Effect.fail(new SpotifyBusy({ message, waitMillis: Duration.toMillis(wait) }))
          }
        })
      )
      const isAdded = yield* within(playlist)((yield* Spotify).addToPlaylist(connection, playlist, uri, claim))
      // what was there already may be there by an attempt that was killed before it could tell
      return isAdded || (yield* told(additions.hold(track, run)))
    }).pipe(attempt(world))
  })

/**
 * Takes out again what this run has added, or may have added when nobody heard what became of it; gives whether it did. A track
 * that is there by somebody else, or that another run has asked for meanwhile, stays. What cannot be taken out is told in the log and in the run's history, and ends nothing.
 */
export const remove = (world: World, { connection, playlist, run, uri }: Target, of = "") =>
  DurableActivity.make({
    name: `remove${of}`,
    success: Schema.Boolean,
    error: StepFailed,
    startToClose: "30 seconds",
    retry: retry({ initialInterval: "1 second", maximumInterval: "60 seconds", maximumAttempts: 5 }),
    limit: inTurn(world, playlist),
    execute: Effect.gen(function*() {
      const additions = yield* PlaylistAdditions
      const standing = yield* told(additions.leave({ playlist, uri }, run))
      if (standing !== "sole") return standing === "taken_out"
      yield* within(playlist)((yield* Spotify).removeFromPlaylist(connection, playlist, uri)).pipe(
        Effect.catchTag("PlaylistNotFound", () => Effect.void) // a playlist that is gone has it no more
      )
      yield* told(additions.takenOut({ playlist, uri }, run))
      return true
    }).pipe(attempt(world))
  }).pipe(
    Effect.catch((error) => Effect.logWarning("a track that was added could not be taken out of the playlist", error))
  )

/** Whether the whole playlist has it; looked for up to three times, since Spotify's own copies may lag. */
export const verify = (world: World, { connection, playlist, uri }: Target) =>
  DurableActivity.make({
    name: "verify",
    success: Schema.Void,
    error: Schema.Union([StepFailed, NotThere]),
    startToClose: "15 seconds",
    retry: retry({ initialInterval: "1 second", maximumInterval: "5 seconds", maximumAttempts: 3 }),
    limit: patient(world),
    execute: Effect.gen(function*() {
      yield* reached("verifying", "looks whether it is there")
      const there = yield* within(playlist)((yield* Spotify).playlistTracks(connection, playlist))
      if (!there.includes(uri)) return yield* new NotThere()
    }).pipe(attempt(world))
  }).pipe(
    Effect.as(true),
    Effect.catch(() => Effect.succeed(false)) // it was added: that nobody could see it is said in the result
  )

/** A step after the last deed: a run that is cancelled before it is taken back. */
export const complete = Activity.make({ name: "complete", execute: reached("completed", "is done") })
