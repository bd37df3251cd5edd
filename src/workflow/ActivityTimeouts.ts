/** How long one attempt of an activity may take, and how long it may be silent. */
import { Clock, Duration, Effect, Schema } from "effect"
import { HeartbeatListener } from "./Heartbeat.ts"

/** An attempt of an activity took too long, or gave no sign of life for too long, and was interrupted. */
export class ActivityTimedOut extends Schema.TaggedError<ActivityTimedOut>()("ActivityTimedOut", {
  activity: Schema.String,
  kind: Schema.Literals(["start_to_close", "heartbeat"]),
  /** Counts from 1. */
  attempt: Schema.Natural,
  /** The time that it had: from its start, or from its last heartbeat. */
  afterMillis: Schema.Finite
}) {
  override get message(): string {
    return this.kind === "heartbeat"
      ? `activity ${this.activity}, attempt ${this.attempt}: no heartbeat for ${this.afterMillis} ms`
      : `activity ${this.activity}, attempt ${this.attempt}: not done after ${this.afterMillis} ms`
  }
}

/** Both for one attempt; the time that it waits for its limits does not count. */
export interface ActivityTimeouts {
  readonly startToClose?: Duration.Input | undefined
  readonly heartbeat?: Duration.Input | undefined
}

interface Attempt {
  readonly activity: string
  readonly attempt: number
}

const withinStartToClose = (duration: Duration.Input, { activity, attempt }: Attempt) => {
  const afterMillis = Duration.toMillis(duration)
  return <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.timeoutOrElse(effect, {
      duration,
      orElse: () => Effect.fail(new ActivityTimedOut({ activity, kind: "start_to_close", attempt, afterMillis }))
    })
}

const withinHeartbeat = (duration: Duration.Input, { activity, attempt }: Attempt) => {
  const afterMillis = Duration.toMillis(duration)
  return <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.gen(function*() {
      const clock = yield* Clock.Clock
      const listener = yield* HeartbeatListener
      // monotonic: a wall clock that is set must not end an attempt
      const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1_000_000
      let heardAt = now()
      const silence = Effect.gen(function*() {
        for (;;) {
          const left = heardAt + afterMillis - now()
          if (left <= 0) return yield* new ActivityTimedOut({ activity, kind: "heartbeat", attempt, afterMillis })
          yield* Effect.sleep(Duration.millis(left))
        }
      })
      const heard = Effect.provideService(effect, HeartbeatListener, {
        last: listener.last,
        beat: (details) =>
          Effect.suspend(() => {
            heardAt = now()
            return listener.beat(details)
          })
      })
      return yield* Effect.raceFirst(heard, silence)
    })
}

/** Interrupts the attempt, waits until it has stopped, and fails with `ActivityTimedOut`. */
export const within =
  (timeouts: ActivityTimeouts, attempt: Attempt) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | ActivityTimedOut, R> => {
    const heard = timeouts.heartbeat === undefined ? effect : withinHeartbeat(timeouts.heartbeat, attempt)(effect)
    return timeouts.startToClose === undefined ? heard : withinStartToClose(timeouts.startToClose, attempt)(heard)
  }
