/** What one request may ask of the server. */
import { ByteSize, Context, Duration, Effect, Option } from "effect"
import { HttpIncomingMessage, HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import type { GliderConfig } from "../Config.ts"
import { Uploaded } from "./Guards.ts"
import { InvalidRequest, PayloadTooLarge, RequestTimedOut, UriTooLong } from "./Problems.ts"
import { annotationsOf } from "./RouteTable.ts"

/** Longer than any address here with its query: the ids in it have 256 characters at most, and a query is typed by people. */
const longestUrl = 8192

/** A file that is uploaded, in bytes: what an archive can have without being of several parts. */
export const largestUpload = 4 * 1024 ** 3

/** How long the upload of a file may take: that it arrives at all, the server has its own bound for. */
const uploadTime = "1 hour"

/** Whether the escapes of the path are those of a text. */
const isDecodable = (url: string): boolean => {
  try {
    decodeURIComponent(url.replace(/[?#].*$/s, ""))
    return true
  } catch {
    return false
  }
}

/** Whether the endpoint takes a file. */
const isUpload = (request: HttpServerRequest.HttpServerRequest): boolean =>
  Option.exists(annotationsOf(request), (annotations) => Context.get(annotations, Uploaded))

/** Ends the connection as well, on which the rest of the request may still come. */
const closing = (problem: HttpServerRespondable.Respondable) =>
  Effect.map(HttpServerRespondable.toResponse(problem), HttpServerResponse.setHeader("connection", "close"))

/**
 * Refuses addresses and bodies that are too large, and gives up on an answer that does not begin in time. What is
 * streamed has begun by then, and goes on.
 */
export const requestLimits = ({ maxBodyBytes, requestTimeout }: GliderConfig["server"]) => {
  const refused = (request: HttpServerRequest.HttpServerRequest) => {
    const { headers, url } = request
    if (url.length > longestUrl) {
      return new UriTooLong({ detail: `An address here has at most ${longestUrl} characters.` })
    }
    if (!isDecodable(url)) {
      const message = "not a text: a % is followed by what is no escape"
      return new InvalidRequest({ detail: `The path is ${message}.`, details: [{ pointer: "/path", message }] })
    }
    return !isUpload(request) && Number(headers["content-length"] ?? 0) > maxBodyBytes
      ? new PayloadTooLarge({
        detail: `A body has at most ${maxBodyBytes} bytes here.`,
        fix: "send less, or raise [server] max_body_bytes"
      })
      : undefined
  }
  return <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) => {
    const bounded = (isUpload: boolean) =>
      app.pipe(
        Effect.provideService(
          HttpIncomingMessage.MaxBodySize,
          ByteSize.bytes(isUpload ? largestUpload + 1 : maxBodyBytes)
        ),
        Effect.interruptible,
        Effect.timeoutOrElse({
          duration: isUpload ? Duration.fromInputUnsafe(uploadTime) : requestTimeout,
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
      return problem === undefined ? bounded(isUpload(request)) : closing(problem)
    })
  }
}
