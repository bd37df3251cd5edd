import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "./Api.ts"
import { Scrape } from "./Scrape.ts"

export const metricsHandlers = HttpApiBuilder.group(
  Api,
  "metrics",
  Effect.fn(function*(handlers) {
    const scrape = yield* Scrape
    return handlers.handleAll({ scrape: () => scrape.text })
  })
)
