/** How addresses become pages: who asks is known, the API is asked as them, and what fails is told on a page, too. */
import { DateTime, Effect, Option } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse, UrlParams } from "effect/http"
import { damageFound } from "../../api/Damage.ts"
import { About } from "../../api/Overview.ts"
import { ianaZone } from "../../domain/TimeZones.ts"
import { ApiCalls, asking, type CallFailure, type Calls } from "../ApiCalls.ts"
import { Assets } from "../Assets.ts"
import { pageHeaders } from "../PageHeaders.ts"
import { currentVisitor, signedIn } from "../Session.ts"
import { documentOf } from "./Frame.tsx"
import type { Owner } from "./Owner.ts"
import { refused } from "./Refused.tsx"
import { type Place, places, type View } from "./View.ts"

/** What a page is made from. */
export interface Asked {
  readonly api: Calls
  readonly owner: Owner
  /** The parts of the path that the route names. */
  readonly params: { readonly [name: string]: string | undefined }
  readonly query: URLSearchParams
  /** The path with its query, to come back to. */
  readonly here: string
  /** What forms send along, as the field `csrf`. */
  readonly csrf: string
}

/** What a form has sent. */
export interface Sent extends Asked {
  readonly fields: URLSearchParams
}

export type Page = (asked: Asked) => Effect.Effect<View, CallFailure>

/**
 * Does what a form asks for, and says which page is to follow; or answers with a page itself, where something is still to be
 * put right or agreed to.
 */
export type Action = (sent: Sent) => Effect.Effect<string | View, CallFailure>

/** Whether the API has said what is wrong; anything else is between it and the page. */
const isProblem = (error: CallFailure): boolean => "status" in error

/** A part of the program that is loaded when it is first asked for. */
type Loaded<A> = () => Promise<A>

const settings = Effect.fnUntraced(function*(api: Calls) {
  const { locale, now, time_zone, today, week_starts_on } = yield* api.data.owner()
  return {
    zone: Option.getOrElse(ianaZone(time_zone), () => DateTime.zoneMakeOffset(0)),
    zoneName: time_zone,
    locale,
    weekStartsOn: week_starts_on,
    now,
    today
  } satisfies Owner
})

/** The routes of pages and of what their forms do. */
export const routing = Effect.gen(function*() {
  const api = yield* ApiCalls
  const around = { assets: yield* Assets, version: (yield* About).version, damage: yield* damageFound }
  const router = yield* HttpRouter.HttpRouter

  const asked = Effect.fnUntraced(function*(request: HttpServerRequest.HttpServerRequest, csrf: string) {
    const { params } = yield* HttpRouter.RouteContext
    const url = new URL(request.url, "http://glider.invalid")
    return {
      api,
      owner: yield* settings(api),
      params,
      query: url.searchParams,
      here: `${url.pathname}${url.search}`,
      csrf
    } satisfies Asked
  })

  const answer = (view: View, csrf: string, owner?: Owner) =>
    HttpServerResponse.text(documentOf(view, { ...around, csrf: Option.some(csrf), locale: owner?.locale }), {
      status: view.status ?? 200,
      contentType: "text/html; charset=utf-8",
      headers: pageHeaders
    })

  const answered = <R>(
    place: Place,
    work: (asked: Asked) => Effect.Effect<HttpServerResponse.HttpServerResponse, CallFailure, R>
  ) =>
    signedIn(Effect.gen(function*() {
      const request = yield* HttpServerRequest.HttpServerRequest
      const csrf = Option.match(yield* currentVisitor, { onNone: () => "", onSome: (visitor) => visitor.csrf })
      return yield* asking(request, Effect.flatMap(asked(request, csrf), work)).pipe(
        Effect.tapError((error) => isProblem(error) ? Effect.void : Effect.logError("a page met a bug", error)),
        Effect.catch((error) => Effect.succeed(answer(refused(error, place, places[place].href), csrf)))
      )
    }))

  /** A page at an address. */
  const page = (path: `/${string}`, place: Place, load: Loaded<Page>) =>
    router.add(
      "GET",
      path,
      answered(
        place,
        Effect.fnUntraced(function*(known) {
          const make = yield* Effect.promise(load)
          return answer(yield* make(known), known.csrf, known.owner)
        })
      )
    )

  /** A page that answered a form is no page when it is asked for by its address, as by who comes back from elsewhere. */
  const toPlace = (path: `/${string}`, place: Place) =>
    router.add("GET", path, signedIn(Effect.succeed(HttpServerResponse.redirect(places[place].href, { status: 303 }))))

  /** What a form of that address does; the browser is sent on, so that going back asks for nothing again. */
  const act = (path: `/${string}`, place: Place, load: Loaded<Action>) =>
    router.add(
      "POST",
      path,
      answered(
        place,
        Effect.fnUntraced(function*(known) {
          const request = yield* HttpServerRequest.HttpServerRequest
          const body = yield* Effect.orDie(request.urlParamsBody) // what cannot be read is answered as such
          const fields = new URLSearchParams(UrlParams.toString(body))
          const deed = yield* Effect.promise(load)
          const next = yield* deed({ ...known, fields })
          return typeof next === "string"
            ? HttpServerResponse.redirect(next, { status: 303 })
            : answer(next, known.csrf, known.owner)
        })
      )
    )

  const action = (path: `/${string}`, place: Place, load: Loaded<Action>) =>
    Effect.andThen(act(path, place, load), toPlace(path, place))

  return { page, action }
})
