import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "./Api.ts"
import { Vitals } from "./Vitals.ts"

export const healthHandlers = HttpApiBuilder.group(
  Api,
  "health",
  Effect.fn(function*(handlers) {
    const vitals = yield* Vitals
    return handlers.handleAll({
      livez: () => Effect.succeed({ ok: true as const }),
      readyz: () => Effect.as(vitals.ready, { ok: true as const }),
      health: () => vitals.health,
      healthz: () => vitals.health
    })
  })
)
