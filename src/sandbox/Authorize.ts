/**
 * The page where a person agrees. It agrees at once and sends the browser back; what is wrong with the client or the
 * redirect address is shown here, everything else goes back with the redirect, as the real pages do.
 */
import type { ClientCredentials } from "./Contract.ts"
import type { Call, Reply } from "./Exchange.ts"
import type { Provider } from "./FaultRules.ts"
import { page } from "./Refusals.ts"
import { fullScope, type TokenStore } from "./Tokens.ts"

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/
const anyLoopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?(\/|$)/

/** Where each provider is ready to send a code when no addresses are registered. Spotify refuses `localhost`. */
const redirectForms: { readonly [P in Provider]: ReadonlyArray<RegExp> } = {
  spotify: [loopback, /^https:\/\//],
  google: [anyLoopback, /^https:\/\//],
  oura: [anyLoopback, /^https:\/\//]
}

const pkce: { readonly [P in Provider]: boolean } = { spotify: true, google: true, oura: false }

const shown = (status: number, text: string): Reply => ({ status, body: page(text) })

export const authorize = (
  provider: Provider,
  client: ClientCredentials,
  tokens: TokenStore,
  now: () => number
) =>
(call: Call): Reply => {
  const { query } = call
  const redirectUri = query.get("redirect_uri") ?? ""
  const registered = client.redirectUris?.includes(redirectUri) ??
    redirectForms[provider].some((form) => form.test(redirectUri))
  if (query.get("client_id") !== client.id) {
    return shown(400, "INVALID_CLIENT: Invalid client")
  }
  if (!registered || !URL.canParse(redirectUri)) {
    return shown(400, "INVALID_CLIENT: Invalid redirect URI")
  }
  const back = (answer: { readonly [name: string]: string }): Reply => {
    const target = new URL(redirectUri)
    Object.entries(answer).forEach(([name, value]) => target.searchParams.set(name, value))
    const state = query.get("state")
    if (state !== null) {
      target.searchParams.set("state", state)
    }
    return { status: 302, body: undefined, headers: { location: target.href } }
  }
  const challenge = query.get("code_challenge") ?? undefined
  if (query.get("response_type") !== "code") {
    return back({ error: "unsupported_response_type" })
  }
  if (pkce[provider] && challenge !== undefined && query.get("code_challenge_method") !== "S256") {
    return back({ error: "invalid_request", error_description: "code_challenge_method must be S256" })
  }
  if (pkce[provider] && challenge !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    return back({ error: "invalid_request", error_description: "code_challenge must be a base64url SHA-256" })
  }
  const answer = tokens.answer(provider)
  if (answer.deny === true) {
    return back({ error: "access_denied" })
  }
  const asked = query.get("scope") ?? (provider === "oura" ? fullScope.oura : "")
  const scope = answer.scope === undefined
    ? asked
    : asked.split(" ").filter((word) => answer.scope?.split(" ").includes(word)).join(" ")
  const code = tokens.newCode({
    grant: {
      provider,
      clientId: client.id,
      scope,
      pkce: pkce[provider] && challenge !== undefined,
      user: answer.user,
      grantedAt: now(),
      revoked: false
    },
    redirectUri,
    challenge: pkce[provider] ? challenge : undefined
  })
  return back(provider === "spotify" ? { code } : { code, scope })
}
