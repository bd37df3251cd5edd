import { Context, Effect, Layer, SchemaIssue } from "effect"
import { HttpEffect, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { HttpApiMiddleware } from "effect/http-api"
import { type Caller, CurrentCaller, scopesOf } from "./Caller.ts"
import { damageFound, unlessDamaged } from "./Damage.ts"
import { Authorization, Readable, WhileDamaged } from "./Guards.ts"
import { InsufficientScope, Internal, InvalidRequest, Unauthorized } from "./Problems.ts"
import { grants, RequiredScope } from "./Scopes.ts"

/** Asks for a token with the scope of the endpoint. Who the caller is has been found out before. */
export const authorization = Layer.effect(
  Authorization,
  Effect.map(damageFound, (damage) =>
    Authorization.of({
      bearer: Effect.fnUntraced(function*(httpEffect, { endpoint, group }) {
        const caller = yield* CurrentCaller
        if (caller._tag === "Nobody") {
          yield* challenge(isOfToken(caller) ? "Bearer error=\"invalid_token\"" : "Bearer")
          return yield* refusalOf(caller)
        }
        // one without a scope keeps the API from being built: see Routes.ts
        const annotations = Context.merge(group.annotations, endpoint.annotations)
        const needed = Context.get(annotations, RequiredScope)
        if (!grants(scopesOf(caller), needed)) {
          yield* challenge(`Bearer error="insufficient_scope", scope="${needed}"`)
          return yield* new InsufficientScope({
            detail: `This needs the scope ${needed}, and the token has ${scopesOf(caller).join(", ")}.`,
            scope: needed,
            fix: `glider token create --name … --scope ${needed}`
          })
        }
        if (endpoint.method !== "GET" && Context.get(annotations, WhileDamaged) === "refused") {
          yield* unlessDamaged(damage)
        }
        return yield* httpEffect
      })
    }))
)

type Nobody = Extract<Caller, { readonly _tag: "Nobody" }>

/** What those are told who may not ask. */
export const refusalOf = ({ why }: Nobody): Unauthorized => new Unauthorized({ detail: refusals[why], fix: mends[why] })

/** Whether there was a token, and it is no good. */
export const isOfToken = ({ why }: Nobody): boolean => why === "unknown token" || why === "expired token"

const another = "glider token create --name … --scope …"

const mends: { readonly [W in Nobody["why"]]: string } = {
  "no token": another,
  "unknown token": another,
  "expired token": another,
  "no session": "glider open",
  "another page": "ask from a page of this server, or with a token"
}

const refusals: { readonly [W in Nobody["why"]]: string } = {
  "no token": "This address asks for a token, as Authorization: Bearer <token>.",
  "unknown token": "The token is not known here: it is mistyped, was revoked, or belongs to another installation.",
  "expired token": "The token has expired.",
  "no session": "The sign-in of this browser is over.",
  "another page": "A page from elsewhere asked, for which the sign-in of this browser does not count."
}

/** Tells which token is missing (RFC 6750, 3). */
const challenge = (value: string) =>
  HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeader(response, "www-authenticate", value))
  )

const issues = SchemaIssue.makeFormatterStandardSchemaV1()

const escaped = (part: string): string => part.replaceAll("~", "~0").replaceAll("/", "~1")

/** What does not decode, part by part; an answer of ours that does not encode is a bug. */
export const readable = HttpApiMiddleware.layerSchemaErrorTransform(Readable, (error) => {
  if (error.kind === "Body" || error.kind === "ResponseHeaders") {
    return Effect.andThen(
      Effect.logError("an answer does not fit the contract", error.cause),
      HttpServerRespondable.toResponse(new Internal({ detail: "The answer does not fit the contract; see the log." }))
    )
  }
  const details = issues(error.cause.issue).issues.map(({ message, path = [] }) => ({
    pointer: [
      "",
      error.kind.toLowerCase(),
      ...path.map((segment) => escaped(String(typeof segment === "object" ? segment.key : segment)))
    ].join("/"),
    message
  }))
  return Effect.fail(
    new InvalidRequest({ detail: details.map(({ message, pointer }) => `${pointer}: ${message}`).join("; "), details })
  )
})
