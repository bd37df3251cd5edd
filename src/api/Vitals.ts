import { Context, Effect, Layer, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import { Migrations } from "../store/Migrations.ts"
import { Health } from "./Messages.ts"
import { About } from "./Overview.ts"
import { Unready } from "./Problems.ts"

/** How long the store may take to answer before it counts as absent. */
const patience = "2 seconds"

/** Whether the process can do its work. A provider that is down is no reason for it to be unready. */
export class Vitals extends Context.Service<Vitals, {
  /** Fails while the store does not answer. */
  readonly ready: Effect.Effect<void, Unready>
  /** Each part by itself. */
  readonly health: Effect.Effect<Health>
}>()("glider/api/Vitals") {
  static readonly layer = Layer.effect(
    Vitals,
    Effect.gen(function*() {
      const about = yield* About
      const migrations = yield* Migrations
      const surreal = yield* Surreal

      const store = surreal.query(Schema.Literal(1), "RETURN 1").pipe(
        Effect.timeoutOrElse({
          duration: patience,
          orElse: () => Effect.fail({ message: "the store does not answer in time" })
        }),
        Effect.match({
          onFailure: ({ message }) => ({ ok: false, message }),
          onSuccess: () => ({ ok: true, message: `open, schema ${migrations.version}` })
        })
      )

      const health = Effect.map(store, (answer) =>
        new Health({
          ok: answer.ok,
          version: about.version,
          parts: {
            store: answer,
            schedules: { ok: true, message: about.supervises ? "supervised" : "not supervised by this process" }
          }
        }))

      return Vitals.of({
        // says nothing of why: whoever asks may be anybody
        ready: Effect.flatMap(store, ({ ok }) => ok ? Effect.void : new Unready({ detail: "not ready" })),
        health
      })
    })
  )
}
