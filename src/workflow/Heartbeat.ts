/** The sign of life that an activity gives while it is at work. */
import { Context, Effect, Option, type Schema } from "effect"

/** Who listens to the activity that runs now: its `DurableActivity`, and nobody elsewhere. */
export class HeartbeatListener extends Context.Reference<{
  readonly beat: (details: Schema.Json | undefined) => Effect.Effect<void>
  /** What earlier attempts said last. */
  readonly last: Option.Option<Schema.Json>
}>("glider/workflow/HeartbeatListener", {
  defaultValue: () => ({ beat: () => Effect.void, last: Option.none() })
}) {}

/**
 * Says that the activity is alive, so that its `heartbeat` time begins anew. `details` are for the next attempt, should
 * this one fail (how far it came); without them, those of the beat before stay.
 */
export const beat = (details?: Schema.Json): Effect.Effect<void> =>
  Effect.flatMap(HeartbeatListener, (listener) => listener.beat(details))

/**
 * The details that an earlier attempt of this activity gave last. They are kept in this process only: after a restart
 * there are none, so they may save work but nothing may depend on them.
 */
export const last: Effect.Effect<Option.Option<Schema.Json>> = Effect.map(HeartbeatListener, ({ last }) => last)
