import { Effect, type Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly text: string
  readonly json: Schema.Json | undefined
}

export interface Asking {
  readonly token?: string
  readonly query?: Record<string, string>
  readonly form?: Record<string, string>
  readonly body?: Schema.Json
  readonly method?: "GET" | "POST" | "DELETE"
  readonly headers?: Record<string, string>
}

/** Pages of a megabyte come by often: parsed, not validated. */
const parse = (body: string): Schema.Json | undefined => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** The JSON of a value, for comparing and for sending. */
export const written = (value: unknown): string => JSON.stringify(value)

/** One request by the plainest of clients: no redirects followed, no retries. */
export const ask = Effect.fnUntraced(
  function*(url: string, asking: Asking = {}) {
    const client = yield* HttpClient.HttpClient
    const { body, form, headers = {}, query = {}, token } = asking
    const method = asking.method ?? (form === undefined && body === undefined ? "GET" : "POST")
    const bare = HttpClientRequest.make(method)(url, {
      urlParams: query,
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
    })
    const request = form !== undefined
      ? HttpClientRequest.bodyUrlParams(bare, form)
      : body !== undefined
      ? HttpClientRequest.bodyText(bare, written(body), "application/json")
      : bare
    const response = yield* client.execute(request)
    const text = yield* response.text
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      text,
      json: parse(text)
    }
    return answer
  },
  Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
  Effect.provide(FetchHttpClient.layer)
)

/** What lies at a path of a JSON value. */
export const at = (json: Schema.Json | undefined, ...path: ReadonlyArray<string | number>): Schema.Json | undefined =>
  path.reduce<Schema.Json | undefined>((value, step) => {
    if (Array.isArray(value)) {
      return typeof step === "number" ? value.at(step) : undefined
    }
    return typeof value === "object" && value !== null && typeof step === "string"
      ? Reflect.get(value, step)
      : undefined
  }, json)

/** The list at a path of a JSON value; empty when there is none. */
export const list = (
  json: Schema.Json | undefined,
  ...path: ReadonlyArray<string | number>
): ReadonlyArray<Schema.Json> => {
  const found = at(json, ...path)
  return Array.isArray(found) ? found : []
}

export const text = (json: Schema.Json | undefined, ...path: ReadonlyArray<string | number>): string => {
  const found = at(json, ...path)
  return typeof found === "string" ? found : ""
}
