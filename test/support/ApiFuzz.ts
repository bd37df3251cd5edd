/** Asks the API what nobody should, and looks at each answer. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { document } from "../../src/api/Document.ts"
import { handler, local, Problem } from "../api/Handled.ts"
import { hostileRequests } from "./HostileRequests.ts"

const decode = Schema.decodeEffect(Schema.fromJsonString(Problem))

/** Every code that a refusal of a request may have here. */
const codes: ReadonlySet<string> = new Set([
  "invalid_request",
  "not_found",
  "method_not_allowed",
  "run_conflict",
  "sign_in_needed",
  "music_unavailable",
  "idempotency_key_in_flight",
  "idempotency_key_reused",
  "payload_too_large",
  "uri_too_long",
  "unsupported_media_type",
  "precondition_failed",
  "invalid_config",
  "sign_in_failed"
])

/** Sends so many requests, and gives how many there were of each status. No answer may be a bug, and every refusal is a problem. */
export const fuzz = Effect.fnUntraced(function*(count: number, seed: number) {
  const ask = yield* handler
  const token = yield* local
  const next = hostileRequests(document, seed)
  const statuses = new Map<number, number>()
  for (let sent = 0; sent < count; sent++) {
    const { body, headers, method, path } = next()
    // a reload reads a file that the test does not have
    if (path.startsWith("/api/v0/reload") && method === "POST") continue
    const what = `request ${sent} of seed ${seed}: ${method} ${path} ${JSON.stringify(headers)} ${body ?? ""}`.slice(
      0,
      1000
    )
    const answer = yield* ask(path, {
      method,
      headers: { ...token, ...headers },
      ...body === undefined ? {} : { body }
    }).pipe(Effect.timeoutOrElse({ duration: "10 seconds", orElse: () => Effect.die(`no answer to ${what}`) }))
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    // a sign-in that does not go through is 502, also when the answer that was pasted is wrong
    const failedSignIn = answer.status === 502 && path.startsWith("/api/v0/connections/")
    if (!failedSignIn) assert.isBelow(answer.status, 500, `${what}: ${answer.body}`)
    if (answer.status < 400 || method === "HEAD") continue
    assert.strictEqual(answer.headers.get("content-type"), "application/problem+json", what)
    const problem = yield* decode(answer.body)
    assert.strictEqual(problem.status, answer.status, what)
    assert.isTrue(codes.has(problem.code), `${what}: ${problem.code}`)
  }
  return statuses
})
