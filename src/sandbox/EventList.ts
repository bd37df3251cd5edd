/** `events.list`: full and incremental lists, pages over one state of the calendar, tokens for the next. */
import { type CalendarBook, type Calendars, changedSince, entriesAt } from "./Calendar.ts"
import { type Entry, instantOf, type Stamp } from "./CalendarEntry.ts"
import { eventJson, listJson, touches } from "./CalendarJson.ts"
import type { JsonObject } from "./Contract.ts"
import { badPageToken, badSyncToken, type EventQuery, readEventQuery } from "./EventQuery.ts"
import { type Call, type Reply, seal, unseal } from "./Exchange.ts"
import { fullSyncRequired } from "./Refusals.ts"
import { draw, mark } from "./Seeded.ts"

/** Where a client stands in a list: the state it pages over, and the state it had before. */
interface Place {
  readonly state: Stamp
  readonly since: Stamp | undefined
  readonly offset: number
  readonly page: number
}

export interface EventLists {
  readonly list: (book: CalendarBook, call: Call) => Reply
  /** Makes one sync token dead. */
  readonly kill: (syncToken: string) => void
  /** The live events in a window, instances for series, in the order they are listed. */
  readonly live: (
    book: CalendarBook,
    window: { readonly timeMin?: number | undefined; readonly timeMax?: number | undefined }
  ) => ReadonlyArray<JsonObject>
}

const stamp = (at: unknown, turn: unknown): Stamp | undefined =>
  typeof at === "number" && typeof turn === "number" ? { at, turn } : undefined

const contains = (entry: Entry, words: string): boolean =>
  [entry.content?.summary, entry.content?.description, entry.content?.location]
    .some((text) => text?.toLowerCase().includes(words.toLowerCase()) === true)

export const makeEventLists = (options: {
  readonly calendars: Calendars
  readonly seed: string
  readonly now: () => number
}): EventLists => {
  const { calendars, now, seed } = options
  const dead = new Set<string>()
  let issued = 0

  const syncToken = (book: CalendarBook, query: EventQuery, state: Stamp): string =>
    seal({
      calendar: mark(book.facts.id),
      ...state,
      single: query.singleEvents,
      generation: book.generation,
      serial: ++issued
    })

  const readSyncToken = (book: CalendarBook, query: EventQuery, token: string): Reply | Stamp => {
    const { at, calendar, generation, single, turn } = unseal(token) ?? {}
    const since = stamp(at, turn)
    if (since === undefined || calendar !== mark(book.facts.id) || single !== query.singleEvents) {
      return badSyncToken
    }
    return dead.has(token) || generation !== book.generation ? fullSyncRequired : since
  }

  const readPlace = (query: EventQuery, token: string): Place | undefined => {
    const { at, mark: asked, offset, page, sinceAt, sinceTurn, turn } = unseal(token) ?? {}
    const state = stamp(at, turn)
    return state === undefined || asked !== query.mark || typeof offset !== "number" || typeof page !== "number"
      ? undefined
      : { state, since: stamp(sinceAt, sinceTurn), offset, page }
  }

  const pageToken = (query: EventQuery, { offset, page, since, state }: Place): string =>
    seal({
      ...state,
      ...(since === undefined ? {} : { sinceAt: since.at, sinceTurn: since.turn }),
      offset,
      page,
      mark: query.mark
    })

  const placeOf = (book: CalendarBook, query: EventQuery): Reply | Place => {
    const since = query.syncToken === null ? undefined : readSyncToken(book, query, query.syncToken)
    if (since !== undefined && "status" in since) {
      return since
    }
    return query.pageToken === null
      ? { state: calendars.state(), since, offset: 0, page: 0 }
      : readPlace(query, query.pageToken) ?? badPageToken
  }

  const select = (book: CalendarBook, query: EventQuery, { since, state }: Place): ReadonlyArray<Entry> => {
    const entries = entriesAt(book, state, query.singleEvents)
    if (since !== undefined) {
      return changedSince(entries, since)
    }
    const { iCalUID, orderBy, updatedMin, words } = query
    const zone = book.facts.zone
    const chosen = entries.filter((entry) =>
      (entry.content !== undefined || query.showDeleted || updatedMin !== undefined ||
        (!query.singleEvents && entry.exception === true)) &&
      (updatedMin === undefined || entry.stamp.at >= updatedMin) &&
      (words === null || contains(entry, words)) &&
      (iCalUID === null || `${entry.series?.id ?? entry.id}@google.com` === iCalUID) &&
      (entry.rule === undefined || query.timeMax === undefined || instantOf(entry.start, zone) < query.timeMax) &&
      (entry.rule !== undefined || touches(entry, zone, query))
    )
    return orderBy === "startTime"
      ? chosen.toSorted((a, b) => instantOf(a.start, zone) - instantOf(b.start, zone) || (a.id < b.id ? -1 : 1))
      : chosen
  }

  /** Some pages are short and some empty although more is to come: only a missing page token ends a list. */
  const lengthOf = (query: EventQuery, { offset, page }: Place): number => {
    const chance = draw(seed, "page", offset, page).next()
    return query.maxResults < 10
      ? query.maxResults
      : chance < 0.06 && page > 0
      ? 0
      : chance < 0.2
      ? query.maxResults >> 1
      : query.maxResults
  }

  const list: EventLists["list"] = (book, call) => {
    const { query, refused } = { query: undefined, ...readEventQuery(call, now(), book.facts.zone) }
    if (query === undefined) {
      return refused ?? badPageToken
    }
    const place = placeOf(book, query)
    if ("status" in place) {
      return place
    }
    const entries = select(book, query, place)
    const { offset } = place
    const full = entries.length - offset
    const length = full > query.maxResults ? lengthOf(query, place) : full
    const items = entries.slice(offset, offset + length).map((entry) => eventJson(entry, book.facts, query.zone))
    const next = call.again
      ? place
      : full > length
      ? { ...place, offset: offset + length, page: place.page + 1 }
      : undefined
    const etag = `"p33${mark(items.map((item) => `${String(item["id"])}${String(item["etag"])}`).join(query.zone))}"`
    if (next === undefined && call.header("if-none-match") === etag) {
      return { status: 304, body: undefined, headers: { etag } }
    }
    const last = entries.reduce((latest, entry) => Math.max(latest, entry.stamp.at), 0)
    return {
      status: 200,
      headers: { etag },
      body: {
        etag,
        ...listJson(book.facts, query.zone, last),
        ...(next !== undefined
          ? { nextPageToken: pageToken(query, next) }
          : query.tokened
          ? { nextSyncToken: syncToken(book, query, place.state) }
          : {}),
        items
      }
    }
  }

  const live: EventLists["live"] = (book, window) =>
    entriesAt(book, calendars.state(), true)
      .filter((entry) => entry.content !== undefined && touches(entry, book.facts.zone, window))
      .map((entry) => eventJson(entry, book.facts, book.facts.zone))

  return { kill: (token) => void dead.add(token), list, live }
}
