/** What every request passes on its way to an endpoint, in this order. */
import { Effect, Layer } from "effect"
import { Digest } from "effect/crypto"
import { HttpEffect, HttpRouter, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { CurrentConfig } from "../Config.ts"
import { IdempotencyKeys } from "../store/IdempotencyKeys.ts"
import { answers } from "./Answers.ts"
import { Callers, CurrentCaller } from "./Caller.ts"
import { contractProblems } from "./ContractProblems.ts"
import { csrf } from "./Csrf.ts"
import { idempotency, pruning } from "./Idempotency.ts"
import { networkOf } from "./Networks.ts"
import { origins } from "./Origins.ts"
import { RateLimits, type Standing } from "./RateLimits.ts"
import { requestLimits } from "./RequestLimits.ts"
import { storeFailed } from "./Translate.ts"

/** Those who watch over the process ask often and say not who they are. */
const isProbe = (url: string): boolean => /^\/(livez|readyz)(\?|$)/.test(url)

const told = (standing: Standing) =>
  HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeaders(response, standing))
  )

/** Finds out who asks, and whether they may ask again already. */
const known = Effect.gen(function*() {
  const callers = yield* Callers
  const limits = yield* RateLimits
  const admit = Effect.fnUntraced(function*(request: HttpServerRequest.HttpServerRequest) {
    const stranger = `address:${networkOf(request.remoteAddress)}`
    let taken: Standing | undefined
    const takeAsStranger = Effect.map(limits.take(stranger), (standing) => {
      taken = standing
    })
    // guesses at tokens are counted before each of them costs a question to the store
    const caller = yield* callers.of(request, takeAsStranger)
    if (caller._tag === "Token") taken = yield* limits.take(`token:${caller.token.id}`)
    if (caller._tag === "Nobody" && taken === undefined) yield* takeAsStranger
    if (caller._tag !== "Local" && caller._tag !== "Session" && taken !== undefined) yield* told(taken)
    return caller
  })
  return <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
    Effect.flatMap(
      HttpServerRequest.HttpServerRequest,
      (request) =>
        isProbe(request.url) ? app : Effect.matchEffect(admit(request), {
          onFailure: (refusal) =>
            "problem" in refusal
              ? Effect.andThen(told(refusal.standing), HttpServerRespondable.toResponse(refusal.problem))
              : HttpServerRespondable.toResponse(storeFailed(refusal)),
          onSuccess: (caller) => Effect.provideService(app, CurrentCaller, caller)
        })
    )
})

/** All of it, in front of every address. */
export const door = HttpRouter.middleware(
  Effect.gen(function*() {
    const { server } = yield* CurrentConfig
    const ofOrigin = origins(server.corsOrigins)
    const ofCaller = yield* known
    const within = requestLimits(server)
    const once = yield* idempotency
    return (app) => contractProblems(answers(ofOrigin(ofCaller(within(csrf(once(app)))))))
  }),
  { global: true }
).pipe(
  Layer.merge(pruning),
  Layer.provide([Callers.layer, RateLimits.layer, IdempotencyKeys.layer]),
  Layer.provide(Digest.layerWebCrypto)
)
