/** A connection's tokens on their way into the store and out of it. */
import { Effect, Option, type Redacted } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { TokenCipher } from "../services/TokenCipher.ts"
import type { NewTokens, StoredConnection, TokenField } from "../store/Connections.ts"

/** A field of a row at a version; the ciphertext opens nowhere else. */
const place = (id: ConnectionId, field: TokenField, version: number) => ({
  table: "connection",
  record: id,
  field,
  version
})

/** One token of the row; none when it has none. */
export const open = Effect.fnUntraced(
  function*(cipher: TokenCipher["Service"], row: StoredConnection, field: TokenField) {
    const ciphertext = row.tokens[field]
    return Option.isNone(ciphertext)
      ? Option.none<Redacted.Redacted<string>>()
      : Option.some(yield* cipher.decrypt(place(row.connection.id, field, row.version), ciphertext.value))
  }
)

/** Tokens as the store takes them: encrypted for that version of the row. */
export const seal = Effect.fnUntraced(function*(
  cipher: TokenCipher["Service"],
  row: { readonly id: ConnectionId; readonly version: number },
  tokens: Omit<NewTokens, TokenField> & {
    readonly accessToken: Redacted.Redacted<string>
    readonly refreshToken: Redacted.Redacted<string>
  }
) {
  const { accessToken, refreshToken, ...rest } = tokens
  const sealed: NewTokens = {
    ...rest,
    access_token: yield* cipher.encrypt(place(row.id, "access_token", row.version), accessToken),
    refresh_token: yield* cipher.encrypt(place(row.id, "refresh_token", row.version), refreshToken)
  }
  return sealed
})
