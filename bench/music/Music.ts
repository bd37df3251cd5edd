/** How long songs take into a playlist, from the request to the end of the run, and how many get there when everything goes wrong. */
import { Clock, DateTime, Effect, FileSystem, Schedule, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { makeCatalogue } from "../../src/sandbox/Catalogue.ts"
import type { RandomPlan } from "../../src/sandbox/FaultRules.ts"
import { bundle, installation } from "../Installation.ts"
import { node } from "../Processes.ts"
import { type Outcome, percentile, promise, round as rounded, type Sizes } from "../Report.ts"
import { ask, type Asking } from "../schedules/Daemon.ts"

const tables = `[music]
enabled = true

[sync.spotify]
cron = "0 0 1 1 *"`

/** Requests that are under way at the same time: a person shares one song after the other, a family a few at once. */
const atOnce = 3

const State = Schema.fromJsonString(Schema.Struct({ playlists: Schema.NonEmptyArray(Schema.String) }))

const Started = Schema.fromJsonString(Schema.Struct({ id: Schema.String }))

const History = Schema.fromJsonString(Schema.Struct({
  run: Schema.Struct({
    state: Schema.String,
    startedAt: Schema.DateTimeUtcFromString,
    finishedAt: Schema.NullOr(Schema.DateTimeUtcFromString)
  }),
  events: Schema.Array(Schema.Struct({
    kind: Schema.String,
    name: Schema.String,
    tookMillis: Schema.NullOr(Schema.Finite)
  }))
}))

const DaemonFile = Schema.fromJsonString(Schema.Struct({ address: Schema.String, token: Schema.String }))

/** A tenth of all requests to Spotify is answered by what an overloaded provider or a bad network does. */
const faults: typeof RandomPlan.Type = {
  seed: 1,
  rate: 0.1,
  providers: ["spotify"],
  kinds: [
    { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 1 } },
    { _tag: "Status", status: 500 },
    { _tag: "Status", status: 502, body: "html" },
    { _tag: "Status", status: 503 },
    { _tag: "Reset" },
    { _tag: "ResetMidBody" },
    { _tag: "Truncated" },
    { _tag: "MalformedJson" }
  ]
}

const Song = Schema.Struct({
  name: Schema.String,
  artists: Schema.NonEmptyArray(Schema.Struct({ name: Schema.String })),
  album: Schema.Struct({ name: Schema.String })
})

const songs = Effect.forEach(makeCatalogue(false), ({ json }) => Schema.decodeUnknownEffect(Song)(json))

interface Done {
  readonly isDone: boolean
  readonly accepted: number
  readonly total: number
  readonly steps: ReadonlyArray<{ readonly name: string; readonly millis: number }>
}

/** Asks for a song, and waits for the end of its run. */
const song = Effect.fnUntraced(function*(
  glider: Asking,
  input: { readonly [name: string]: string }
) {
  const before = yield* Clock.currentTimeMillis
  const started = yield* ask(glider, "/api/v0/workflows/music_sync/runs", { method: "POST", body: { input } })
  const accepted = (yield* Clock.currentTimeMillis) - before
  const { id } = yield* Schema.decodeEffect(Started)(started)
  const { events, run } = yield* ask(glider, `/api/v0/runs/${id}/history`).pipe(
    Effect.flatMap(Schema.decodeEffect(History)),
    Effect.repeat({ schedule: Schedule.spaced("100 millis"), until: ({ run }) => run.finishedAt !== null })
  )
  const done: Done = {
    isDone: run.state === "completed",
    accepted,
    total: DateTime.toEpochMillis(run.finishedAt ?? run.startedAt) - DateTime.toEpochMillis(run.startedAt),
    steps: events.flatMap(({ kind, name, tookMillis }) =>
      kind === "activity" && tookMillis !== null ? [{ name, millis: tookMillis }] : []
    )
  }
  return done
})

const times = (millis: ReadonlyArray<number>) => ({
  p50: Math.round(percentile(millis, 0.5)),
  p95: Math.round(percentile(millis, 0.95)),
  p99: Math.round(percentile(millis, 0.99))
})

const figuresOf = (all: ReadonlyArray<Done>) => {
  const names = [...new Set(all.flatMap(({ steps }) => steps.map(({ name }) => name)))]
  return {
    songs: all.length,
    success: rounded(all.filter(({ isDone }) => isDone).length / all.length, 4),
    acceptedMillis: times(all.map(({ accepted }) => accepted)),
    totalMillis: times(all.map(({ total }) => total)),
    stepMillis: Object.fromEntries(names.map((name) => [
      name,
      times(all.flatMap(({ steps }) => steps.flatMap((step) => step.name === name ? [step.millis] : [])))
    ]))
  }
}

export const music = Effect.fn("bench.music")(function*({ songs: count }: Sizes) {
  const fs = yield* FileSystem.FileSystem
  const http = yield* HttpClient.HttpClient
  const { environment, folder, sandbox, where } = yield* installation(tables, () => {})
  yield* node([bundle, "run", ...where], environment)
  // until it serves
  const glider = yield* fs.readFileString(`${folder}/data/daemon.json`).pipe(
    Effect.flatMap(Schema.decodeEffect(DaemonFile)),
    Effect.tap((found) => ask(found, "/readyz")),
    Effect.retry(Schedule.spaced("100 millis").pipe(Schedule.upTo({ times: 600 })))
  )
  const state = yield* Effect.flatMap(http.get(`${sandbox}/sandbox/state`), ({ text }) => text)
  const { playlists } = yield* Schema.decodeEffect(State)(state)
  const all = yield* songs
  const asked = Array.from(
    { length: count },
    (_, index) => ({
      song: all[index % all.length],
      playlist_id: playlists[index % playlists.length] ?? playlists[0]
    })
  )
  const round = (name: string) =>
    Effect.forEach(
      asked,
      ({ playlist_id, song: wanted }, index) =>
        wanted === undefined ? Effect.die("there is no song") : song(glider, {
          key: `${name} ${index}`,
          track_name: wanted.name,
          artist: wanted.artists[0].name,
          album: wanted.album.name,
          playlist_id
        }),
      { concurrency: atOnce }
    )
  const quiet = figuresOf(yield* round("quiet"))
  yield* http.execute(
    HttpClientRequest.post(`${sandbox}/sandbox/faults`).pipe(HttpClientRequest.bodyJsonUnsafe({ random: faults }))
  )
  const stormy = figuresOf(yield* round("stormy"))
  const outcome: Outcome = {
    promises: [
      promise({
        what: "songs that get into the playlist while one of ten requests to Spotify fails",
        unit: "of all",
        bound: "least",
        promised: 0.99,
        measured: stormy.success
      }),
      promise({
        what: "a song from the request to the end while one of ten fails, 95 %",
        unit: "ms",
        bound: "most",
        promised: 40_000,
        measured: stormy.totalMillis.p95
      }),
      promise({
        what: "the acceptance of a request, 95 %",
        unit: "ms",
        bound: "below",
        promised: 1000,
        measured: quiet.acceptedMillis.p95
      }),
      promise({
        what: "the search, 95 %",
        unit: "ms",
        bound: "most",
        promised: 5000,
        measured: quiet.stepMillis["search"]?.p95 ?? Number.NaN
      }),
      promise({
        what: "the match, 95 %",
        unit: "ms",
        bound: "most",
        promised: 500,
        measured: quiet.stepMillis["match"]?.p95 ?? Number.NaN
      })
    ],
    figures: { quiet, stormy }
  }
  return outcome
}, Effect.scoped)
