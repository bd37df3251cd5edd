/** How somebody's wish for a song becomes a run: the same wish again, within its window, is the same run. */
import { Clock, Context, Duration, Effect, Layer, Option, Schema, Struct } from "effect"
import { Digest } from "effect/crypto"
import { Accounts } from "../accounts/Accounts.ts"
import { CurrentConfig } from "../Config.ts"
import { RunControl } from "../engine/RunControl.ts"
import { Ai } from "../services/Ai.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { MusicRequests } from "../store/MusicRequests.ts"
import { Runs } from "../store/Runs.ts"
import { AgentSync } from "./AgentSync.ts"
import { MusicBatch } from "./MusicBatch.ts"
import { MusicSync } from "./MusicSync.ts"
import { isRunByAgents } from "./Rollout.ts"

/** What is asked for: the input of the workflow without its key. */
export type SongWish = Omit<(typeof MusicSync)["payloadSchema"]["Type"], "key">

/** Many songs for one playlist: the input of that workflow without its key. */
export type BatchWish = Omit<(typeof MusicBatch)["payloadSchema"]["Type"], "key">

/** No song can be put into a playlist here, and what is to be done about it. */
export class CannotSync extends Schema.TaggedError<CannotSync>()("CannotSync", {
  why: Schema.Literals(["off", "not_connected", "not_allowed", "no_agents"]),
  message: Schema.String,
  fix: Schema.String
}) {}

/** Who is asked: agents, or whoever does it. */
export type Asked = "agents" | "anyone"

/** A run for a wish. */
export interface Accepted {
  readonly run: string
  /** Whether it was there before this wish. */
  readonly isKnown: boolean
}

/** A run that ended so holds its wish no longer: who asks again is not told of a failure of before. */
const cameToNothing: ReadonlySet<string> = new Set(["failed", "needs_auth", "cancelled", "interrupted"])

/** By what was asked of whom: what an id begins with, and what sets the wish apart from the same one at another door. */
const doors = {
  anyone: { prefix: "sync", mark: "" },
  agents: { prefix: "agent-sync", mark: "agents, " },
  batch: { prefix: "batch", mark: "batch, " }
} as const

/** `sync-{user}-{milliseconds}-{5 hexadecimal digits}`: of the user what may stand in an address as it is. */
const idOf = (door: keyof typeof doors, user: string | undefined, at: number, digest: string): string => {
  const name = user?.replaceAll(/[^\w.@-]/g, "_").slice(0, 64) ?? "anonymous"
  return `${doors[door].prefix}-${name}-${at}-${digest.slice(0, 5)}`
}

/** The same for the same songs, in whatever order a client writes their fields. */
const textOfBatch = ({ tracks, ...wish }: BatchWish): string =>
  JSON.stringify([
    tracks.map(({ album, artist, isrc, track_name }) => [track_name, artist, album ?? null, isrc ?? null]),
    wish.playlist_id,
    wish.user_id ?? null,
    wish.match_threshold ?? null,
    wish.use_ai_disambiguation ?? null,
    wish.concurrency ?? null,
    wish.group_size ?? null,
    wish.group_pause_seconds ?? null,
    wish.atomic ?? null
  ])

const textOf = (wish: SongWish): string =>
  JSON.stringify([
    wish.track_name,
    wish.artist,
    wish.album ?? null,
    wish.isrc ?? null,
    wish.playlist_id,
    wish.user_id ?? null,
    wish.match_threshold ?? null,
    wish.use_ai_disambiguation ?? null
  ])

const off = new CannotSync({
  why: "off",
  message: "songs are not put into playlists here",
  fix: "set [music] enabled = true in config.toml, start glider run again, then: glider auth spotify"
})

const noAgents = (message: string, setting: string) =>
  new CannotSync({
    why: "no_agents",
    message: `no agent can be asked: ${message}`,
    fix: `set ${setting} in config.toml, and start glider run again`
  })

