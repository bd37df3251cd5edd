/** Whose the prepared records are: accounts whose names the providers would never give. */
import { DateTime, Effect, Option } from "effect"
import { type ConnectionId, connectionId } from "../../../../src/domain/Connection.ts"
import type { Provider } from "../../../../src/domain/Provider.ts"
import { Connections } from "../../../../src/store/Connections.ts"

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
