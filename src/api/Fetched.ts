/** Which page asks, as the browser says (Origin, and Fetch Metadata). */
import type { HttpServerRequest } from "effect/http"

/** Methods that change nothing. */
export const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

/** What a browser says of who asks. */
export type Asked = Pick<HttpServerRequest.HttpServerRequest, "headers">

/** Whether that is the origin under whose name the request came: one of ours, or the request would not have come so far. */
export const isOwnOrigin = (origin: string, { headers }: Asked): boolean => {
  const host = headers["host"]?.toLowerCase()
  return origin === `http://${host}` || origin === `https://${host}`
}

/** Whether the browser says that one of our own pages asks; what is no browser says nothing, and is none. */
export const isOurPage = (request: Asked): boolean => {
  const origin = request.headers["origin"]
  return origin === undefined ? request.headers["sec-fetch-site"] === "same-origin" : isOwnOrigin(origin, request)
}

/**
 * Whether a page from elsewhere asks to read, or shows us in a frame of its own. Links from there are no such thing: only the
 * person sees what they lead to.
 */
export const isReadByOthers = (request: Asked): boolean => {
  const { origin, "sec-fetch-dest": dest, "sec-fetch-mode": mode, "sec-fetch-site": site } = request.headers
  if (origin !== undefined && !isOwnOrigin(origin, request)) return true
  if (site === undefined || site === "same-origin" || site === "none") return false
  return mode !== "navigate" || (dest !== undefined && dest !== "document")
}
