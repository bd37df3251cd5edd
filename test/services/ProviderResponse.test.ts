import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import * as HttpStub from "../support/HttpStub.ts"
import { failure } from "../support/ProviderCall.ts"

describe("the reason for a refusal", () => {
  const google = (reason: string, status: number, location?: string) => ({
    status,
    json: { error: { errors: [{ domain: "x", reason, message: "Words.", location }], code: status, message: "Words." } }
  })

  it.effect("is a rate limit without a date for Google's 403 rateLimitExceeded and userRateLimitExceeded", () =>
    Effect.gen(function*() {
      for (const word of ["rateLimitExceeded", "userRateLimitExceeded"]) {
        const { reason, requests } = yield* failure(...HttpStub.times(5, google(word, 403)))
        assert.isTrue(reason._tag === "RateLimited" && Option.isNone(reason.retryAt))
        assert.strictEqual(requests, 5)
      }
    }))

  it.effect("is a long rate limit for a spent quota, Google's or Spotify's", () =>
    Effect.gen(function*() {
      for (
        const answer of [
          google("quotaExceeded", 403),
          { status: 429, json: { error: { status: 429, message: "Too many requests", reason: "QUOTA_EXCEEDED" } } }
        ]
      ) {
        const { error, requests } = yield* failure(answer)
        assert.strictEqual(error.message, "Google thing: rate limited until 2026-11-20T13:00:00.000Z")
        assert.strictEqual(requests, 1)
      }
    }))

  it.effect("is Forbidden for insufficientPermissions and forbidden", () =>
    Effect.gen(function*() {
      for (const word of ["insufficientPermissions", "forbidden"]) {
        const { error, requests } = yield* failure(google(word, 403))
        assert.strictEqual(error.message, "Google thing: Words.")
        assert.strictEqual(error.reason._tag, "Forbidden")
        assert.strictEqual(requests, 1)
      }
    }))

  it.effect("is a dead cursor for 410 and for a sync or page token that Google cannot read", () =>
    Effect.gen(function*() {
      for (
        const answer of [
          google("fullSyncRequired", 410, "syncToken"),
          google("invalid", 400, "syncToken"),
          google("invalid", 400, "pageToken")
        ]
      ) {
        assert.strictEqual((yield* failure(answer)).reason._tag, "CursorExpired")
      }
      for (
        const answer of [
          google("syncTokenWithRequestRestrictions", 400, "syncToken"),
          google("invalid", 400, "orderBy")
        ]
      ) {
        assert.strictEqual((yield* failure(answer)).reason._tag, "BadRequest")
      }
    }))

  it.effect("bears the provider's words in each of the shapes they come in", () =>
    Effect.gen(function*() {
      for (
        const [answer, words] of [
          [{ json: { error: { status: 403, message: "Insufficient client scope" } } }, "Insufficient client scope"],
          [{ json: { error: "invalid_scope", error_description: "Unknown scope" } }, "Unknown scope"],
          [{ json: { error: "invalid_scope" } }, "invalid_scope"],
          [{ json: { detail: "Document not found." } }, "Document not found."],
          [{ json: { status: 403, title: "Forbidden", detail: "No scope for sleep." } }, "No scope for sleep."],
          [
            { json: { detail: [{ loc: ["query", "start_date"], msg: "invalid date", type: "x" }] } },
            "query.start_date: invalid date"
          ],
          [
            { text: "User not registered in the Developer Dashboard" },
            "User not registered in the Developer Dashboard"
          ],
          [{ text: "<html>403</html>" }, "HTTP 403"],
          [{ json: { anything: true } }, "HTTP 403"],
          [{ json: ["x"] }, "HTTP 403"],
          [{ text: "" }, "HTTP 403"]
        ] as const
      ) {
        const { reason } = yield* failure({ ...answer, status: 403 })
        assert.strictEqual(reason.message, words)
      }
    }))
})
