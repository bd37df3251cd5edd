/** One request as the provider code sees it, and the answer it gives: no effects, so an answer can be spoilt on its way. */
import { Option, Schema } from "effect"
import type { JsonObject } from "./Contract.ts"
import type { Endpoint, Peer } from "./FaultRules.ts"

/** A request, decoded. */
export interface Call {
  readonly method: string
  /** The path as sent, without the query. */
  readonly path: string
  /** What the route's parameters stand for. */
  readonly params: { readonly [name: string]: string | undefined }
  /** `+` is a space here, as every server reads it. */
  readonly query: URLSearchParams
  /** The form of a POST; empty when the body was none. */
  readonly form: URLSearchParams
  /** The JSON of a body, as text; empty when there was none. */
  readonly json: string
  readonly header: (name: string) => string | undefined
  /** The page is to be followed by itself (the fault `DuplicatePage`). */
  readonly again: boolean
}

/** An answer. An object is sent as JSON, a text as HTML. */
export interface Reply {
  readonly status: number
  readonly body: JsonObject | string | undefined
  readonly headers?: { readonly [name: string]: string }
  /** How long it takes, by the clock that the layer was built with. */
  readonly delaySeconds?: number
}

/** A path of a provider, as the router writes it (`:name`), and what answers there. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE"
  readonly path: `/${string}`
  readonly provider: Peer
  readonly endpoint: Endpoint
  readonly answer: (call: Call) => Reply
}

export const ok = (body: JsonObject): Reply => ({ status: 200, body })

/** Reads a whole number within bounds; `undefined` when it is none. */
export const wholeNumber = (text: string, low: number, high: number): number | undefined => {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
  return value !== undefined && value >= low && value <= high ? value : undefined
}

/** Opaque to a client, readable to us: how page and sync tokens are written. */
export const seal = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** The object that a call sends; `undefined` when it sends none. */
export const sentObject = ({ json }: Call): JsonObject | undefined => Option.getOrUndefined(decode(json))

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.JsonObject))

/** What `seal` wrote; `undefined` for anything else. */
export const unseal = (text: string): JsonObject | undefined =>
  Option.getOrUndefined(decode(Buffer.from(text, "base64url").toString("utf8")))
