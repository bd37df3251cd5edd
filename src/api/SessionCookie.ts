/** The cookie that holds the secret of a browser's session. */
import { Option, Redacted } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"
import { longest } from "../store/Sessions.ts"

type Request = Pick<HttpServerRequest.HttpServerRequest, "cookies" | "headers">

/** Whether the browser speaks TLS, to a proxy in front. One that claims so falsely only gets a cookie that it will not send. */
export const isOverTls = ({ headers }: Pick<Request, "headers">): boolean =>
  /^\s*https\s*(,|$)/i.test(headers["x-forwarded-proto"] ?? "")

/** The origin under which the browser knows this server. */
export const originOf = (request: Pick<Request, "headers">): string =>
  `${isOverTls(request) ? "https" : "http"}://${request.headers["host"] ?? "127.0.0.1"}`

/**
 * Cookies do not tell ports apart, so the name does: each server of this machine has its own. Over TLS the name keeps other
 * hosts, and pages without TLS, from planting one (`__Host-`).
 */
export const sessionCookieName = (request: Pick<Request, "headers">, port: number): string =>
  isOverTls(request) ? "__Host-glider_session" : `glider_session_${port}`

const optionsFor = (request: Request) =>
  ({ httpOnly: true, sameSite: "strict", path: "/", secure: isOverTls(request) }) as const

/** The secret that the browser sends. */
export const sessionSecret = (request: Request, port: number): Option.Option<Redacted.Redacted<string>> => {
  const value = request.cookies[sessionCookieName(request, port)]
  return value === undefined || value === "" ? Option.none() : Option.some(Redacted.make(value, { label: "session" }))
}

/** Hands the secret to the browser, which keeps it as long as a session can last: the end of it is the server's business. */
export const withSessionCookie = (
  response: HttpServerResponse.HttpServerResponse,
  request: Request,
  port: number,
  secret: Redacted.Redacted<string>
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.setCookieUnsafe(response, sessionCookieName(request, port), Redacted.value(secret), {
    ...optionsFor(request),
    maxAge: longest
  })

/** Has the browser forget it. */
export const withoutSessionCookie = (
  response: HttpServerResponse.HttpServerResponse,
  request: Request,
  port: number
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.expireCookieUnsafe(response, sessionCookieName(request, port), optionsFor(request))
