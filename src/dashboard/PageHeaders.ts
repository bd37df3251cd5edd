import type { HttpServerResponse } from "effect/http"

/** What a page may load and where it may send: everything from this server alone, and nothing that stands in the page itself. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'"
].join("; ")

/**
 * Header fields of every page. Not `no-referrer`: with it browsers send `Origin: null` with a form, and its answer would be
 * that of a page from elsewhere. Other servers learn nothing by `same-origin` either.
 */
export const pageHeaders = {
  "content-security-policy": policy,
  "referrer-policy": "same-origin",
  "cache-control": "no-store"
} as const satisfies HttpServerResponse.Options["headers"]
