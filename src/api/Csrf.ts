/**
 * What keeps pages from elsewhere from acting as the person whose browser they run in. A browser sends its cookie with whatever
 * asks for it, so a caller by session must also show that it is one of our own pages that asks.
 */
import { Effect, Option, Redacted } from "effect"
import { Mac } from "effect/crypto"
import { HttpServerRequest, HttpServerRespondable, type HttpServerResponse, UrlParams } from "effect/http"
import { createHmac } from "node:crypto"
import { page } from "../accounts/Callback.ts"
import { localPath } from "../domain/LocalPath.ts"
import { CurrentCaller } from "./Caller.ts"
import { type Asked, isOurPage, safeMethods } from "./Fetched.ts"
import { CsrfRefused } from "./Problems.ts"

/** What forms and scripts of our pages send along: no other page can know it, and it tells nothing of the secret. */
export const csrfToken = (secret: Redacted.Redacted<string>): string =>
  createHmac("sha256", Redacted.value(secret)).update("csrf").digest("base64url")

const utf8 = new TextEncoder()

const isToken = (given: string | undefined, secret: Redacted.Redacted<string>): boolean =>
  given !== undefined && Mac.timingSafeEqual(utf8.encode(given), utf8.encode(csrfToken(secret)))

const typeOf = ({ headers }: Asked): string => headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? ""

/** The field `csrf` of a form. */
const fieldOf = (request: HttpServerRequest.HttpServerRequest) =>
  Effect.map(
    Effect.orDie(request.urlParamsBody), // what cannot be read is answered as such, whoever reads it
    (fields) => Option.getOrUndefined(UrlParams.getFirst(fields, "csrf"))
  )

/** JSON is of a type that a page from elsewhere cannot send without being asked first. */
const isMeant = (request: HttpServerRequest.HttpServerRequest, secret: Redacted.Redacted<string>) => {
  const type = typeOf(request)
  if (type === "application/json" || isToken(request.headers["x-csrf-token"], secret)) return Effect.succeed(true)
  return type === "application/x-www-form-urlencoded"
    ? Effect.map(fieldOf(request), (field) => isToken(field, secret))
    : Effect.succeed(false)
}

/** Whether a person has pressed a button, and will see what is answered. */
const isForm = (request: Asked): boolean =>
  typeOf(request) === "application/x-www-form-urlencoded" && /\btext\/html\b/i.test(request.headers["accept"] ?? "")

/** The page that the form stands on, when it is one of ours. */
const formPage = ({ headers }: Asked): string => {
  const from = URL.parse(headers["referer"] ?? "")
  return from === null || from.host !== headers["host"]
    ? "/"
    : Option.getOrElse(localPath(`${from.pathname}${from.search}`), () => "/")
}

const outOfDate = (request: Asked): HttpServerResponse.HttpServerResponse =>
  page(
    403,
    "This page is out of date",
    "It was opened under another sign-in, so nothing was changed. Open it anew, and do it there once more.",
    { address: formPage(request), byItself: false }
  )

/** Refuses changes that a caller by session asks for and that do not come from a page of ours. */
export const csrf = <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const caller = yield* CurrentCaller
    if (caller._tag !== "Session" || safeMethods.has(request.method)) return yield* app
    if (isOurPage(request) && (yield* isMeant(request, caller.secret))) return yield* app
    if (isForm(request)) return outOfDate(request)
    return yield* HttpServerRespondable.toResponse(
      new CsrfRefused({
        detail: "A session changes something only for the page of this server itself, which shows that it asks.",
        fix: "send JSON, or X-CSRF-Token, from a page of this server; other programs: glider token create"
      })
    )
  })
