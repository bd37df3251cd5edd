/** The token and revocation endpoints of the three providers, with their own checks and error bodies. */
import { createHash } from "node:crypto"
import type { ClientCredentials, JsonObject } from "./Contract.ts"
import { type Call, ok, type Reply } from "./Exchange.ts"
import type { Provider } from "./FaultRules.ts"
import { oauthError, ouraOauthError } from "./Refusals.ts"
import type { Code, Grant, TokenStore } from "./Tokens.ts"

/** How each provider says no. */
interface Wording {
  readonly badClient: Reply
  readonly badSecret: Reply
  readonly missingSecret: Reply
  readonly badCode: Reply
  readonly usedCode: Reply
  readonly badRedirect: Reply
  readonly badVerifier: Reply
  readonly deadRefresh: Reply
  readonly badGrantType: Reply
}

const grantTypes = "grant_type must be authorization_code or refresh_token"

export const wording: { readonly [P in Provider]: Wording } = {
  spotify: {
    badClient: oauthError(400, "invalid_client", "Invalid client"),
    badSecret: oauthError(400, "invalid_client", "Invalid client secret"),
    missingSecret: oauthError(400, "invalid_request", "code_verifier required"),
    badCode: oauthError(400, "invalid_grant", "Invalid authorization code"),
    usedCode: oauthError(400, "invalid_grant", "Invalid authorization code"),
    badRedirect: oauthError(400, "invalid_grant", "Invalid redirect URI"),
    badVerifier: oauthError(400, "invalid_grant", "code_verifier was incorrect"),
    deadRefresh: oauthError(400, "invalid_grant", "Refresh token revoked"),
    badGrantType: oauthError(400, "unsupported_grant_type", "grant_type parameter is missing")
  },
  google: {
    badClient: oauthError(401, "invalid_client", "The OAuth client was not found."),
    badSecret: oauthError(401, "invalid_client", "Unauthorized"),
    missingSecret: oauthError(400, "invalid_request", "client_secret is missing."),
    badCode: oauthError(400, "invalid_grant", "Malformed auth code."),
    usedCode: oauthError(400, "invalid_grant", "Bad Request"),
    badRedirect: oauthError(400, "redirect_uri_mismatch", "Bad Request"),
    badVerifier: oauthError(400, "invalid_grant", "Invalid code verifier."),
    deadRefresh: oauthError(400, "invalid_grant", "Token has been expired or revoked."),
    badGrantType: oauthError(400, "unsupported_grant_type", `Invalid grant_type: ${grantTypes}`)
  },
  oura: {
    badClient: ouraOauthError(401, "invalid_client", "Unauthorized", "The client is not known."),
    badSecret: ouraOauthError(401, "invalid_client", "Unauthorized", "The client secret is not valid."),
    missingSecret: ouraOauthError(401, "invalid_client", "Unauthorized", "The client secret is missing."),
    badCode: ouraOauthError(400, "invalid_grant", "Invalid Code", "The authorization code is not valid."),
    usedCode: ouraOauthError(400, "invalid_grant", "Code Already Used", "The authorization code was used before."),
    badRedirect: ouraOauthError(400, "invalid_grant", "Invalid Redirect URI", "The redirect_uri does not match."),
    badVerifier: ouraOauthError(400, "invalid_grant", "Invalid Code", "The authorization code is not valid."),
    deadRefresh: ouraOauthError(
      400,
      "invalid_grant",
      "Token Already Used Or Revoked",
      "The refresh token has already been used or has been revoked."
    ),
    badGrantType: ouraOauthError(400, "unsupported_grant_type", "Bad Request", grantTypes)
  }
}

const basic = (call: Call): { readonly id: string; readonly secret: string } | undefined => {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=_-]+)$/i.exec(call.header("authorization") ?? "") ?? []
  if (encoded === undefined) {
    return undefined
  }
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":")
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(":")) }
}

/** The client of a request: refused, or known with or without its secret. */
const clientOf = (provider: Provider, client: ClientCredentials, call: Call): Reply | { readonly secret: boolean } => {
  const words = wording[provider]
  const given = basic(call)
  const id = given?.id ?? call.form.get("client_id")
  const secret = given?.secret ?? call.form.get("client_secret") ?? undefined
  if (id !== client.id) {
    return words.badClient
  }
  if (secret !== undefined && secret !== client.secret) {
    return words.badSecret
  }
  return secret === undefined && provider !== "spotify" ? words.missingSecret : { secret: secret !== undefined }
}

const verified = (code: Code, verifier: string | null): boolean =>
  code.challenge === undefined ||
  (verifier !== null && createHash("sha256").update(verifier).digest("base64url") === code.challenge)

export const tokenEndpoint = (provider: Provider, client: ClientCredentials, tokens: TokenStore, now: () => number) => {
  const words = wording[provider]

  const answer = (grant: Grant, refreshToken: string | undefined): Reply => {
    const { seconds, token } = tokens.access(grant)
    const lifetime = tokens.refreshLifetime(provider)
    const left = Math.floor((grant.grantedAt + lifetime - now()) / 1000)
    const limited: JsonObject = provider === "google" && lifetime <= 7 * 86_400_000
      ? { refresh_token_expires_in: left === 604_800 ? 604_799 : left }
      : {}
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: provider === "oura" ? "bearer" : "Bearer",
        expires_in: seconds,
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
        ...limited,
        scope: grant.scope
      },
      headers: { "cache-control": "no-store" }
    }
  }

  const fromCode = (call: Call, hasSecret: boolean): Reply => {
    const code = tokens.code(call.form.get("code") ?? "")
    if (code === undefined || code.grant.provider !== provider) {
      return words.badCode
    }
    if (code.used || now() >= code.expiresAt) {
      return words.usedCode
    }
    if (call.form.get("redirect_uri") !== code.redirectUri) {
      return words.badRedirect
    }
    if (code.challenge === undefined && !hasSecret) {
      return words.missingSecret
    }
    if (!verified(code, call.form.get("code_verifier"))) {
      return words.badVerifier
    }
    code.used = true
    return answer(code.grant, tokens.refresh(code.grant))
  }

  const fromRefresh = (call: Call): Reply => {
    const token = tokens.refreshToken(provider, call.form.get("refresh_token") ?? "")
    if (token === undefined) {
      return words.deadRefresh
    }
    if (provider === "oura" || (provider === "spotify" && token.grant.pkce)) {
      token.burnt = true
      return answer(token.grant, tokens.refresh(token.grant))
    }
    return answer(token.grant, undefined)
  }

  return (call: Call): Reply => {
    const known = clientOf(provider, client, call)
    if ("status" in known) {
      return call.form.size === 0 ? words.badGrantType : known
    }
    switch (call.form.get("grant_type")) {
      case "authorization_code":
        return fromCode(call, known.secret)
      case "refresh_token":
        return fromRefresh(call)
      default:
        return words.badGrantType
    }
  }
}

/** Google takes `token`, Oura `access_token`, in the query or the form; both kill the whole grant. */
export const revokeEndpoint = (provider: "google" | "oura", tokens: TokenStore) => (call: Call): Reply => {
  const name = provider === "google" ? "token" : "access_token"
  const token = call.query.get(name) ?? call.form.get(name) ?? ""
  if (tokens.revoke(provider, token)) {
    return ok({})
  }
  return provider === "google"
    ? oauthError(400, "invalid_token", "Token expired or revoked")
    : ouraOauthError(400, "invalid_request", "Bad Request", "The access token is not valid.")
}
