/** Turns of the event loop, in which things happen that need no time. */
import { Effect } from "effect"

/** Lets everything happen that can happen without time, and on this thread. */
export const turn: Effect.Effect<void> = Effect.promise(() => new Promise<void>((done) => setImmediate(done)))

/** A turn after which ids are hashed that were being hashed before: that is done on other threads, in order of request. */
export const longTurn: Effect.Effect<void> = Effect.andThen(
  Effect.promise(() => crypto.subtle.digest("SHA-256", new Uint8Array(1000))),
  turn
)

/** Turns the event loop until it holds. Time stands still meanwhile. */
export const until = <E = never, R = never>(
  condition: () => boolean | Effect.Effect<boolean, E, R>
): Effect.Effect<void, E, R> =>
  Effect.suspend(() => {
    const holds = condition()
    return Effect.andThen(turn, typeof holds === "boolean" ? Effect.succeed(holds) : holds)
  }).pipe(Effect.repeat({ until: (holds) => holds }), Effect.asVoid)
