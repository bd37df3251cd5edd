/** The steps of a batch of songs: each is an activity. */
import { Clock, type Context, DateTime, Duration, Effect, Option, Schema } from "effect"
import { Activity, WorkflowEngine } from "effect/workflow"
import type { Run, RunStatus } from "../domain/Run.ts"
import { RunControl } from "../engine/RunControl.ts"
import { type batchFields, TrackOutcome } from "../music/Batch.ts"
import type { Ai } from "../services/Ai.ts"
import type { Spotify } from "../services/Spotify.ts"
import type { Connections } from "../store/Connections.ts"
import { DeadLetters } from "../store/DeadLetters.ts"
import type { PlaylistAdditions } from "../store/PlaylistAdditions.ts"
import { Runs } from "../store/Runs.ts"
import * as DurableActivity from "../workflow/DurableActivity.ts"
import * as RunProgress from "../workflow/RunProgress.ts"
import { outcomeOf, trackRun } from "./BatchRecord.ts"
import * as MusicSteps from "./MusicSteps.ts"
import { MusicSync } from "./MusicSync.ts"
import type { PlaylistTurns } from "./PlaylistTurns.ts"
import { RunFailed, told } from "./RunResult.ts"

type World = Ai | Connections | DeadLetters | PlaylistAdditions | PlaylistTurns | RunControl | Runs | Spotify

/** What the steps ask for. */
export const world = Effect.context<World>()

/** A batch as its steps see it. */
export interface Batch extends Schema.Struct.Type<typeof batchFields> {
  readonly run: string
}

/** How far a batch is. */
export interface State {
  /** How many songs have been begun: those of the first places. */
  readonly started: number
  /** Those at work. */
  readonly running: ReadonlyArray<number>
  /** Those that wait for so long that the next ones do not wait for them, as for a person. */
  readonly aside: ReadonlyArray<number>
  readonly outcomes: ReadonlyArray<TrackOutcome>
}

export const nothing: State = { started: 0, running: [], aside: [], outcomes: [] }

/** A song whose run waits for longer than this gives its place to the next one. */
const patience = Duration.minutes(10)

/** The run of a song: a child under an id that says whose it is. */
const child = ({ match_threshold, playlist_id, run, tracks, use_ai_disambiguation, user_id }: Batch) => {
  const common = {
    playlist_id,
    ...match_threshold === undefined ? {} : { match_threshold },
    ...use_ai_disambiguation === undefined ? {} : { use_ai_disambiguation },
    ...user_id === undefined ? {} : { user_id }
  }
  return (index: number) =>
    Option.map(Option.fromUndefinedOr(tracks[index]), (track) => {
      const executionId = trackRun(run, index)
      return { executionId, payload: { key: executionId, ...track, ...common } }
    })
}

const begin = (batch: Batch, index: number) =>
  Effect.gen(function*() {
    const engine = yield* WorkflowEngine.WorkflowEngine
    const song = child(batch)(index)
    // nobody waits for it by its result, so what fails is a dead letter of its own, to be tried again by itself
    if (Option.isSome(song)) yield* told(engine.execute(MusicSync, { ...song.value, discard: true }))
  })

const isAside = ({ due, state }: Run, now: number): boolean =>
  state === "waiting" &&
  Option.exists(due, (at) => DateTime.toEpochMillis(at) > now + Duration.toMillis(patience))

const Turn = Schema.Struct({
  started: Schema.Natural,
  running: Schema.Array(Schema.Natural),
  aside: Schema.Array(Schema.Natural),
  /** Those that have ended since the last turn. */
  ended: Schema.Array(TrackOutcome)
})

