/** Puts an answer on the wire, whole or broken. */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect, Stream } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"
import { ServerResponse } from "node:http"
import type { Reply } from "./Exchange.ts"

/** How an answer goes out. */
export type Manner =
  | { readonly kind: "whole" }
  /** Nothing is sent and the connection is reset. */
  | { readonly kind: "reset" }
  /** The head and half of the body are sent, then the connection is reset, or closed. */
  | { readonly kind: "half"; readonly end: "reset" | "close" }
  | { readonly kind: "hang" }
  | { readonly kind: "slow"; readonly seconds: number }

/** The text of a body and its media type. */
export const written = (reply: Reply): { readonly text: string; readonly type: string } =>
  typeof reply.body === "string"
    ? { text: reply.body, type: reply.headers?.["content-type"] ?? "text/html; charset=utf-8" }
    : { text: reply.body === undefined ? "" : JSON.stringify(reply.body), type: "application/json; charset=utf-8" }

/** The connection under a request. Cutting it interrupts the handler, so the effect never comes back. */
const cut = (request: HttpServerRequest.HttpServerRequest, how: "reset" | "close") =>
  Effect.sync(() => {
    const { socket } = NodeHttpServerRequest.toIncomingMessage(request)
    if (how === "reset" && "resetAndDestroy" in socket) {
      socket.resetAndDestroy()
    } else {
      socket.destroy()
    }
  }).pipe(Effect.andThen(Effect.never))

const half = (
  request: HttpServerRequest.HttpServerRequest,
  status: number,
  headers: { readonly [name: string]: string },
  body: Buffer
) =>
  Effect.callback<void>((resume) => {
    const response = NodeHttpServerRequest.toServerResponse(request)
    if (!(response instanceof ServerResponse)) {
      return resume(Effect.die("the sandbox speaks HTTP/1.1"))
    }
    response.writeHead(status, { ...headers, "content-length": String(body.length) })
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => resume(Effect.void))
  })

/** Ten pieces, evenly spread. */
const pieces = 10

export const deliver = Effect.fnUntraced(function*(
  request: HttpServerRequest.HttpServerRequest,
  reply: Reply & { readonly text: string; readonly type: string },
  manner: Manner
) {
  const { status, text, type } = reply
  const headers: { readonly [name: string]: string } = {
    ...(text === "" ? {} : { "content-type": type }),
    ...reply.headers
  }
  const body = Buffer.from(text)
  switch (manner.kind) {
    case "whole":
      return text === ""
        ? HttpServerResponse.empty({ status, headers })
        : HttpServerResponse.uint8Array(body, { status, headers, contentType: type })
    case "reset":
      return yield* cut(request, "reset")
    case "half":
      yield* half(request, status, headers, body)
      return yield* cut(request, manner.end)
    case "hang":
      return yield* Effect.never
    case "slow": {
      const size = Math.max(1, Math.ceil(body.length / pieces))
      const chunks = Array.from(
        { length: Math.ceil(body.length / size) },
        (_, index) => Uint8Array.from(body.subarray(index * size, (index + 1) * size))
      )
      return HttpServerResponse.stream(
        Stream.fromIterable(chunks).pipe(
          Stream.mapEffect((chunk) => Effect.as(Effect.sleep(manner.seconds * 1000 / pieces), chunk))
        ),
        { status, headers, contentType: type, contentLength: body.length }
      )
    }
  }
})
