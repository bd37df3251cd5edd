/** A store that is opened, used and closed again. */
import { Effect, Layer, Option } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"

/** On the real engine; without fsync, as a process may then open more than one. */
export const session = <A, E>(folder: string, use: Effect.Effect<A, E, Surreal>) =>
  Effect.provide(
    use,
    Layer.fresh(Surreal.layer({
      url: `rocksdb://${folder}`,
      namespace: "glider",
      database: "glider",
      credentials: Option.none(),
      sync: "never"
    }))
  )
