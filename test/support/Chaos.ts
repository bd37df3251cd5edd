/** How chaos is drawn, by the environment: `GLIDER_CHAOS_SEED=7 GLIDER_CHAOS_SHARE=0.3 npm run chaos`. */
import { Config, Effect, Schema } from "effect"

/** Another seed draws other instants and other happenings. */
export const seed = Config.withDefault(Config.Int("GLIDER_CHAOS_SEED"), 1)

const share = Config.schema(
  Schema.FiniteFromString.check(Schema.isBetween({ minimum: 0.02, maximum: 100 })),
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

/** Stores whose processes are killed, with how often each: a share of the kills is drawn from few stores, for each has its price. */
export const storesOf = (stores: number, killsPerStore: number) =>
  Effect.map(killsOf(stores * killsPerStore), (kills) => {
    const count = Math.min(stores, Math.ceil(kills / killsPerStore))
    return Array.from({ length: count }, (_, index) => ({
      store: index + 1,
      kills: Math.floor(kills * (index + 1) / count) - Math.floor(kills * index / count)
    }))
  })
