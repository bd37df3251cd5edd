/**
 * What the three authorization servers remember: codes, grants and tokens. A grant is one consent; it has access tokens
 * and one refresh token that is good, and dies as a whole.
 */
import { DateTime, Duration, Effect } from "effect"
import type { ConsentAnswer, SandboxTokens } from "./Contract.ts"
import type { Provider } from "./FaultRules.ts"
import { dayLength } from "./Instants.ts"
import { base62 } from "./Seeded.ts"

/** One consent of the person to one client. */
export interface Grant {
  readonly provider: Provider
  readonly clientId: string
  readonly scope: string
  /** The code was bound to a PKCE challenge. */
  readonly pkce: boolean
  /** Who agreed: the one of whom everything is, or another under whose name all of it stands, too. */
  readonly user?: string | undefined
  readonly grantedAt: number
  revoked: boolean
}

/** A code on its way from the authorize page to the token endpoint. */
export interface Code {
  readonly grant: Grant
  readonly redirectUri: string
  readonly challenge: string | undefined
  readonly expiresAt: number
  used: boolean
}

interface AccessToken {
  readonly grant: Grant
  readonly expiresAt: number
  state: "good" | "expired" | "revoked"
}

interface RefreshToken {
  readonly grant: Grant
  readonly expiresAt: number
  burnt: boolean
}

/** How an access token stands. */
type Standing = "good" | "expired" | "revoked" | "unknown"

/** Lifetimes in milliseconds of the sandbox's clock. */
const accessLifetime: { readonly [P in Provider]: number } = {
  spotify: 3_600_000,
  google: 3_599_000,
  oura: 86_400_000
}

const codeLifetime = 600_000

const prefixes: {
  readonly [P in Provider]: { readonly access: string; readonly refresh: string; readonly code: string }
} = {
  spotify: { access: "BQ", refresh: "AQ", code: "AQ" },
  google: { access: "ya29.", refresh: "1//0", code: "4/0A" },
  oura: { access: "", refresh: "", code: "" }
}

/** Everything a sync reads. */
export const fullScope: { readonly [P in Provider]: string } = {
  spotify: "user-read-recently-played",
  google: "https://www.googleapis.com/auth/calendar.readonly",
  oura: "email personal daily heartrate workout tag session spo2"
}

export interface TokenStore {
  readonly service: SandboxTokens
  /** What the person said about the next sign-ins. */
  readonly answer: (provider: Provider) => ConsentAnswer
  readonly newCode: (code: Omit<Code, "used" | "expiresAt">) => string
  readonly code: (text: string) => Code | undefined
  /** A new access token of the grant, and its lifetime in seconds. */
  readonly access: (grant: Grant, lifetime?: number) => { readonly token: string; readonly seconds: number }
  readonly refresh: (grant: Grant) => string
  /** The refresh token, while it is good. */
  readonly refreshToken: (provider: Provider, text: string) => RefreshToken | undefined
  readonly standing: (
    provider: Provider,
    token: string
  ) => { readonly state: Standing; readonly scope: string }
  /** Who has agreed to what a call is made with; none for the person of whom everything is. */
  readonly userOf: (provider: Provider, authorization: string | undefined) => string | undefined
  /** Turns one access token bad. */
  readonly spoil: (token: string, state: "expired" | "revoked") => void
  /** Kills the grant a token belongs to; false when there is no such token. */
  readonly revoke: (provider: Provider, token: string) => boolean
  /** How long a refresh token lives, where the answer says so. */
  readonly refreshLifetime: (provider: Provider) => number
}

