import { Cause, Effect } from "effect"

/** Repeats a turn for ever; a bug in one is told, and ends none of the others. */
export const endless = <E, R>(what: string, turn: Effect.Effect<unknown, E, R>): Effect.Effect<never, never, R> =>
  Effect.forever(Effect.catchCause(turn, (cause) =>
    Cause.hasInterruptsOnly(cause)
      ? Effect.interrupt
      : Effect.delay(Effect.logError(`${what} met a bug, and goes on`, cause), "1 second")))
