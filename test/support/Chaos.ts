/** How chaos is drawn, by the environment: `GLIDER_CHAOS_SEED=7 GLIDER_CHAOS_SHARE=0.3 npm run chaos`. */
import { Config, Effect, Schema } from "effect"

/** Another seed draws other instants and other happenings. */
export const seed = Config.withDefault(Config.Int("GLIDER_CHAOS_SEED"), 1)

const share = Config.schema(
  Schema.FiniteFromString.check(Schema.isBetween({ minimum: 0.1, maximum: 100 })),
  "GLIDER_CHAOS_SHARE"
).pipe(Config.withDefault(1))

/** So many kills, or the share of them that was asked for. */
export const killsOf = (all: number) => Effect.map(share, (share) => Math.ceil(all * share))

/** All of them, or the share that was asked for, evenly from the first on. */
export const drawnOf = <A>(all: ReadonlyArray<A>) =>
  Effect.map(
    killsOf(all.length),
    (count): ReadonlyArray<A> =>
      all.filter((_, index) => Math.floor(index * count / all.length) !== Math.floor((index - 1) * count / all.length))
  )