export const makeTokens = (options: {
  readonly seed: string
  readonly marker: string
  readonly googleTesting: boolean
  readonly clientIds: { readonly [P in Provider]: string }
  readonly now: () => number
}): TokenStore => {
  const { now } = options
  const codes = new Map<string, Code>()
  const accessTokens = new Map<string, AccessToken>()
  const refreshTokens = new Map<string, RefreshToken>()
  const answers = new Map<Provider, ConsentAnswer>()
  let made = 0

  const write = (provider: Provider, kind: "access" | "refresh" | "code", length: number): string =>
    `${prefixes[provider][kind]}${options.marker}${base62(length, options.seed, provider, kind, ++made)}`

  const refreshLifetime = (provider: Provider): number =>
    provider === "google"
      ? (options.googleTesting ? 7 : 183) * dayLength
      : provider === "spotify"
      ? 183 * dayLength
      : Infinity

  const access: TokenStore["access"] = (grant, lifetime = accessLifetime[grant.provider]) => {
    const token = write(grant.provider, "access", 80)
    accessTokens.set(token, { grant, expiresAt: now() + lifetime, state: "good" })
    return { token, seconds: Math.floor(lifetime / 1000) }
  }

  const refresh: TokenStore["refresh"] = (grant) => {
    const token = write(grant.provider, "refresh", 64)
    refreshTokens.set(token, { grant, expiresAt: grant.grantedAt + refreshLifetime(grant.provider), burnt: false })
    return token
  }

  const ofProvider = <A extends { readonly grant: Grant }>(
    tokens: Map<string, A>,
    provider: Provider
  ): ReadonlyArray<A> => [...tokens.values()].filter((token) => token.grant.provider === provider)

  const service: SandboxTokens = {
    issue: (provider, given = {}) =>
      Effect.sync(() => {
        const grant: Grant = {
          provider,
          clientId: options.clientIds[provider],
          scope: given.scope ?? fullScope[provider],
          pkce: provider !== "oura",
          grantedAt: now(),
          revoked: false
        }
        const lifetime = given.expiresIn === undefined
          ? accessLifetime[provider]
          : Duration.toMillis(Duration.fromInputUnsafe(given.expiresIn))
        const { token } = access(grant, lifetime)
        return {
          accessToken: token,
          refreshToken: refresh(grant),
          scope: grant.scope,
          expiresAt: DateTime.makeUnsafe(now() + lifetime)
        }
      }),
    consent: (provider, answer) => Effect.sync(() => void answers.set(provider, answer)),
    expireAccessTokens: (provider) =>
      Effect.sync(() => ofProvider(accessTokens, provider).forEach((token) => void (token.state = "expired"))),
    revokeTokens: (provider) =>
      Effect.sync(() => ofProvider(refreshTokens, provider).forEach((token) => void (token.grant.revoked = true)))
  }

  return {
    service,
    access,
    refresh,
    refreshLifetime,
    answer: (provider) => answers.get(provider) ?? {},
    newCode: (code) => {
      const text = write(code.grant.provider, "code", 48)
      codes.set(text, { ...code, expiresAt: now() + codeLifetime, used: false })
      return text
    },
    code: (text) => codes.get(text),
    refreshToken: (provider, text) => {
      const token = refreshTokens.get(text)
      const alive = token?.grant.provider === provider && !token.burnt && !token.grant.revoked &&
        now() < token.expiresAt
      return alive ? token : undefined
    },
    standing: (provider, text) => {
      const token = accessTokens.get(text)
      if (token === undefined || token.grant.provider !== provider) {
        return { state: "unknown", scope: "" }
      }
      const state = token.grant.revoked
        ? "revoked"
        : token.state === "good" && now() >= token.expiresAt
        ? "expired"
        : token.state
      return { state, scope: token.grant.scope }
    },
    userOf: (provider, authorization) => {
      const [, token = ""] = /^Bearer (\S+)$/i.exec(authorization ?? "") ?? []
      const found = accessTokens.get(token)
      return found?.grant.provider === provider ? found.grant.user : undefined
    },
    spoil: (text, state) => {
      const token = accessTokens.get(text)
      if (token !== undefined) {
        token.state = state
      }
    },
    revoke: (provider, text) => {
      const token = accessTokens.get(text) ?? refreshTokens.get(text)
      if (token === undefined || token.grant.provider !== provider || token.grant.revoked) {
        return false
      }
      token.grant.revoked = true
      return true
    }
  }
}
