/** Bounds that activities share. */
import { Context, Duration, Effect, identity, Layer, Schema, Semaphore } from "effect"
import { RateLimiter } from "effect/persistence"

/** A bound that cannot be kept: a mistake in the code or the configuration, so it is a defect. */
export class InvalidLimit extends Schema.TaggedError<InvalidLimit>()("InvalidLimit", {
  limit: Schema.String,
  problem: Schema.String
}) {
  override get message(): string {
    return `limit ${this.limit}: ${this.problem}`
  }
}

/** A semaphore with that many permits; dies with `InvalidLimit` for less than one, which nothing could ever pass. */
export const semaphore = (limit: string, permits: number): Effect.Effect<Semaphore.Semaphore> =>
  Number.isSafeInteger(permits) && permits > 0
    ? Semaphore.make(permits)
    : Effect.die(
      new InvalidLimit({ limit, problem: `it is ${permits}; set a whole number from 1 up, or leave it out` })
    )

/** What the activities of one limit may do together. */
export interface ActivityBounds {
  /** How many attempts may be under way at once. */
  readonly concurrency?: number | undefined
  /**
   * How many attempts may start. After a quiet stretch `limit` of them start at once, then one for each `per / limit`:
   * at most 2 × `limit` − 1 in any stretch of `per`. For starts that are evenly spaced, say one for each short stretch.
   */
  readonly rate?: { readonly limit: number; readonly per: Duration.Input } | undefined
}

/** A bound of the attempts of all activities that it is given to, within this process. */
export interface ActivityLimit {
  readonly name: string
  /** Waits for its turn, then runs the effect. Waiting can be interrupted. */
  readonly withLimit: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

const rateLimiter = Effect.scoped(
  Effect.map(
    Layer.build(Layer.provide(RateLimiter.layer, RateLimiter.layerStoreMemory)),
    Context.get(RateLimiter.RateLimiter)
  )
)

/** An effect that waits for the next start; dies with `InvalidLimit` when the rate is none. */
export const turns = (
  name: string,
  { limit, per }: NonNullable<ActivityBounds["rate"]>
): Effect.Effect<Effect.Effect<void>> => {
  const window = Duration.fromInputUnsafe(per)
  if (!(Number.isSafeInteger(limit) && limit > 0 && Duration.toMillis(window) > 0)) {
    const problem = `its rate is ${limit} in ${
      Duration.format(window)
    }; set a whole number from 1 up, and a time above 0`
    return Effect.die(new InvalidLimit({ limit: `${name}.rate`, problem }))
  }
  return Effect.map(
    rateLimiter,
    (limiter) =>
      RateLimiter.sleep(limiter, { algorithm: "token-bucket", key: name, limit, window }).pipe(
        Effect.orDie, // its store is a map in memory, which cannot fail
        Effect.asVoid
      )
  )
}

/**
 * A limit, to be shared by the activities that call the same thing: make it once, beside the layer of that thing.
 *
 * An attempt holds its permit while it is at work, and neither while it waits to be tried again nor while its run is
 * suspended. An activity must not wait for another one of the same limit, which would wait for its permit.
 */
export const make = Effect.fnUntraced(
  function*({ concurrency, name, rate }: { readonly name: string } & ActivityBounds) {
    const permits = concurrency === undefined ? undefined : yield* semaphore(`${name}.concurrency`, concurrency)
    const within = permits === undefined ? identity : permits.withPermit
    const turn = rate === undefined ? Effect.void : yield* turns(name, rate)
    const withLimit = <A, E, R>(effect: Effect.Effect<A, E, R>) => within(Effect.andThen(turn, effect))
    return { name, withLimit } satisfies ActivityLimit
  }
)
