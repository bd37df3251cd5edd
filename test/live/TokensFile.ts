/** The refresh tokens of the live tests: a JSON file that only its owner may read, rewritten whenever one changes. */
import { Effect, FileSystem, Redacted, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { Hex } from "effect/encoding"
import { Provider } from "../../src/domain/Provider.ts"

/** The file cannot be used; the message says what mends it, and never what the file holds. */
export class TokensFileError extends Schema.TaggedError<TokensFileError>()("TokensFileError", {
  message: Schema.String
}) {}

const Content = Schema.Record(Schema.String, Schema.NonEmptyString)
const Json = Schema.fromJsonString(Content)

type Tokens = { readonly [P in Provider]?: Redacted.Redacted<string> }

/** What the file holds; nothing when there is no file yet. */
export const read = Effect.fn("TokensFile.read")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const failed = (message: string) => new TokensFileError({ message: `${path} ${message}` })
  const unreadable = Effect.mapError(() => failed("cannot be read"))
  if (!(yield* unreadable(fs.exists(path)))) return {} as const satisfies Tokens
  const { mode } = yield* unreadable(fs.stat(path))
  if ((mode & 0o077) !== 0) return yield* failed(`may be read by others; run: chmod 600 '${path}'`)
  const content = yield* Effect.mapError(
    Effect.flatMap(unreadable(fs.readFileString(path)), Schema.decodeEffect(Json)),
    () => failed("is not a JSON object with a refresh token for each provider") // the schema's words would hold them
  )
  const tokens: Tokens = Object.fromEntries(
    Provider.literals.flatMap((provider) => {
      const token = content[provider]
      return token === undefined ? [] : [[provider, Redacted.make(token, { label: `${provider} refresh token` })]]
    })
  )
  return tokens
})

/** Stores the provider's token beside the others. The old file stays whole until the new one is on the disk. */
export const keep = Effect.fn("TokensFile.keep")(
  function*(path: string, provider: Provider, token: Redacted.Redacted<string>) {
    const fs = yield* FileSystem.FileSystem
    const random = yield* SecureRandom.SecureRandom
    const failed = Effect.mapError(() => new TokensFileError({ message: `${path} cannot be written` }))
    const before = yield* read(path)
    const content = Object.fromEntries(
      Object.entries({ ...before, [provider]: token }).map(([name, secret]) => [name, Redacted.value(secret)])
    )
    const text = yield* Effect.orDie(Schema.encodeEffect(Json)(content)) // a record of strings always encodes
    const draft = `${path}.${Hex.encode(yield* random.randomBytes(6))}`
    yield* Effect.scoped(Effect.gen(function*() {
      const handle = yield* failed(fs.open(draft, { flag: "wx", mode: 0o600 }))
      yield* failed(handle.writeAll(new TextEncoder().encode(`${text}\n`)))
      yield* failed(handle.sync)
    }))
    yield* failed(fs.rename(draft, path))
  },
  Effect.provide(SecureRandom.layerWebCrypto),
  Effect.uninterruptible
)
