/** Who asks. Found out once, at the door, and handed to everything behind it. */
import { Context, Data, DateTime, Effect, Layer, Option, Redacted } from "effect"
import { Mac, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import type { HttpServerRequest } from "effect/http"
import { CurrentConfig } from "../Config.ts"
import type { ApiScope, IssuedToken } from "../domain/IssuedToken.ts"
import type { Session } from "../domain/Session.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { ApiTokens } from "../store/ApiTokens.ts"
import { Sessions } from "../store/Sessions.ts"
import { isReadByOthers, safeMethods } from "./Fetched.ts"
import { sessionSecret } from "./SessionCookie.ts"

/** The token for the commands of this user, made anew at each start and left in the data folder; it may everything. */
export class ApiToken extends Context.Service<ApiToken, Redacted.Redacted<string>>()("glider/api/Caller/ApiToken") {
  static readonly layer = Layer.effect(
    ApiToken,
    Effect.gen(function*() {
      const random = yield* SecureRandom.SecureRandom
      return Redacted.make(Base64Url.encode(yield* random.randomBytes(32)), { label: "api token" })
    })
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/** Who a request is from. */
export type Caller = Data.TaggedEnum<{
  /** A process of the same user, with the token of the data folder. */
  readonly Local: {}
  /** Somebody with a token that is still good. */
  readonly Token: { readonly token: IssuedToken }
  /** A browser that has signed in to the web page; the secret is that of its cookie. */
  readonly Session: { readonly session: Session; readonly secret: Redacted.Redacted<string> }
  readonly Nobody: {
    readonly why: "no token" | "unknown token" | "expired token" | "no session" | "another page"
  }
}>
export const Caller = Data.taggedEnum<Caller>()

/** The caller of the request at hand. */
export const CurrentCaller = Context.Reference<Caller>("glider/api/Caller/CurrentCaller", {
  defaultValue: () => Caller.Nobody({ why: "no token" })
})

/** What the caller may do. */
export const scopesOf = (caller: Caller): ReadonlyArray<ApiScope> =>
  Caller.$match(caller, {
    Local: () => everything,
    Session: () => everything,
    Token: ({ token }) => token.scopes,
    Nobody: () => []
  })

const everything: ReadonlyArray<ApiScope> = ["admin"]

/** Tells callers apart. */
export class Callers extends Context.Service<Callers, {
  /** `beforeAsking` goes before a question to the store: for a token or a session that is not known from before. */
  readonly of: <E>(
    request: HttpServerRequest.HttpServerRequest,
    beforeAsking: Effect.Effect<void, E>
  ) => Effect.Effect<Caller, E | SurrealError>
}>()("glider/api/Caller/Callers") {
  static readonly layer = Layer.effect(
    Callers,
    Effect.gen(function*() {
      const tokens = yield* ApiTokens
      const sessions = yield* Sessions
      const { server: { port } } = yield* CurrentConfig
      const local = utf8.encode(Redacted.value(yield* ApiToken))

      const byCookie = Effect.fnUntraced(function*<E>(
        request: HttpServerRequest.HttpServerRequest,
        beforeAsking: Effect.Effect<void, E>
      ) {
        const secret = sessionSecret(request, port)
        if (Option.isNone(secret)) return Caller.Nobody({ why: "no token" })
        // a browser sends the cookie whoever asks it to; what changes something is looked at more closely (Csrf.ts)
        if (safeMethods.has(request.method) && isReadByOthers(request)) return Caller.Nobody({ why: "another page" })
        return Option.match(yield* sessions.find(secret.value, beforeAsking), {
          onNone: () => Caller.Nobody({ why: "no session" }),
          onSome: (session) => Caller.Session({ session, secret: secret.value })
        })
      })

      return Callers.of({
        of: Effect.fnUntraced(function*(request, beforeAsking) {
          const credential = /^bearer +(\S+) *$/i.exec(request.headers["authorization"] ?? "")?.[1]
          if (credential === undefined) return yield* byCookie(request, beforeAsking)
          const secret = Redacted.make(credential, { label: "api token" })
          // the time it takes tells the length, which is no secret
          if (Mac.timingSafeEqual(utf8.encode(credential), local)) return Caller.Local()
          const found = yield* tokens.find(secret, beforeAsking)
          if (Option.isNone(found)) return Caller.Nobody({ why: "unknown token" })
          return found.value.isExpired(yield* DateTime.now)
            ? Caller.Nobody({ why: "expired token" })
            : Caller.Token({ token: found.value })
        })
      })
    })
  )
}

const utf8 = new TextEncoder()