/** Looks what has become of those under way, and begins as many as there is room for, of the first `until`. */
export const turn = (
  world: Context.Context<World>,
  batch: Batch,
  state: State,
  { of, step, until }: { readonly of: string; readonly step: string; readonly until: number }
) =>
  DurableActivity.make({
    name: `turn ${of}`,
    success: Turn,
    error: RunFailed,
    retry: { initialInterval: "1 second", maximumInterval: "30 seconds", maximumAttempts: 10 },
    execute: Effect.gen(function*() {
      const runs = yield* Runs
      const now = yield* Clock.currentTimeMillis
      const running: Array<number> = []
      const aside: Array<number> = []
      const ended: Array<TrackOutcome> = []

      const look = Effect.fnUntraced(function*(index: number, wasAside: boolean) {
        const id = trackRun(batch.run, index)
        const found = yield* told(runs.get(id))
        if (Option.isNone(found)) return running.push(index) // the process ended before it had begun
        const track = batch.tracks[index]
        if (Option.isNone(found.value.finishedAt) || track === undefined) {
          return (wasAside || isAside(found.value, now) ? aside : running).push(index)
        }
        const whole = yield* told(runs.history(id))
        if (Option.isNone(whole)) return
        return ended.push(outcomeOf(index, track, whole.value.run, whole.value.entries))
      })
      for (const index of state.running) yield* look(index, false)
      for (const index of state.aside) yield* look(index, true)

      let { started } = state
      const failed = [...state.outcomes, ...ended].some(({ status }) => status !== "completed")
      const most = batch.atomic === true && failed ? started : until
      while (running.length < (batch.concurrency ?? 2) && started < most) running.push(started++)
      for (const index of running) yield* begin(batch, index) // one that has begun is joined

      const done = state.outcomes.length + ended.length
      const total = batch.tracks.length
      const waiting = aside.length === 0 ? "" : `, ${aside.length} of them wait, as for a person`
      yield* RunProgress.set({ step, done, total, message: `${done} of ${total} tracks are done${waiting}` })
      return { started, running, aside, ended }
    }).pipe(Effect.provideContext(world))
  })

/** As people are told of them; one that is over already is not cancelled. */
const unfinished: ReadonlySet<RunStatus | undefined> = new Set(["running", "interrupted"])

/** Ends what is under way and waits until it is over; gives the tracks that songs of this batch have added. */
const stop = (world: Context.Context<World>, batch: Batch) =>
  Activity.make({
    name: "stop",
    success: Schema.Array(Schema.Struct({ index: Schema.Natural, uri: Schema.String })),
    error: RunFailed,
    execute: Effect.gen(function*() {
      const control = yield* RunControl
      const runs = yield* Runs
      const songs = batch.tracks.map((_, index) => trackRun(batch.run, index))
      const begun = yield* told(runs.statuses(songs))
      const under = songs.filter((id) => unfinished.has(begun.get(id)))
      yield* Effect.forEach(under, (id) => told(control.cancel(id, "safe")), { concurrency: "unbounded" })
      yield* Effect.forEach(under, (id) => told(control.ended(id)), { concurrency: "unbounded" })
      if (batch.atomic !== true) return []
      // the batch is one dead letter, and its songs are none of their own
      yield* told((yield* DeadLetters).drop(songs.filter((id) => begun.has(id)).map((id) => `run:${id}`)))
      const added: Array<{ readonly index: number; readonly uri: string }> = []
      for (const [index, track] of batch.tracks.entries()) {
        const id = trackRun(batch.run, index)
        if (!begun.has(id)) continue
        const whole = yield* told(runs.history(id))
        if (Option.isNone(whole)) continue
        const { outcome, spotify_track_uri } = outcomeOf(index, track, whole.value.run, whole.value.entries)
        if (outcome === "added" && spotify_track_uri !== undefined) added.push({ index, uri: spotify_track_uri })
      }
      return added
    }).pipe(Effect.provideContext(world))
  })

/** What becomes of the songs when the batch fails or is cancelled. What cannot be done is told in the log, and ends nothing. */
export const undo = (world: Context.Context<World>, batch: Batch) =>
  Effect.gen(function*() {
    const added = yield* stop(world, batch)
    if (added.length === 0) return
    const connection = yield* MusicSteps.signIn(world)
    for (const { index, uri } of added) {
      const target = { run: trackRun(batch.run, index), connection, playlist: batch.playlist_id, uri }
      yield* MusicSteps.remove(world, target, ` ${index}`)
    }
  }).pipe(
    Effect.catch((error) => Effect.logWarning("a batch could not be taken back", error))
  )
