/**
 * The same requests by rules and by agents: `node AgentProcess.ts <AgentSetup as JSON>` says its `AgentFigures`. Spotify is the
 * sandbox over HTTP, the store in memory; the model is one that does what agents are told to, after so many milliseconds.
 */
import { Duration, Effect, Exit, Layer, Logger, Option, Schema } from "effect"
import { makeCatalogue } from "../../src/sandbox/Catalogue.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Ai } from "../../src/services/Ai.ts"
import { Runs } from "../../src/store/Runs.ts"
import { AgentSync } from "../../src/workflows/AgentSync.ts"
import { MusicSync } from "../../src/workflows/MusicSync.ts"
import { agentWorldWith } from "../../test/support/AgentWorld.ts"
import * as ScriptedModel from "../../test/support/ScriptedModel.ts"
import { sober } from "../../test/support/SoberModel.ts"
import { median, percentile, round } from "../Report.ts"
import { main, say } from "../workflows/Process.ts"
import { AgentFigures, AgentSetup, type Way } from "./AgentFigures.ts"

const Song = Schema.Struct({
  uri: Schema.String,
  name: Schema.String,
  artists: Schema.NonEmptyArray(Schema.Struct({ name: Schema.String })),
  album: Schema.Struct({ name: Schema.String })
})
type Song = typeof Song.Type

const songs = Effect.forEach(makeCatalogue(false), ({ json }) => Schema.decodeUnknownEffect(Song)(json))

/** A name with its third and fourth letter exchanged. */
const misspelt = (name: string) => name.replace(/^(..)(.)(.)/, "$1$3$2")

/** What people ask for when they mean a song, or one that there is not. */
const kinds: {
  readonly [kind: string]: (
    song: Song
  ) => { readonly track_name: string; readonly artist: string; readonly album?: string }
} = {
  exact: ({ album, artists, name }) => ({ track_name: name, artist: artists[0].name, album: album.name }),
  edition: ({ artists, name }) => ({ track_name: `${name} (2011 Remaster)`, artist: artists[0].name.toLowerCase() }),
  "other album": ({ artists, name }) => ({ track_name: name, artist: artists[0].name, album: "The Very Best Of" }),
  misspelt: ({ artists, name }) => ({ track_name: misspelt(name), artist: artists[0].name, album: "The Very Best Of" }),
  imitation: ({ name }) => ({ track_name: name, artist: "The Karaoke Kings" }),
  absent: ({ name }) => ({ track_name: `${name.toUpperCase()} of the Unwritten Sea`, artist: "Nobody At All" })
}

const canBeFound = (kind: string) => kind !== "imitation" && kind !== "absent"

interface Asked {
  readonly kind: string
  readonly uri: string
  readonly millis: number
  /** What was added or found there; none where nothing was. */
  readonly added: string | undefined
  readonly isReview: boolean
}

const wayOf = (all: ReadonlyArray<Asked>, questions: number): Way => {
  const possible = all.filter(({ kind }) => canBeFound(kind))
  const millis = all.map(({ millis }) => millis)
  return {
    requests: all.length,
    success: round(possible.filter(({ added, uri }) => added === uri).length / possible.length, 3),
    wrong: all.filter(({ added, kind, uri }) => added !== undefined && (added !== uri || !canBeFound(kind))).length,
    reviews: all.filter(({ isReview }) => isReview).length,
    medianMillis: round(median(millis)),
    p95Millis: round(percentile(millis, 0.95)),
    questions: round(questions / all.length, 2)
  }
}

const shareOf = (all: ReadonlyArray<Asked>, kind: string) => {
  const own = all.filter((asked) => asked.kind === kind)
  return round(own.filter(({ added }) => added !== undefined).length / own.length, 3)
}

main(AgentSetup, ({ modelMillis, requests }) =>
  Effect.gen(function*() {
    const { asked, model } = yield* ScriptedModel.make((question) =>
      Effect.as(Effect.sleep(Duration.millis(modelMillis)), sober()(question))
    )
    const ai = Layer.succeed(Ai, {
      model: Option.some({
        provider: "openai" as const,
        name: "stand-in",
        languageModel: () => Effect.succeed(model),
        timeout: Option.none(),
        keyProblem: Effect.succeedNone
      })
    })
    yield* Effect.gen(function*() {
      const runs = yield* Runs
      const [rulesInto = "", agentsInto = ""] = (yield* Sandbox).playlists.playlistIds
      const all = yield* songs
      const wanted = Object.entries(kinds).flatMap(([kind, ask], at) =>
        Array.from({ length: requests }, (_, index) => all[(at * 7 + index * 5) % all.length])
          .flatMap((song) => song === undefined ? [] : [{ kind, uri: song.uri, request: ask(song) }])
      )

      /** A request to its end, or until a person is asked. */
      const ask = Effect.fnUntraced(function*<R>(
        workflow: (key: string) => Effect.Effect<string, unknown, R>,
        result: (key: string) => Effect.Effect<{ readonly candidate: { readonly uri: string } }, unknown, R>,
        { kind, uri }: typeof wanted[number],
        key: string
      ) {
        const from = performance.now()
        const id = yield* workflow(key)
        const { state } = yield* Effect.repeat(
          Effect.flatMap(runs.get(id), (found) => Effect.fromOption(found)),
          { until: ({ state }) => state === "waiting" || state === "completed" || state === "failed" }
        )
        const millis = performance.now() - from
        if (state === "waiting") return { kind, uri, millis, added: undefined, isReview: true }
        const exit = yield* Effect.exit(result(key))
        const added = Exit.isSuccess(exit) ? exit.value.candidate.uri : undefined
        return { kind, uri, millis, added, isReview: false }
      })

      const rules = yield* Effect.forEach(wanted, (one, index) => {
        const input = (key: string) => ({ ...one.request, key, playlist_id: rulesInto, use_ai_disambiguation: false })
        return ask(
          (key) => MusicSync.execute(input(key), { discard: true }),
          (key) => MusicSync.execute(input(key)),
          one,
          `rules ${index}`
        )
      })
      const agents = yield* Effect.forEach(wanted, (one, index) => {
        const input = (key: string) => ({ ...one.request, key, playlist_id: agentsInto })
        return ask(
          (key) => AgentSync.execute(input(key), { discard: true }),
          (key) => AgentSync.execute(input(key)),
          one,
          `agents ${index}`
        )
      })
      yield* say(AgentFigures, {
        rules: wayOf(rules, 0),
        agents: wayOf(agents, asked.length),
        kinds: Object.fromEntries(
          Object.keys(kinds).map((kind) => [kind, { rules: shareOf(rules, kind), agents: shareOf(agents, kind) }])
        )
      })
    }).pipe(Effect.provide(agentWorldWith(ai)))
  }).pipe(Effect.scoped, Effect.provide(Logger.layer([]))))