export class MusicIntake extends Context.Service<MusicIntake, {
  /**
   * Starts a run, durably, unless there is one already that is under way or done. What makes a wish the same is the key,
   * where the client gives one, and else what it says and who is asked.
   */
  readonly accept: (
    wish: SongWish,
    key: Option.Option<string>,
    asked: Asked
  ) => Effect.Effect<Accepted, CannotSync | SurrealError>
  /** The same for many songs at once. */
  readonly acceptBatch: (
    wish: BatchWish,
    key: Option.Option<string>
  ) => Effect.Effect<Accepted, CannotSync | SurrealError>
}>()("glider/workflows/MusicIntake") {
  static readonly layer = Layer.effect(
    MusicIntake,
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const { model } = yield* Ai
      const control = yield* RunControl
      const digest = yield* Digest.Digest
      const { agents, music } = yield* CurrentConfig
      const requests = yield* MusicRequests
      const runs = yield* Runs
      let last = 0

      /** Milliseconds since 1970, distinct and ascending, so that no two runs of a process have one id. */
      const stamp = Effect.map(Clock.currentTimeMillis, (now) => {
        last = Math.max(now, last + 1)
        return last
      })

      const able = Effect.gen(function*() {
        if (!music.enabled) return yield* off
        const account = (yield* accounts.status).find(({ provider }) => provider === "spotify")
        const connection = Option.flatMap(Option.fromUndefinedOr(account), ({ connection }) => connection)
        const fix = "glider auth spotify"
        if (!Option.exists(connection, ({ state }) => state === "connected")) {
          const message = Option.exists(connection, ({ state }) => state === "needs_auth")
            ? "Spotify needs a new sign-in"
            : "no Spotify account is connected"
          return yield* new CannotSync({ why: "not_connected", message, fix })
        }
        const missing = account?.missingScopes.filter((scope) => scope.startsWith("playlist-")) ?? []
        if (missing.length === 0) return
        return yield* new CannotSync({
          why: "not_allowed",
          message: `the sign-in to Spotify does not allow it: it lacks ${missing.join(", ")}`,
          fix
        })
      })

      const askable = Effect.gen(function*() {
        if (!agents.enabled) return yield* noAgents("they are switched off", "[agents] enabled = true")
        if (Option.isNone(model)) return yield* noAgents("no language model is named", "[ai] provider")
      })

      /** Whether agents run it in place of the rules. Who wants no model asked is not given to them. */
      const isForAgents = ({ use_ai_disambiguation = true }: SongWish, request: string): boolean =>
        use_ai_disambiguation && Option.isSome(model) && isRunByAgents(agents, request)

      /** The run that holds the wish, begun by `start` unless it was there. */
      const held = Effect.fnUntraced(function*({ door, key, start, text, user }: {
        readonly door: keyof typeof doors
        readonly user: string | undefined
        readonly key: Option.Option<string>
        readonly text: string
        readonly start: (run: string, request: string) => ReturnType<typeof control.start>
      }) {
        const hash = yield* digest.digestHex(Digest.sha256, new TextEncoder().encode(text))
        const request = Option.match(key, {
          onNone: () => `${doors[door].mark}says ${hash}`,
          onSome: (key) => `key ${key}`
        })
        const mine = idOf(door, user, yield* stamp, hash)
        // a key of the client's is good for as long as keys are
        const window = Option.isSome(key) ? Duration.hours(24) : music.idempotencyWindow
        const claim = (instead: Option.Option<string>) => requests.claim({ request, run: mine, window, instead })
        let run = yield* claim(Option.none())
        const before = run === mine ? Option.none() : yield* runs.get(run)
        if (Option.isNone(key) && Option.exists(before, ({ status }) => cameToNothing.has(status))) {
          run = yield* claim(Option.some(run))
        } else if (Option.isSome(before)) return { run, isKnown: true }
        // also when another has claimed it and not begun it so far: a start under an id that is there joins it
        yield* Effect.catchTags(start(run, request), {
          InvalidInput: Effect.die, // the wish has the types of the input
          UnknownWorkflow: Effect.die
        })
        return { run, isKnown: run !== mine }
      })

      const accept = Effect.fn("MusicIntake.accept")(
        function*(wish: SongWish, key: Option.Option<string>, asked: Asked) {
          yield* able
          if (asked === "agents") yield* askable
          return yield* held({
            door: asked,
            user: wish.user_id,
            key,
            text: textOf(wish),
            start: (run, request) => {
              const ofAgents = { ...Struct.omit(wish, ["use_ai_disambiguation"]), key: run }
              return asked === "agents" || isForAgents(wish, request)
                ? control.start(AgentSync._tag, ofAgents, Option.some(run))
                : control.start(MusicSync._tag, { ...wish, key: run }, Option.some(run))
            }
          })
        }
      )

      const acceptBatch = Effect.fn("MusicIntake.acceptBatch")(function*(wish: BatchWish, key: Option.Option<string>) {
        yield* able
        return yield* held({
          door: "batch",
          user: wish.user_id,
          key,
          text: textOfBatch(wish),
          start: (run) => control.start(MusicBatch._tag, { ...wish, key: run }, Option.some(run))
        })
      })

      return MusicIntake.of({ accept, acceptBatch })
    })
  )
}
