import { Array as Arr, Context, Effect, Layer, type Option, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** The table `standing_job`: up to which tick each has been seen to. Instants are epoch milliseconds. */
export class StandingTicks extends Context.Service<StandingTicks, {
  readonly last: (name: string) => Effect.Effect<Option.Option<number>, SurrealError>
  readonly note: (name: string, tick: number, now: number) => Effect.Effect<void, SurrealError>
  /** What is switched off begins anew when it is switched on. */
  readonly forget: (name: string) => Effect.Effect<void, SurrealError>
}>()("glider/store/StandingTicks") {
  static readonly layer: Layer.Layer<StandingTicks, never, Surreal> = Layer.effect(
    StandingTicks,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const idOf = (name: string) => recordId("standing_job", [name])
      return StandingTicks.of({
        last: Effect.fn("StandingTicks.last")((name: string) =>
          Effect.map(
            surreal.query(Schema.Array(Schema.Finite), "SELECT VALUE last_tick FROM $ids WHERE id != NONE", {
              ids: [idOf(name)]
            }),
            Arr.head
          )
        ),
        note: Effect.fn("StandingTicks.note")((name: string, tick: number, now: number) =>
          Effect.asVoid(surreal.transaction([{
            sql: "UPSERT $ids SET last_tick = $tick, updated_at = $now RETURN NONE",
            vars: { ids: [idOf(name)], tick, now }
          }]))
        ),
        forget: Effect.fn("StandingTicks.forget")((name: string) =>
          Effect.asVoid(surreal.transaction([{ sql: "DELETE $ids RETURN NONE", vars: { ids: [idOf(name)] } }]))
        )
      })
    })
  )
}
