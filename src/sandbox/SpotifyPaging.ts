/** Spotify's pages by offset. */
import type { JsonObject } from "./Contract.ts"
import { type Call, type Reply, wholeNumber } from "./Exchange.ts"
import { spotifyError } from "./Refusals.ts"

/** How many of what a page holds unless it is asked for, and at most. */
export interface PageBounds {
  readonly usual: number
  readonly most: number
}

/** A page of these, as the call asks for it; a refusal when it asks for one that there cannot be. */
export const paged = <A>(
  call: Call,
  url: string,
  all: ReadonlyArray<A>,
  { most, usual }: PageBounds,
  json: (one: A) => JsonObject
): JsonObject | Reply => {
  const limit = wholeNumber(call.query.get("limit") ?? String(usual), 1, most)
  const offset = wholeNumber(call.query.get("offset") ?? "0", 0, 100_000)
  if (limit === undefined) return spotifyError(400, "Invalid limit")
  if (offset === undefined) return spotifyError(400, "Invalid offset")
  const at = (place: number): string => {
    const query = new URLSearchParams(call.query)
    query.set("offset", String(place))
    query.set("limit", String(limit))
    return `${url}${call.path}?${query.toString()}`
  }
  return {
    href: at(offset),
    items: all.slice(offset, offset + limit).map(json),
    limit,
    next: offset + limit < all.length ? at(offset + limit) : null,
    offset,
    previous: offset > 0 ? at(Math.max(0, offset - limit)) : null,
    total: all.length
  }
}

export const isReply = (page: JsonObject | Reply): page is Reply => typeof page["status"] === "number" && "body" in page
