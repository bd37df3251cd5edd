/** Google Calendar's data API: the calendars of the account and their events. */
import { type Calendars, entriesAt } from "./Calendar.ts"
import { calendarJson, calendarListJson, eventJson } from "./CalendarJson.ts"
import type { EventLists } from "./EventList.ts"
import { type Call, ok, type Reply, type Route, wholeNumber } from "./Exchange.ts"
import { googleError, googleNotFound } from "./Refusals.ts"
import type { TokenStore } from "./Tokens.ts"

const prefix = "https://www.googleapis.com/auth/"

/** Any one of these opens the events, the list of calendars, or both. */
const eventScopes = ["calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly"]
const listScopes = ["calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly"]

const unauthorized = (reason: "authError" | "required"): Reply =>
  googleError(401, {
    reason,
    message: reason === "required" ? "Login Required." : "Invalid Credentials",
    outer:
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid " +
      "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    location: "Authorization",
    locationType: "header",
    statusWord: "UNAUTHENTICATED"
  })

const insufficient = googleError(403, {
  reason: "insufficientPermissions",
  message: "Insufficient Permission",
  outer: "Request had insufficient authentication scopes.",
  statusWord: "PERMISSION_DENIED"
})

const refusal = (tokens: TokenStore, call: Call, scopes: ReadonlyArray<string>): Reply | undefined => {
  const [, token] = /^Bearer (\S+)$/i.exec(call.header("authorization") ?? "") ?? []
  if (token === undefined) {
    return unauthorized("required")
  }
  const standing = tokens.standing("google", token)
  if (standing.state !== "good") {
    return unauthorized("authError")
  }
  const granted = standing.scope.split(" ")
  return scopes.some((scope) => granted.includes(`${prefix}${scope}`)) ? undefined : insufficient
}

export const googleRoutes = (options: {
  readonly calendars: Calendars
  readonly lists: EventLists
  readonly tokens: TokenStore
}): ReadonlyArray<Route> => {
  const { calendars, lists, tokens } = options

  const userOf = (call: Call) => tokens.userOf("google", call.header("authorization"))

  /** A calendar by its id; the primary one also by the name of whoever is signed in. */
  const isPrimary = (call: Call): boolean => {
    const id = call.params["calendarId"]
    return id === "primary" || (id !== undefined && id === userOf(call))
  }

  const bookOf = (call: Call) => calendars.book(isPrimary(call) ? "primary" : call.params["calendarId"] ?? "")

  const calendarList = (call: Call): Reply => {
    const size = wholeNumber(call.query.get("maxResults") ?? "100", 1, 250)
    const offset = wholeNumber(call.query.get("pageToken") ?? "0", 0, 1000)
    if (size === undefined || offset === undefined) {
      return googleError(400, { reason: "invalid", message: "Invalid Value" })
    }
    const items = calendars.books().slice(offset, offset + size).map((book) => calendarListJson(book.facts))
    const end = offset + items.length
    return ok({
      kind: "calendar#calendarList",
      etag: `"list${calendars.books().length}"`,
      ...(end < calendars.books().length ? { nextPageToken: String(end) } : { nextSyncToken: `list${end}` }),
      items
    })
  }

  const calendar = (call: Call): Reply => {
    const book = bookOf(call)
    return book === undefined
      ? googleNotFound
      : ok({ ...calendarJson(book.facts), ...isPrimary(call) ? { id: userOf(call) ?? book.facts.id } : {} })
  }

  const events = (call: Call): Reply => {
    const book = bookOf(call)
    return book === undefined ? googleNotFound : lists.list(book, call)
  }

  const event = (call: Call): Reply => {
    const book = bookOf(call)
    const id = call.params["eventId"]
    const found = book && [true, false].flatMap((single) => entriesAt(book, calendars.state(), single))
      .find((entry) => entry.id === id)
    return book === undefined || found === undefined
      ? googleNotFound
      : ok(eventJson(found, book.facts, call.query.get("timeZone") ?? book.facts.zone))
  }

  const get = (path: `/${string}`, scopes: ReadonlyArray<string>, answer: (call: Call) => Reply): Route => ({
    method: "GET",
    path,
    provider: "google",
    endpoint: "api",
    answer: (call) => refusal(tokens, call, scopes) ?? answer(call)
  })

  return [
    get("/calendar/v3/users/me/calendarList", listScopes, calendarList),
    get("/calendar/v3/calendars/:calendarId", eventScopes, calendar),
    get("/calendar/v3/calendars/:calendarId/events", eventScopes, events),
    get("/calendar/v3/calendars/:calendarId/events/:eventId", eventScopes, event)
  ]
}
