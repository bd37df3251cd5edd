/** The parameters of `events.list`: read, checked against each other, and refused as Google refuses them. */
import type { JsonObject } from "./Contract.ts"
import { type Call, type Reply, wholeNumber } from "./Exchange.ts"
import { dayLength, parseInstant, zoneExists } from "./Instants.ts"
import { googleError } from "./Refusals.ts"
import { mark } from "./Seeded.ts"

/** A list that may be answered. */
export interface EventQuery {
  readonly maxResults: number
  readonly singleEvents: boolean
  readonly showDeleted: boolean
  readonly timeMin: number | undefined
  readonly timeMax: number | undefined
  readonly updatedMin: number | undefined
  readonly orderBy: string | null
  readonly words: string | null
  readonly iCalUID: string | null
  readonly zone: string
  readonly syncToken: string | null
  readonly pageToken: string | null
  /** What must be the same on every page. */
  readonly mark: string
  /** A sync token is given on the last page. */
  readonly tokened: boolean
}

const invalid = (location: string, message: string): Reply => googleError(400, { reason: "invalid", message, location })

const badRequest = googleError(400, { reason: "badRequest", message: "Bad Request" })

/** May not stand beside a sync token. */
const restrictions = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "timeMin",
  "timeMax",
  "updatedMin"
]

/** With one of these no sync token is given. */
const untokened = ["orderBy", "q", "updatedMin", "iCalUID", "privateExtendedProperty", "sharedExtendedProperty"]

/** Do not change what is listed. */
const cosmetic = new Set(["pageToken", "maxResults", "fields", "prettyPrint", "alt", "key", "quotaUser"])

/** How far back changes can be asked for. */
const oldestChange = 28 * dayLength

const boolean = (query: URLSearchParams, name: string): boolean | undefined => {
  const value = query.get(name) ?? "false"
  return value === "true" || value === "false" ? value === "true" : undefined
}

const checkTimes = (query: URLSearchParams, now: number): Reply | undefined => {
  const [timeMin, timeMax, updatedMin] = ["timeMin", "timeMax", "updatedMin"].map((name) => {
    const text = query.get(name)
    return text === null ? Infinity : parseInstant(text)
  })
  if (timeMin === undefined || timeMax === undefined || updatedMin === undefined) {
    return badRequest
  }
  if (timeMin !== Infinity && timeMax <= timeMin) {
    return googleError(400, {
      domain: "calendar",
      reason: "timeRangeEmpty",
      message: "The specified time range is empty.",
      location: "timeMax"
    })
  }
  return updatedMin < now - oldestChange
    ? googleError(410, {
      domain: "calendar",
      reason: "updatedMinTooLongAgo",
      message: "The requested minimum modification time lies too far in the past.",
      location: "updatedMin"
    })
    : undefined
}

const checkWords = (query: URLSearchParams): Reply | undefined => {
  const orderBy = query.get("orderBy")
  const single = boolean(query, "singleEvents")
  const showDeleted = boolean(query, "showDeleted")
  if (wholeNumber(query.get("maxResults") ?? "250", 1, 2500) === undefined) {
    return invalid(
      "maxResults",
      `Invalid value '${query.get("maxResults") ?? ""}'. Values must be within the range: [1, 2500]`
    )
  }
  if (single === undefined || showDeleted === undefined) {
    return invalid(single === undefined ? "singleEvents" : "showDeleted", "Invalid boolean value.")
  }
  if (orderBy !== null && orderBy !== "startTime" && orderBy !== "updated") {
    return invalid("orderBy", `Invalid value '${orderBy}'. Allowed values: [startTime, updated]`)
  }
  if (orderBy === "startTime" && !single) {
    return invalid("orderBy", "The requested ordering is not available for the particular query.")
  }
  return zoneExists(query.get("timeZone") ?? "UTC") ? undefined : invalid("timeZone", "Invalid time zone.")
}

const checkSync = (query: URLSearchParams): Reply | undefined =>
  query.has("syncToken") && (restrictions.some((name) => query.has(name)) || query.get("showDeleted") === "false")
    ? googleError(400, {
      reason: "syncTokenWithRequestRestrictions",
      message: "Sync token cannot be used with other request restrictions.",
      location: "syncToken"
    })
    : undefined

/** The query of a call, or its refusal. */
export const readEventQuery = (
  call: Call,
  now: number,
  calendarZone: string
): { readonly refused: Reply } | { readonly refused?: undefined; readonly query: EventQuery } => {
  const { query } = call
  const refused = checkSync(query) ?? checkWords(query) ?? checkTimes(query, now)
  if (refused !== undefined) {
    return { refused }
  }
  const instant = (name: string): number | undefined => parseInstant(query.get(name) ?? "")
  const asked: JsonObject = Object.fromEntries([...query.entries()].filter(([name]) => !cosmetic.has(name)).toSorted())
  return {
    query: {
      maxResults: Number(query.get("maxResults") ?? 250),
      singleEvents: query.get("singleEvents") === "true",
      showDeleted: query.get("showDeleted") === "true",
      timeMin: instant("timeMin"),
      timeMax: instant("timeMax"),
      updatedMin: instant("updatedMin"),
      orderBy: query.get("orderBy"),
      words: query.get("q"),
      iCalUID: query.get("iCalUID"),
      zone: query.get("timeZone") ?? calendarZone,
      syncToken: query.get("syncToken"),
      pageToken: query.get("pageToken"),
      mark: mark(JSON.stringify(asked)),
      tokened: !untokened.some((name) => query.has(name))
    }
  }
}

export const badPageToken = invalid("pageToken", "Invalid page token value.")

export const badSyncToken = invalid("syncToken", "Invalid sync token value.")
