/** Below `/api/v1` a problem also bears the names that contract 1C gives to an error: `error`, `message`, `timestamp`. */
import { DateTime, Effect, Option, Schema } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"

const Problem = Schema.StructWithRest(Schema.Struct({ code: Schema.String, title: Schema.String }), [
  Schema.Record(Schema.String, Schema.Json)
])
const decode = Schema.decodeOption(Schema.fromJsonString(Problem))
const encode = Schema.encodeEffect(Schema.fromJsonString(Problem))

const utf8 = new TextDecoder()

const named = Effect.fnUntraced(function*(response: HttpServerResponse.HttpServerResponse) {
  const { body, headers, status } = response
  const type = headers["content-type"] ?? ""
  if (status < 400 || body._tag !== "Uint8Array" || !type.startsWith("application/problem+json")) return response
  const problem = decode(utf8.decode(body.body))
  if (Option.isNone(problem)) return response
  const { code, title } = problem.value
  const timestamp = DateTime.formatIso(yield* DateTime.now)
  const { "content-length": _, ...others } = headers
  const text = yield* Effect.orDie(encode({ ...problem.value, error: code, message: title, timestamp }))
  return HttpServerResponse.text(text, { status, contentType: type, headers: others })
})

/** Names them so, whoever has refused. */
export const contractProblems = <E, R>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | HttpServerRequest.HttpServerRequest> =>
  Effect.flatMap(
    HttpServerRequest.HttpServerRequest,
    ({ url }) => url.startsWith("/api/v1/") ? Effect.flatMap(app, named) : app
  )
