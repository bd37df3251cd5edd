/** Answers of servers elsewhere: read to their end within a bound, and why a connection broke, in words. */
import { Effect, Stream } from "effect"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import { Malformed } from "../domain/ProviderError.ts"
import type { ProviderResponse } from "./ProviderResponse.ts"

/** Reads a body to its end, within its bound and as the UTF-8 that it must be. */
export const readWhole = (mostBytes: number) =>
(
  response: HttpClientResponse.HttpClientResponse
): Effect.Effect<ProviderResponse, HttpClientError.HttpClientError | Malformed> =>
  response.stream.pipe(
    Stream.catchIf(({ reason }) => reason._tag === "EmptyBodyError", () => Stream.empty),
    Stream.runFoldEffect(
      () => ({ chunks: new Array<Uint8Array>(), size: 0 }),
      ({ chunks, size }, chunk) => {
        const total = size + chunk.byteLength
        chunks.push(chunk)
        return total > mostBytes
          ? Effect.fail(new Malformed({ message: `an answer of more than ${mostBytes / 1024 / 1024} MB` }))
          : Effect.succeed({ chunks, size: total })
      }
    ),
    Effect.flatMap(({ chunks }) =>
      Effect.try({
        try: () => new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)),
        catch: () => new Malformed({ message: "the answer is not UTF-8" })
      })
    ),
    Effect.map((text) => ({ status: response.status, headers: response.headers, text }))
  )

/** The system's code for a broken connection, which lies a few causes deep. */
const codeOf = (failure: unknown, depth: number): string => {
  if (depth === 0 || typeof failure !== "object" || failure === null) return ""
  if ("code" in failure && typeof failure.code === "string") return failure.code
  if ("errors" in failure && Array.isArray(failure.errors)) return codeOf(failure.errors[0], depth - 1)
  return "cause" in failure ? codeOf(failure.cause, depth - 1) : ""
}

/** What became of a connection that broke. */
export const broken = (failure: unknown): string => {
  const code = codeOf(failure, 5)
  switch (code) {
    case "ECONNREFUSED":
      return "connection refused"
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return "connection reset"
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its address is not found: is the network up?"
    default:
      return code === "" ? "the connection broke" : `the connection broke (${code})`
  }
}
