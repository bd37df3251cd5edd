/** What a fault makes of an answer. */
import { Schema } from "effect"
import type { JsonObject } from "./Contract.ts"
import type { Reply } from "./Exchange.ts"
import type { Fault, Peer } from "./FaultRules.ts"
import { googleError, modelError, ouraError, page, spotifyError } from "./Refusals.ts"
import { draw } from "./Seeded.ts"

type StatusFault = Extract<Fault, { readonly _tag: "Status" }>

const words: { readonly [status: number]: string } = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  410: "Gone",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout"
}

const googleReasons: { readonly [status: number]: readonly [string, string] } = {
  400: ["badRequest", "Bad Request"],
  401: ["authError", "Invalid Credentials"],
  403: ["rateLimitExceeded", "Rate Limit Exceeded"],
  404: ["notFound", "Not Found"],
  410: ["fullSyncRequired", "Sync token is no longer valid, a full sync is required."],
  429: ["rateLimitExceeded", "Rate Limit Exceeded"]
}

const spotifyMessages: { readonly [status: number]: string } = {
  401: "The access token expired",
  429: "API rate limit exceeded"
}

const errorBody = (provider: Peer, status: number, reason: string | undefined): Reply["body"] => {
  const word = words[status] ?? "Error"
  switch (provider) {
    case "spotify":
      return spotifyError(
        status,
        reason === "QUOTA_EXCEEDED" ? "Too many requests" : spotifyMessages[status] ?? word,
        reason
      ).body
    case "google": {
      const [usual, message] = googleReasons[status] ?? ["backendError", "Backend Error"]
      return googleError(status, {
        reason: reason ?? usual,
        message: reason === undefined ? message : reason,
        domain: status === 410 ? "calendar" : status === 403 || status === 429 ? "usageLimits" : "global"
      }).body
    }
    case "oura":
      return ouraError(status, word, reason ?? word).body
    case "model":
      return modelError("openai", status, reason ?? word).body
  }
}

/** The answer of a `Status` fault; `httpDate` writes the date that many seconds ahead. */
export const statusReply = (
  provider: Peer,
  fault: StatusFault,
  now: { readonly httpDate: (seconds: number) => string; readonly epochSeconds: number }
): Reply => {
  const { body = "json", retryAfter, status } = fault
  const limited: Reply["headers"] = provider === "oura" && status === 429
    ? {
      "x-ratelimit-limit": "5000",
      "x-ratelimit-window": "300",
      "x-ratelimit-reset": String(now.epochSeconds + 300),
      "x-ratelimit-tier": "token"
    }
    : {}
  const after = retryAfter === undefined
    ? undefined
    : retryAfter._tag === "Seconds"
    ? String(retryAfter.seconds)
    : retryAfter._tag === "Date"
    ? now.httpDate(retryAfter.seconds)
    : retryAfter.text
  return {
    status,
    headers: { ...limited, ...(after === undefined ? {} : { "retry-after": after }) },
    body: body === "json"
      ? errorBody(provider, status, fault.reason)
      : body === "html"
      ? page(words[status] ?? "Error")
      : undefined
  }
}

const isRow = Schema.is(Schema.JsonObject)

/** The list of a page: `items` or `data`. */
const listOf = (
  body: Reply["body"]
): { readonly field: string; readonly body: JsonObject; readonly rows: ReadonlyArray<Schema.Json> } | undefined => {
  if (typeof body !== "object") {
    return undefined
  }
  const field = "items" in body ? "items" : "data"
  const rows = body[field]
  return Array.isArray(rows) ? { field, body, rows } : undefined
}

/** The page with nothing on it; `undefined` when there is nothing to take away. */
export const emptied = (provider: Peer, reply: Reply): Reply | undefined => {
  const list = listOf(reply.body)
  if (list === undefined || list.rows.length === 0 || reply.status !== 200) {
    return undefined
  }
  const cursors: JsonObject = provider === "spotify" ? { next: null, cursors: null } : {}
  return { ...reply, body: { ...list.body, ...cursors, [list.field]: [] } }
}

const wrong = (provider: Peer, row: JsonObject): { readonly key: string; readonly row: JsonObject } | undefined => {
  if (provider === "spotify") {
    return { key: String(row["played_at"]), row: { ...row, track: "unavailable" } }
  }
  if (provider === "google") {
    return row["status"] === "cancelled" ? undefined : { key: String(row["id"]), row: { ...row, start: "soon" } }
  }
  return "bpm" in row
    ? { key: String(row["timestamp"]), row: { ...row, bpm: "fast" } }
    : { key: String(row["id"]), row: { ...row, day: 20261114 } }
}

/** The page with one record of a wrong type, and which; `undefined` when there is none to spoil. */
export const malformed = (
  provider: Peer,
  reply: Reply,
  ...words: ReadonlyArray<string | number>
): { readonly reply: Reply; readonly record: { readonly index: number; readonly key: string } } | undefined => {
  const list = listOf(reply.body)
  if (list === undefined || reply.status !== 200) {
    return undefined
  }
  const candidates = list.rows.flatMap((row, index) => {
    const bad = isRow(row) ? wrong(provider, row) : undefined
    return bad === undefined ? [] : [{ index, ...bad }]
  })
  const chosen = candidates[draw("malformed", ...words).index(candidates.length)]
  if (chosen === undefined) {
    return undefined
  }
  const rows = list.rows.map((row, index) => index === chosen.index ? chosen.row : row)
  return {
    reply: { ...reply, body: { ...list.body, [list.field]: rows } },
    record: { index: chosen.index, key: chosen.key }
  }
}
