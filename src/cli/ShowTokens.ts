/** Tokens on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import { IssuedToken } from "../domain/IssuedToken.ts"
import { fromNow, print, table } from "./Print.ts"

const encode = Schema.encodeEffect(Schema.Array(IssuedToken))

/** `glider token list`. */
export const showTokens = Effect.fnUntraced(function*(tokens: ReadonlyArray<IssuedToken>) {
  const now = yield* DateTime.now
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.scopes.join(" "),
    fromNow(now, token.createdAt),
    Option.match(token.lastUsedAt, { onNone: () => "never", onSome: (at) => fromNow(now, at) }),
    Option.match(token.expiresAt, {
      onNone: () => "never",
      onSome: (at) => token.isExpired(now) ? "expired" : fromNow(now, at)
    })
  ])
  yield* print({
    json: yield* Effect.orDie(encode(tokens)),
    text: table(["TOKEN", "NAME", "SCOPES", "MADE", "LAST USED", "EXPIRES"], rows)
  })
})
