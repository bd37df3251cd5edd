/** Whose the prepared records are: accounts whose names the providers would never give. */
import { DateTime, Effect, Option } from "effect"
import { type ConnectionId, connectionId } from "../../../../src/domain/Connection.ts"
import type { Provider } from "../../../../src/domain/Provider.ts"
import { OuraDataType } from "../../../../src/domain/Task.ts"
import { Connections } from "../../../../src/store/Connections.ts"
import { googleCursor, ouraCursor, spotifyCursor } from "../../../../src/store/SyncStates.ts"
import type { Cursor } from "../../../../src/store/Write.ts"

const names = {
  google: "\"><img src=x onerror=window.__ran=1>@evil.example",
  spotify: "</title><script>window.__ran=1</script>",
  oura: "\u202egnp.exe javascript:window.__ran=1"
} as const satisfies { readonly [P in Provider]: string }

export const accounts = {
  google: connectionId("google", names.google),
  spotify: connectionId("spotify", names.spotify),
  oura: connectionId("oura", names.oura)
} as const satisfies { readonly [P in Provider]: ConnectionId }

/** The primary calendar bears the name of its account. */
export const calendar = names.google

/** Where their syncs stand: all is there up to the instant. */
export const cursors = (at: DateTime.Utc): ReadonlyArray<Cursor> => [
  googleCursor(accounts.google, calendar, {
    syncToken: Option.some("of the tests"),
    lastSync: Option.some(at),
    coveredFrom: Option.some(DateTime.makeUnsafe("2015-01-01T00:00:00Z")),
    listings: 1,
    pageToken: Option.none(),
    listing: Option.none(),
    unreadable: []
  }),
  spotifyCursor(accounts.spotify, { lastSyncAt: at, latestPlayedAt: Option.none(), tracksFetched: 0 }),
  ...OuraDataType.literals.map((type) =>
    ouraCursor(accounts.oura, type, {
      lastSyncStart: at,
      lastSyncEnd: at,
      lastSyncAt: at,
      recordsFetched: 0,
      recordsStored: 0
    })
  )
]

/** Signs them in, and lets one need that again. The tokens are never used: nothing syncs. */
export const connected = Effect.gen(function*() {
  const connections = yield* Connections
  const at = DateTime.subtract(yield* DateTime.now, { days: 1 })
  const later = DateTime.add(at, { days: 8 })
  for (const provider of ["google", "spotify", "oura"] as const) {
    const signedIn = yield* connections.signIn(
      { id: accounts[provider], provider, userId: names[provider], version: 0 },
      {
        access_token: "of the tests",
        refresh_token: "of the tests",
        expiresAt: later,
        refreshExpiresAt: Option.some(later),
        scopes: ["<script>window.__ran=1</script>", "email"],
        at
      }
    )
    if (provider === "oura" && Option.isSome(signedIn)) {
      yield* connections.needsAuth(signedIn.value, "<script>window.__ran=1</script>; sign in with: glider auth oura")
    }
  }
})
