/** What was asked of the sandbox, without the secrets. */
import type { LoggedRequest } from "./Contract.ts"
import type { Call, Route } from "./Exchange.ts"

/** The log keeps this many. */
const limit = 50_000

const secret = new Set([
  "code",
  "code_verifier",
  "token",
  "access_token",
  "refresh_token",
  "client_secret",
  "state"
])

export interface RequestLog {
  readonly add: (route: Route, call: Call, status: number, fault: string | undefined) => void
  readonly all: () => ReadonlyArray<LoggedRequest>
}

export const makeRequestLog = (at: () => string): RequestLog => {
  const entries: Array<LoggedRequest> = []
  return {
    all: () => [...entries],
    add: ({ provider }, { form, method, path, query }, status, fault) => {
      const grantType = form.get("grant_type")
      entries.push({
        at: at(),
        provider,
        method,
        path,
        query: Object.fromEntries(
          [...query.entries()].map(([name, value]) => [name, secret.has(name) ? "<redacted>" : value])
        ),
        ...(grantType === null ? {} : { grantType }),
        status,
        ...(fault === undefined ? {} : { fault })
      })
      if (entries.length > limit + 1000) {
        entries.splice(0, entries.length - limit)
      }
    }
  }
}
