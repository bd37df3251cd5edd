/** Node's HTTP server with bounds on how slowly and how much may come, and an answer for what is no request at all. */
import { Duration, Predicate, Schema } from "effect"
import { createServer, type Server } from "node:http"
import type { Duplex } from "node:stream"
import { HeadersTooLarge, InvalidRequest, RequestTooSlow } from "./Problems.ts"

const Refused = Schema.Union([InvalidRequest, HeadersTooLarge, RequestTooSlow])

const encode = Schema.encodeSync(Schema.fromJsonString(Refused))

/** What was wrong with bytes that Node could make no request of. */
const refusalOf = (error: unknown): typeof Refused.Type => {
  const code = Predicate.hasProperty(error, "code") ? error.code : undefined
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HeadersTooLarge({ detail: "The address and the header fields have at most 16 KiB together." })
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new RequestTooSlow({ detail: "The request did not arrive in time." })
    default:
      return new InvalidRequest({ detail: "These bytes are no HTTP request." })
  }
}

/** The whole answer, since there is no request to answer by way of Node. */
const written = (problem: typeof Refused.Type): string => {
  const body = encode(problem)
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    "X-Content-Type-Options: nosniff",
    "Connection: close",
    "",
    body
  ].join("\r\n")
}

const answer = (error: Error, socket: Duplex): void => {
  const gone = Predicate.hasProperty(error, "code") && error.code === "ECONNRESET"
  if (gone || !socket.writable) socket.destroy()
  else socket.end(written(refusalOf(error)))
}

/**
 * A server that listens nowhere yet. The header of a request must have come within 10 s, all of it within three quarters of
 * `requestTimeout`: before the endpoint gives up, since a body that nobody waits for any more takes the connection with it.
 */
export const nodeServer = (requestTimeout: Duration.Duration): Server => {
  const millis = Duration.toMillis(requestTimeout)
  const arrival = Math.floor(millis * 0.75)
  return createServer({
    requestTimeout: arrival,
    headersTimeout: Math.min(arrival, 10_000),
    connectionsCheckingInterval: Math.min(1000, Math.floor(millis / 8)),
    keepAliveTimeout: 5000,
    maxHeaderSize: 16_384,
    requireHostHeader: false // Hosts.ts refuses a request without one, with a problem
  }).on("clientError", answer)
}
