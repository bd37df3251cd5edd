/** How somebody's wish for a song becomes a run: the same wish again, within its window, is the same run. */
import { Clock, Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { Digest } from "effect/crypto"
import { Accounts } from "../accounts/Accounts.ts"
import { CurrentConfig } from "../Config.ts"
import { RunControl } from "../engine/RunControl.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { MusicRequests } from "../store/MusicRequests.ts"
import { Runs } from "../store/Runs.ts"
import { MusicSync } from "./MusicSync.ts"

/** What is asked for: the input of the workflow without its key. */
export type SongWish = Omit<(typeof MusicSync)["payloadSchema"]["Type"], "key">

/** No song can be put into a playlist here, and what is to be done about it. */
export class CannotSync extends Schema.TaggedError<CannotSync>()("CannotSync", {
  why: Schema.Literals(["off", "not_connected", "not_allowed"]),
  message: Schema.String,
  fix: Schema.String
}) {}

/** A run for a wish. */
export interface Accepted {
  readonly run: string
  /** Whether it was there before this wish. */
  readonly isKnown: boolean
}

/** A run that ended so holds its wish no longer: who asks again is not told of a failure of before. */
const cameToNothing: ReadonlySet<string> = new Set(["failed", "needs_auth", "cancelled", "interrupted"])

/** `sync-{user}-{milliseconds}-{5 hexadecimal digits}`: of the user what may stand in an address as it is. */
const idOf = (user: string | undefined, at: number, digest: string): string =>
  `sync-${user?.replaceAll(/[^\w.@-]/g, "_").slice(0, 64) ?? "anonymous"}-${at}-${digest.slice(0, 5)}`

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

export class MusicIntake extends Context.Service<MusicIntake, {
  /**
   * Starts a run, durably, unless there is one already that is under way or done. What makes a wish the same is the key,
   * where the client gives one, and else what it says.
   */
  readonly accept: (wish: SongWish, key: Option.Option<string>) => Effect.Effect<Accepted, CannotSync | SurrealError>
}>()("glider/workflows/MusicIntake") {
  static readonly layer = Layer.effect(
    MusicIntake,
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const control = yield* RunControl
      const digest = yield* Digest.Digest
      const { music } = yield* CurrentConfig
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

      const accept = Effect.fn("MusicIntake.accept")(function*(wish: SongWish, key: Option.Option<string>) {
        yield* able
        const hash = yield* digest.digestHex(Digest.sha256, new TextEncoder().encode(textOf(wish)))
        const request = Option.match(key, { onNone: () => `says ${hash}`, onSome: (key) => `key ${key}` })
        const mine = idOf(wish.user_id, yield* stamp, hash)
        // a key of the client's is good for as long as keys are
        const window = Option.isSome(key) ? Duration.hours(24) : music.idempotencyWindow
        const claim = (instead: Option.Option<string>) => requests.claim({ request, run: mine, window, instead })
        let run = yield* claim(Option.none())
        const before = run === mine ? Option.none() : yield* runs.get(run)
        if (Option.isNone(key) && Option.exists(before, ({ status }) => cameToNothing.has(status))) {
          run = yield* claim(Option.some(run))
        } else if (Option.isSome(before)) return { run, isKnown: true }
        // also when another has claimed it and not begun it so far: a start under an id that is there joins it
        yield* Effect.catchTags(control.start(MusicSync._tag, { ...wish, key: run }, Option.some(run)), {
          InvalidInput: Effect.die, // the wish has the types of the input
          UnknownWorkflow: Effect.die
        })
        return { run, isKnown: run !== mine }
      })

      return MusicIntake.of({ accept })
    })
  )
}
