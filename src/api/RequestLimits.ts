/** What one request may ask of the server. */
import { ByteSize, Effect } from "effect"
import { HttpIncomingMessage, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import type { GliderConfig } from "../Config.ts"
import { InvalidRequest, PayloadTooLarge, RequestTimedOut, UriTooLong } from "./Problems.ts"

/** Longer than any address here with its query: the ids in it have 256 characters at most, and a query is typed by people. */
const longestUrl = 8192

/** Whether the escapes of the path are those of a text. */
const isDecodable = (url: string): boolean => {
  try {
    decodeURIComponent(url.replace(/[?#].*$/s, ""))
    return true
  } catch {
    return false
  }
}

/** Ends the connection as well, on which the rest of the request may still come. */
const closing = (problem: HttpServerRespondable.Respondable) =>
  Effect.map(HttpServerRespondable.toResponse(problem), HttpServerResponse.setHeader("connection", "close"))

/**
 * Refuses addresses and bodies that are too large, and gives up on an answer that does not begin in time. What is
 * streamed has begun by then, and goes on.
 */
export const requestLimits = ({ maxBodyBytes, requestTimeout }: GliderConfig["server"]) => {
  const refused = ({ headers, url }: HttpServerRequest.HttpServerRequest) => {
    if (url.length > longestUrl) {
      return new UriTooLong({ detail: `An address here has at most ${longestUrl} characters.` })
    }
    if (!isDecodable(url)) {
      const message = "not a text: a % is followed by what is no escape"
      return new InvalidRequest({ detail: `The path is ${message}.`, details: [{ pointer: "/path", message }] })
    }
    return Number(headers["content-length"] ?? 0) > maxBodyBytes
      ? new PayloadTooLarge({
        detail: `A body has at most ${maxBodyBytes} bytes here.`,
        fix: "send less, or raise [server] max_body_bytes"
      })
      : undefined
  }
  return <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) => {
    const bounded = app.pipe(
      Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBodyBytes)),
      Effect.interruptible,
      Effect.timeoutOrElse({
        duration: requestTimeout,
        orElse: () =>
          HttpServerRespondable.toResponse(
            new RequestTimedOut({
              detail:
                "There was no answer in time. What was asked for may be done all the same: look before you ask again."
            })
          )
      })
    )
    return Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      const problem = refused(request)
      return problem === undefined ? bounded : closing(problem)
    })
  }
}
