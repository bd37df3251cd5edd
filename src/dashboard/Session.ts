/** What pages need to know of the browser that asks. */
import { Effect, Option } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { type Caller, CurrentCaller } from "../api/Caller.ts"
import { csrfToken } from "../api/Csrf.ts"
import { localPath } from "../domain/LocalPath.ts"
import type { Session } from "../domain/Session.ts"
import { pageHeaders } from "./PageHeaders.ts"
import { onwardPage } from "./SignInPage.tsx"

/** The person, in a browser that has signed in. */
export interface Visitor {
  readonly session: Session
  /** For the field `csrf` of forms, and `X-CSRF-Token` of scripts: what changes something is refused without it. */
  readonly csrf: string
}

const visitorOf = (caller: Caller): Option.Option<Visitor> =>
  caller._tag === "Session"
    ? Option.some({ session: caller.session, csrf: csrfToken(caller.secret) })
    : Option.none()

/** Who is signed in, when somebody is. */
export const currentVisitor = Effect.map(CurrentCaller, visitorOf)

/** Whether a link on a page from elsewhere led here: browsers do not send the cookie with the first request, then. */
const cameFromElsewhere = ({ headers }: HttpServerRequest.HttpServerRequest): boolean =>
  headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-site"] === "cross-site"

/** Sends the browser where it can sign in, and then comes back. */
const toSignIn = (request: HttpServerRequest.HttpServerRequest): HttpServerResponse.HttpServerResponse => {
  // an answer to a form has no address of its own to come back to
  const wanted = request.method === "GET" || request.method === "HEAD" ? localPath(request.url) : Option.none<string>()
  if (Option.isSome(wanted) && cameFromElsewhere(request)) {
    return HttpServerResponse.text(onwardPage(wanted.value), {
      contentType: "text/html; charset=utf-8",
      headers: pageHeaders
    })
  }
  const next = Option.match(Option.filter(wanted, (path) => path !== "/"), {
    onNone: () => "",
    onSome: (path) => `?next=${encodeURIComponent(path)}`
  })
  return HttpServerResponse.redirect(`/sign-in${next}`, { status: 303, headers: pageHeaders })
}

/** A page for whoever has signed in, which `currentVisitor` knows; others are sent to the sign-in, and then back. */
export const signedIn = <E, R>(
  page: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | HttpServerRequest.HttpServerRequest> =>
  Effect.flatMap(
    Effect.all([CurrentCaller, HttpServerRequest.HttpServerRequest]),
    ([caller, request]): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> =>
      caller._tag === "Session" ? page : Effect.succeed(toSignIn(request))
  )
