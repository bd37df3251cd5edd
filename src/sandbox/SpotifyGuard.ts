/** What Spotify asks of every request: a good token, of a grant with the scope. */
import type { Call, Reply } from "./Exchange.ts"
import { spotifyError } from "./Refusals.ts"
import type { TokenStore } from "./Tokens.ts"

/** The refusal of a request without a good token for these scopes; `undefined` when it may pass. */
export const refusal = (tokens: TokenStore, call: Call, ...scopes: ReadonlyArray<string>): Reply | undefined => {
  const header = call.header("authorization")
  if (header === undefined) {
    return spotifyError(401, "No token provided")
  }
  const [, token] = /^Bearer (\S+)$/i.exec(header) ?? []
  if (token === undefined) {
    return spotifyError(400, "Only valid bearer authentication supported")
  }
  const standing = tokens.standing("spotify", token)
  if (standing.state !== "good") {
    return spotifyError(401, standing.state === "expired" ? "The access token expired" : "Invalid access token")
  }
  const granted = new Set(standing.scope.split(" "))
  return scopes.every((scope) => granted.has(scope))
    ? undefined
    : spotifyError(403, "Insufficient client scope")
}
