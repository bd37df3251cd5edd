/** `/sign-in` and `/sign-out`: how a browser gets its session, and how it gives it back. */
import { Effect, Option, Redacted } from "effect"
import { HttpRouter, type HttpServerRequest, HttpServerRespondable, HttpServerResponse, UrlParams } from "effect/http"
import { CurrentCaller } from "../api/Caller.ts"
import { networkOf } from "../api/Networks.ts"
import { About } from "../api/Overview.ts"
import { withoutSessionCookie, withSessionCookie } from "../api/SessionCookie.ts"
import { SignInLinks } from "../api/SignInLinks.ts"
import { storeFailed } from "../api/Translate.ts"
import { CurrentConfig } from "../Config.ts"
import { localPath } from "../domain/LocalPath.ts"
import { userAgentText } from "../domain/UserAgent.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Sessions } from "../store/Sessions.ts"
import { Assets } from "./Assets.ts"
import { pageHeaders } from "./PageHeaders.ts"
import { makeAttempts } from "./SignInAttempts.ts"
import { signInPage, type SignInView } from "./SignInPage.tsx"

type Request = HttpServerRequest.HttpServerRequest

/** What the person has: a code, and where they want to go with it. */
interface Ticket {
  readonly code: Option.Option<Redacted.Redacted<string>>
  readonly next: Option.Option<string>
}

const redirect = (path: string) => HttpServerResponse.redirect(path, { status: 303, headers: pageHeaders })

/** The code, also out of the whole link. */
const codeIn = (text: string): Option.Option<Redacted.Redacted<string>> => {
  const trimmed = text.trim()
  const code = URL.parse(trimmed)?.searchParams.get("code") ?? trimmed
  return code === "" ? Option.none() : Option.some(Redacted.make(code, { label: "sign-in code" }))
}

const ticketOf = (code: string | null | undefined, next: string | null | undefined): Ticket => ({
  code: codeIn(code ?? ""),
  next: localPath(next)
})

/** What a browser loads before anybody has asked for it must not use the code up, nor what only asks for the header. */
const isAhead = ({ headers, method }: Request): boolean =>
  method === "HEAD" || /\bprefetch\b/.test(headers["sec-purpose"] ?? headers["purpose"] ?? "")

const unavailable = (error: SurrealError) => HttpServerRespondable.toResponse(storeFailed(error))

/** The routes, for `serving`. */
export const signIn = HttpRouter.use(Effect.fnUntraced(function*(router) {
  const links = yield* SignInLinks
  const sessions = yield* Sessions
  const { server: { port } } = yield* CurrentConfig
  const attempt = makeAttempts()
  const around = { assets: yield* Assets, version: (yield* About).version }

  const page = (view: SignInView, status = 200, headers: { readonly [name: string]: string } = {}) =>
    HttpServerResponse.text(signInPage(view, around), {
      status,
      contentType: "text/html; charset=utf-8",
      headers: { ...pageHeaders, ...headers }
    })

  /** Gives the browser a session. One that it has stays: the forms of its other tabs bear what is made of its secret. */
  const begin = Effect.fnUntraced(function*(request: Request, onward: HttpServerResponse.HttpServerResponse) {
    if ((yield* CurrentCaller)._tag === "Session") return onward
    const { secret } = yield* sessions.create(userAgentText(request.headers["user-agent"]))
    return withSessionCookie(onward, request, port, secret)
  })

  const enter = Effect.fnUntraced(function*(request: Request, { code, next }: Ticket) {
    const { _tag } = yield* CurrentCaller
    const onward = redirect(Option.getOrElse(next, () => "/"))
    const view = { next: Option.getOrUndefined(next) }
    if (Option.isNone(code)) return _tag === "Session" ? onward : page(view)
    const tried = yield* Effect.result(attempt(networkOf(request.remoteAddress)))
    if (tried._tag === "Failure") {
      const problem = `Too many codes were wrong. Try again in ${tried.failure} seconds.`
      return page({ ...view, problem }, 429, { "retry-after": String(tried.failure) })
    }
    const isGood = yield* links.take(code.value)
    if (!isGood && _tag !== "Session") {
      return page({ ...view, problem: "This link is used, too old, or not from this Glider. Get a new one." }, 403)
    }
    yield* tried.success.succeeded
    // a link that was opened again leads on, when it has let this browser in
    return isGood ? yield* begin(request, onward) : onward
  }, Effect.catchTag("SurrealError", unavailable))

  yield* router.add("GET", "/sign-in", (request) => {
    const { searchParams } = new URL(request.url, "http://glider.invalid")
    const ticket = ticketOf(searchParams.get("code"), searchParams.get("next"))
    return enter(request, isAhead(request) ? { ...ticket, code: Option.none() } : ticket)
  })

  yield* router.add("POST", "/sign-in", (request) =>
    Effect.flatMap(Effect.orDie(request.urlParamsBody), (fields) => {
      const field = (name: string) => Option.getOrUndefined(UrlParams.getFirst(fields, name))
      return enter(request, ticketOf(field("code"), field("next")))
    }))

  yield* router.add("POST", "/sign-out", (request) =>
    Effect.gen(function*() {
      const caller = yield* CurrentCaller
      if (caller._tag === "Session") yield* sessions.end(caller.session.id)
      return withoutSessionCookie(redirect("/sign-in"), request, port)
    }).pipe(Effect.catchTag("SurrealError", unavailable)))
}))
