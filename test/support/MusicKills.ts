/** A `glider run` that is killed at the commits of a song's run, and what its successor makes of it. */
import { Effect, Schedule, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { makeCatalogue } from "../../src/sandbox/Catalogue.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { installation } from "./CommandLine.ts"

const songs = makeCatalogue(false)

const Started = Schema.Struct({ id: Schema.String })
const Row = Schema.Struct({ state: Schema.String })

/** Where it is killed: before or after so many commits have reached the store. */
export interface Kill {
  readonly place: "commit.before" | "commit.after"
  readonly at: number
}

/** Kills one process after the other, each in the run of a song of its own; gives what is wrong. */
export const killed = Effect.fnUntraced(function*(kills: ReadonlyArray<Kill>) {
  const http = yield* HttpClient.HttpClient
  const { playlists } = yield* Sandbox
  const [playlist = ""] = playlists.playlistIds
  const before = yield* playlists.tracksIn(playlist)
  const glider = yield* installation({ syncs: `[music]\nenabled = true\n\n[sync.spotify]\ncron = "0 0 1 1 *"` })
  yield* glider.signIn("spotify")

  const ask = Effect.fnUntraced(function*<S extends Schema.Top>(schema: S, path: string, body?: object) {
    const { address, token } = yield* glider.daemon
    const request = body === undefined
      ? HttpClientRequest.get(`${address}/api/v0${path}`)
      : HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(`${address}/api/v0${path}`), body)
    const response = yield* http.execute(HttpClientRequest.bearerToken(request, token))
    if (response.status >= 300) return yield* Effect.die(new Error(`${path}: ${yield* response.text}`))
    return yield* HttpClientResponse.schemaBodyJson(schema)(response)
  })

  const wrong: Array<string> = []
  for (const [index, { at, place }] of kills.entries()) {
    const song = songs.filter(({ uri }) => !before.includes(uri))[index * 3]
    const { album, artists, name } = JSON.parse(JSON.stringify(song?.json))
    const input = {
      key: `kill ${index}`,
      track_name: name,
      artist: artists[0].name,
      album: album.name,
      playlist_id: playlist
    }
    const start = ask(Started, "/workflows/music_sync/runs", { input })

    const first = yield* glider.beginWith({ GLIDER_CRASH_AT: `${place}:${at}` }, "run")
    yield* first.said(/serving on/)
    // its answer may be lost with the process
    yield* Effect.exit(start)
    // a successor cannot begin before
    yield* Effect.exit(first.ended)

    const second = yield* glider.begin("run")
    yield* second.said(/serving on/)
    const { id } = yield* start
    const { state } = yield* ask(Row, `/runs/${id}`).pipe(
      Effect.repeat({
        schedule: Schedule.spaced("50 millis"),
        until: ({ state }) => /^(completed|failed|cancelled)$/.test(state)
      })
    )
    const history = JSON.stringify(yield* ask(Schema.Unknown, `/runs/${id}/history`))
    const times = (yield* playlists.tracksIn(playlist)).filter((uri) => uri === song?.uri).length
    const where = `${place}:${at}`
    if (state !== "completed") wrong.push(`${where}: the run is ${state}`)
    if (times !== 1) wrong.push(`${where}: the song is there ${times} times`)
    if (!history.includes("\"outcome\":\"added\"")) wrong.push(`${where}: the run does not say that it was added`)
    yield* second.signal("SIGTERM")
    yield* second.ended
  }
  return wrong
}, Effect.scoped)
