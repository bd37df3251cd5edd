import { Config, Context, Effect, Layer, Option } from "effect"

/** Named places at which a test may end the process as `kill -9` would. */
export type Place =
  | "run.started"
  | "page.read"
  | "commit.before"
  | "commit.after"
  | "run.finishing"
  | "token.received"
  | "token.stored"
  | "webhook.before"
  | "webhook.sent"
  | "webhook.noted"
  | "inbox.before"
  | "inbox.taken"
  | "alert.sent"

/**
 * Ends the process at the n-th passage of a place, when `GLIDER_CRASH_AT=<place>:<n>` says so; does nothing otherwise.
 */
export class CrashPoint extends Context.Reference<(place: Place) => Effect.Effect<void>>(
  "glider/services/CrashPoint",
  { defaultValue: () => () => Effect.void }
) {
  static readonly layer = Layer.effect(
    CrashPoint,
    Effect.gen(function*() {
      const wish = yield* Config.option(Config.String("GLIDER_CRASH_AT"))
      if (Option.isNone(wish)) return () => Effect.void
      const [name, count] = wish.value.split(":")
      let left = Number(count ?? 1)
      return (place: Place) =>
        Effect.sync(() => {
          if (place === name && --left === 0) globalThis.process.kill(globalThis.process.pid, "SIGKILL")
        })
    })
  )
}
