/** The way of a request through the sandbox: read, perhaps spoilt, answered, logged, delivered. */
import { Clock, Effect } from "effect"
import { HttpRouter, type HttpServerRequest } from "effect/http"
import { deliver, type Manner, written } from "./Deliver.ts"
import type { Call, Reply, Route } from "./Exchange.ts"
import type { Choice } from "./Faults.ts"
import { httpDate } from "./Instants.ts"
import type { Parts } from "./Parts.ts"
import { page } from "./Refusals.ts"
import { emptied, malformed, statusReply } from "./Spoil.ts"
import { wording } from "./TokenEndpoint.ts"

type Outcome = Reply & { readonly text: string; readonly type: string; readonly manner: Manner }

const whole: Manner = { kind: "whole" }

const bearer = (call: Call): string => (call.header("authorization") ?? "").replace(/^Bearer /i, "")

/** What the request comes to under this fault, or none. */
const outcome = (parts: Parts, route: Route, call: Call, choice: Choice | undefined, wallMillis: number): Outcome => {
  const plain = (reply: Reply, manner: Manner = whole): Outcome => ({ ...reply, ...written(reply), manner })
  const answer = (again = false): Reply => route.answer({ ...call, again })
  if (choice === undefined) {
    return plain(answer())
  }
  const { fault, took } = choice
  switch (fault._tag) {
    case "Status":
      took()
      return plain(statusReply(route.provider, fault, {
        httpDate: (seconds) => httpDate(wallMillis + seconds * 1000),
        epochSeconds: Math.floor(wallMillis / 1000)
      }))
    case "Reset":
      took()
      return plain({ status: 0, body: undefined }, { kind: "reset" })
    case "Hang":
      took()
      return plain({ status: 0, body: undefined }, { kind: "hang" })
    case "ResetMidBody":
      took()
      return plain(answer(), { kind: "half", end: "reset" })
    case "Truncated":
      took()
      return plain(answer(), { kind: "half", end: "close" })
    case "Slow":
      took()
      return plain(answer(), { kind: "slow", seconds: fault.seconds })
    case "MalformedJson": {
      took()
      const sent = plain(answer())
      return { ...sent, text: sent.text.slice(0, Math.ceil(sent.text.length * 0.6)) }
    }
    case "Html":
      took()
      return plain({ status: 200, body: page("Welcome to the Wi-Fi") })
    case "WrongContentType":
      took()
      return { ...plain(answer()), type: "text/plain; charset=utf-8" }
    case "TokenExpired":
    case "TokenRevoked":
      took()
      parts.tokens.spoil(bearer(call), fault._tag === "TokenExpired" ? "expired" : "revoked")
      return plain(answer())
    case "GrantRevoked":
      took()
      if (route.provider !== "model") parts.tokens.revoke(route.provider, bearer(call))
      return plain(answer())
    case "InvalidGrant":
      took()
      return route.provider === "model" ? plain(answer()) : plain(wording[route.provider].deadRefresh)
    case "SyncTokenGone":
      took()
      parts.lists.kill(call.query.get("syncToken") ?? "")
      return plain(answer())
    case "DuplicatePage": {
      const reply = answer(true)
      if (reply.status === 200) {
        took()
      }
      return plain(reply)
    }
    case "EmptyList": {
      const reply = answer()
      const empty = emptied(route.provider, reply)
      if (empty !== undefined) {
        took()
      }
      return plain(empty ?? reply)
    }
    case "MalformedRecord": {
      const reply = answer()
      const spoilt = malformed(route.provider, reply, call.path, parts.log.all().length)
      if (spoilt !== undefined) {
        took(spoilt.record)
      }
      return plain(spoilt?.reply ?? reply)
    }
  }
}

/** What the request brings, by what it says that it is. */
const readBody = Effect.fnUntraced(function*(request: HttpServerRequest.HttpServerRequest) {
  const type = request.headers["content-type"] ?? ""
  const text = request.method === "GET" ? "" : yield* request.text
  return {
    form: new URLSearchParams(type.startsWith("application/x-www-form-urlencoded") ? text : ""),
    json: type.startsWith("application/json") ? text : ""
  }
})

const handle = (parts: Parts, route: Route) =>
  Effect.fnUntraced(function*(request: HttpServerRequest.HttpServerRequest) {
    const [path = "", search = ""] = request.url.split(/\?(.*)/s)
    const call: Call = {
      method: request.method,
      path,
      params: yield* HttpRouter.params,
      query: new URLSearchParams(search),
      ...yield* readBody(request),
      header: (name) => request.headers[name],
      again: false
    }
    const wallMillis = yield* Clock.currentTimeMillis
    const choice = parts.faults.choose(route, call)
    const result = outcome(parts, route, call, choice, wallMillis)
    parts.log.add(route, call, result.status, choice?.hit() === true ? choice.fault._tag : undefined)
    if (result.delaySeconds !== undefined) yield* Effect.sleep(result.delaySeconds * 1000)
    return yield* deliver(request, result, result.manner)
  })

/** The routes of the three providers; a path they do not have is answered in the provider's own words. */
export const providerRoutes = (parts: Parts) =>
  HttpRouter.addAll([
    ...parts.known.map((route) => HttpRouter.route(route.method, route.path, handle(parts, route))),
    ...parts.unknown.map(({ path, provider, reply }) =>
      HttpRouter.route(
        "*",
        path,
        handle(parts, { method: "GET", path, provider, endpoint: "api", answer: () => reply })
      )
    )
  ])
