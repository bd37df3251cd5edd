import { Context, type Duration, Effect, Layer, Ref } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"

/** One scripted answer. */
export interface Answer {
  /** 200 otherwise. */
  readonly status?: number
  readonly headers?: Record<string, string>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it stands, when there is no `json`. */
  readonly text?: string
  /** Time until the status line. */
  readonly after?: Duration.Input
  /** `refused` and `reset` come instead of an answer; `hang` never ends; `cut` breaks off after half of the body. */
  readonly broken?: "refused" | "reset" | "hang" | "cut"
}

/** A request as it went out. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly path: string
  readonly query: { readonly [name: string]: string }
  readonly headers: { readonly [name: string]: string }
}

/** What was asked of the stub so far, oldest first. */
export class HttpStub extends Context.Service<HttpStub, {
  readonly requests: Effect.Effect<ReadonlyArray<Asked>>
}>()("glider/test/support/HttpStub") {}

/**
 * An HttpClient that gives the answers in their order, whatever is asked. A request beyond the last answer is a defect,
 * so it fails the test.
 */
export const layer = (answers: ReadonlyArray<Answer>): Layer.Layer<HttpStub | HttpClient.HttpClient> =>
  Layer.unwrap(Effect.gen(function*() {
    const asked = yield* Ref.make<ReadonlyArray<Asked>>([])
    const client = HttpClient.make((request, url) =>
      Effect.gen(function*() {
        const number = yield* Ref.modify(asked, (before) => [before.length, [...before, record(request, url)]])
        const answer = answers[number]
        return answer === undefined
          ? yield* Effect.die(new Error(`request ${number + 1} was not expected: ${request.method} ${url.pathname}`))
          : yield* give(request, answer)
      })
    )
    return Layer.merge(
      Layer.succeed(HttpClient.HttpClient, client),
      Layer.succeed(HttpStub, { requests: Ref.get(asked) })
    )
  }))

/** The same answer so many times. */
export const times = (count: number, answer: Answer): ReadonlyArray<Answer> =>
  Array.from({ length: count }, () => answer)

/** The requests made so far. */
export const requests: Effect.Effect<ReadonlyArray<Asked>, never, HttpStub> = Effect.flatMap(
  HttpStub,
  (stub) => stub.requests
)

const record = (request: HttpClientRequest.HttpClientRequest, url: URL): Asked => ({
  method: request.method,
  url: url.href,
  path: url.pathname,
  query: Object.fromEntries(url.searchParams),
  headers: { ...request.headers }
})

const give = (
  request: HttpClientRequest.HttpClientRequest,
  { after = 0, broken, headers, json, status = 200, text = "" }: Answer
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> => {
  if (broken === "hang") return Effect.never
  if (broken === "refused" || broken === "reset") {
    const cause = Object.assign(new Error(broken), { code: broken === "reset" ? "ECONNRESET" : "ECONNREFUSED" })
    return Effect.fail(
      new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
    )
  }
  const content = json === undefined ? text : JSON.stringify(json)
  const body = broken === "cut"
    ? new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(content.slice(0, content.length / 2)))
      },
      pull(controller) {
        controller.error(Object.assign(new Error("reset"), { code: "ECONNRESET" }))
      }
    })
    : status === 204
    ? null
    : content
  const type = json === undefined ? "text/html" : "application/json"
  return Effect.delay(
    Effect.sync(() =>
      HttpClientResponse.fromWeb(
        request,
        new Response(body, { status, headers: { "content-type": type, ...headers } })
      )
    ),
    after
  )
}
