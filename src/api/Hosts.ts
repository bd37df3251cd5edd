/** Under which names the server answers: a page whose name was rebound to this machine's address has another. */
import { Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerRespondable } from "effect/http"
import { IncomingMessage } from "node:http"
import { CurrentConfig, type GliderConfig } from "../Config.ts"
import { InvalidRequest, Misdirected } from "./Problems.ts"

const loopback = ["127.0.0.1", "localhost", "[::1]"]

/** The address as it stands in a URL. */
export const inUrl = (host: string): string => host.includes(":") && !host.startsWith("[") ? `[${host}]` : host

/** An address that means every address of the machine. */
export const isWildcard = (host: string): boolean => /^(0\.0\.0\.0|\[?[0:]+\]?)$/.test(host)

/** Whether a Host field, in small letters, names this server. */
export const isOwn = ({ allowedHosts, host, port }: GliderConfig["server"]): (field: string) => boolean => {
  const names = [...loopback, ...isWildcard(host) ? [] : [inUrl(host.toLowerCase())]]
  const exact = new Set([
    ...names.map((name) => `${name}:${port}`),
    ...port === 80 ? names : [],
    ...allowedHosts
  ])
  const anyPort = new Set(allowedHosts.filter((name) => !/:\d+$/.test(name)))
  return (field) => exact.has(field) || (/:\d{1,5}$/.test(field) && anyPort.has(field.replace(/:\d+$/, "")))
}

/** The values of all Host fields, as they were sent; of a request from within this process, the one that it has. */
const hostFields = ({ headers, source }: HttpServerRequest.HttpServerRequest): ReadonlyArray<string> => {
  if (!(source instanceof IncomingMessage)) return headers["host"] === undefined ? [] : [headers["host"]]
  const { rawHeaders } = source
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "host")
}

/**
 * Refuses requests that come under another name, before anything else looks at them. A request without a Host field or
 * with two of them is no valid request at all (RFC 9112, 3.2).
 */
export const ownHostsOnly = HttpRouter.middleware(
  Effect.map(CurrentConfig, ({ server }) => {
    const own = isOwn(server)
    return (app) =>
      Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
        const [field, ...more] = hostFields(request)
        if (field === undefined || more.length > 0) {
          return HttpServerRespondable.toResponse(new InvalidRequest({ detail: "A request has one Host field." }))
        }
        const host = field.toLowerCase()
        // a request line may name a host of its own (RFC 9112, 3.2.2)
        return own(host) && request.originalUrl.toLowerCase().startsWith(`http://${host}/`)
          ? app
          : HttpServerRespondable.toResponse(
            new Misdirected({
              detail: `This server does not answer to ${JSON.stringify(field.slice(0, 100))}.`,
              fix: "reach it as 127.0.0.1, or name the host in [server] allowed_hosts"
            })
          )
      })
  }),
  { global: true }
)
