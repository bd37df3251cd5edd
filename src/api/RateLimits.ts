/** How much one client may ask for in a minute. */
import { Context, Duration, Effect, Layer, Scope } from "effect"
import { RateLimiter } from "effect/persistence"
import { CurrentConfig } from "../Config.ts"
import { TooManyRequests } from "./Problems.ts"

/** Clients that are counted at once; with one more all counts begin anew, for they are held in memory. */
const capacity = 10_000

/** Header fields that say where the client stands. */
export type Standing = { readonly [name: string]: string }

/** A refusal with what the client is told in header fields. */
export interface Refusal {
  readonly problem: TooManyRequests
  readonly standing: Standing
}

/** Counts requests by client. */
export class RateLimits extends Context.Service<RateLimits, {
  /** Takes one request from the client's minute and says how many are left. */
  readonly take: (client: string) => Effect.Effect<Standing, Refusal>
}>()("glider/api/RateLimits") {
  static readonly layer = Layer.effect(
    RateLimits,
    Effect.gen(function*() {
      const { server: { requestsPerMinute: limit } } = yield* CurrentConfig
      if (limit === 0) return RateLimits.of({ take: () => Effect.succeed({}) })
      const scope = yield* Scope.Scope
      const fresh = Effect.map(
        Layer.buildWithScope(Layer.fresh(Layer.provide(RateLimiter.layer, RateLimiter.layerStoreMemory)), scope),
        (context) => Context.get(context, RateLimiter.RateLimiter)
      )
      const clients = new Set<string>()
      let limiter = yield* fresh

      const standing = (remaining: number, reset: Duration.Duration): Standing => ({
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(remaining),
        "x-ratelimit-reset": String(seconds(reset))
      })

      const take = Effect.fnUntraced(function*(client: string) {
        if (clients.size >= capacity && !clients.has(client)) {
          clients.clear()
          limiter = yield* fresh
        }
        clients.add(client)
        return yield* limiter.consume({ key: client, limit, window: "1 minute" }).pipe(
          Effect.map(({ remaining, resetAfter }) => standing(remaining, resetAfter)),
          Effect.catchReason(
            "RateLimiterError",
            "RateLimitExceeded",
            ({ retryAfter }) =>
              Effect.fail({
                problem: new TooManyRequests({
                  detail: `This client may ask ${limit} times in a minute; the next time in ${seconds(retryAfter)} s.`,
                  fix: "ask less often, or raise [server] requests_per_minute"
                }),
                standing: { ...standing(0, retryAfter), "retry-after": String(seconds(retryAfter)) }
              }),
            Effect.die // a store in memory does not fail
          )
        )
      })
      return RateLimits.of({ take })
    })
  )
}

const seconds = (duration: Duration.Duration): number => Math.max(1, Math.ceil(Duration.toSeconds(duration)))
