/** One call to a provider on the test clock, from noon on. */
import { DateTime, Effect, Fiber, Layer, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import * as ProviderHttp from "../../src/services/ProviderHttp.ts"
import * as HttpStub from "./HttpStub.ts"
import { gates, tokens } from "./ProviderTest.ts"

export const noon = DateTime.makeUnsafe("2026-11-20T12:00:00Z")

const Thing = Schema.Struct({ fine: Schema.Boolean })

/** The answer that a call hopes for. */
export const fine: HttpStub.Answer = { json: { fine: true } }

/** Calls the provider once. */
export const call = Effect.fnUntraced(function*(provider: Provider = "spotify") {
  const http = yield* ProviderHttp.make(provider)
  return yield* http.call(
    connectionId(provider, "me"),
    "thing",
    (exchange) =>
      Effect.flatMap(exchange(HttpClientRequest.get("https://provider.test/thing?x=1")), http.decode("thing", Thing))
  )
})

/** A call in a fiber of its own. */
export const started = (provider?: Provider) => Effect.forkChild(call(provider), { startImmediately: true })

/** Moves the clock to so many seconds after noon. */
export const at = (seconds: number) => TestClock.setTime(DateTime.toEpochMillis(noon) + seconds * 1000)

/** What a call needs, with a provider that gives these answers. */
export const answered = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  Layer.mergeAll(HttpStub.layer(answers), tokens, gates)

/** How many requests were made. */
export const asked = Effect.map(HttpStub.requests, (all) => all.length)

/** Why a call to Google fails that is given an hour. */
export const failure = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  Effect.gen(function*() {
    yield* at(0)
    const fiber = yield* started("google")
    yield* at(3600)
    const error = yield* Effect.flip(Fiber.join(fiber))
    return { error, reason: error.reason, requests: yield* asked }
  }).pipe(Effect.provide(answered(...answers)))
