import { Context, Effect, FileSystem, Layer, Option, Path, Redacted, Schema, Semaphore } from "effect"
import { Aead, Digest, SecureRandom } from "effect/crypto"
import { Base64, Base64Url, Hex } from "effect/encoding"
import { Secrets } from "./Secrets.ts"

/** The key is not 32 bytes as base64 or as 64 hexadecimal digits. */
export class KeyMalformed extends Schema.TaggedError<KeyMalformed>()("KeyMalformed", { message: Schema.String }) {}

/** Others may read the key file. */
export class KeyExposed extends Schema.TaggedError<KeyExposed>()("KeyExposed", { message: Schema.String }) {}

/** The key cannot be read or written, or is not there although something was encrypted with one. */
export class KeyUnavailable
  extends Schema.TaggedError<KeyUnavailable>()("KeyUnavailable", { message: Schema.String })
{}

/** Encrypted with another key than the present one. */
export class WrongKey extends Schema.TaggedError<WrongKey>()("WrongKey", { message: Schema.String }) {}

/** Changed after it was encrypted, or moved to another place. */
export class Tampered extends Schema.TaggedError<Tampered>()("Tampered", { message: Schema.String }) {}

/** A stored secret cannot be encrypted or decrypted; there is no fallback to plain text. */
export class CipherError extends Schema.TaggedError<CipherError>()("CipherError", {
  reason: Schema.Union([KeyMalformed, KeyExposed, KeyUnavailable, WrongKey, Tampered])
}) {
  override get message(): string {
    return this.reason.message
  }
}

/** Where a secret is stored. A ciphertext opens only in the place it was made for. */
export interface Place {
  readonly table: string
  readonly record: string
  readonly field: string
  /** Counts the writes of the record, so that an older ciphertext cannot be put back. */
  readonly version: number
}

/**
 * Encrypts what must not stand in the store as it is: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. The
 * key is `GLIDER_KEY` (see `Secrets` for its other forms) or else the file `key` in the data folder, mode 0600, made at
 * the first use.
 */
export class TokenCipher extends Context.Service<TokenCipher, {
  readonly encrypt: (place: Place, secret: Redacted.Redacted<string>) => Effect.Effect<string, CipherError>
  readonly decrypt: (place: Place, ciphertext: string) => Effect.Effect<Redacted.Redacted<string>, CipherError>
}>()("glider/services/TokenCipher") {
  static readonly layer = (dataFolder: string) =>
    Layer.effect(
      TokenCipher,
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const secrets = yield* Secrets
        const aead = yield* Aead.Aead
        const digest = yield* Digest.Digest
        const random = yield* SecureRandom.SecureRandom
        const file = path.join(dataFolder, "key")
        const oneAtATime = yield* Semaphore.make(1)
        let loaded: Option.Option<Key> = Option.none()

        const makeKey = Effect.fnUntraced(
          function*(text: string, source: string) {
            const bytes = parseKey(text)
            if (Option.isNone(bytes)) {
              return yield* fail(
                new KeyMalformed({
                  message:
                    `${source} must hold 32 bytes as base64 or as 64 hexadecimal digits, e.g. from: openssl rand -base64 32`
                })
              )
            }
            const key = yield* Aead.key(Aead.aes256Gcm, bytes.value)
            const name = yield* digest.digest(
              Digest.sha256,
              new Uint8Array([...utf8.encode("glider key name"), ...bytes.value])
            )
            return { key, name: Base64Url.encode(name.subarray(0, 6)), source }
          },
          Effect.catchTag("CryptoError", Effect.die) // a key of the right length is always accepted
        )

        const fileProblem = Effect.mapError(({ message }: { readonly message: string }) =>
          new CipherError({
            reason: new KeyUnavailable({ message: `the key file ${file} cannot be used: ${message}` })
          })
        )

        /** The file appears whole and with its mode, or not at all; when two processes make one, the first wins. */
        const createFile = Effect.gen(function*() {
          const bytes = yield* random.randomBytes(32)
          const draft = `${file}.${Hex.encode(yield* random.randomBytes(6))}`
          yield* fs.makeDirectory(dataFolder, { recursive: true, mode: 0o700 })
          yield* Effect.scoped(Effect.gen(function*() {
            const handle = yield* fs.open(draft, { flag: "wx", mode: 0o600 })
            yield* handle.writeAll(utf8.encode(`${Base64.encode(bytes)}\n`))
            yield* handle.sync
          }))
          yield* fs.link(draft, file).pipe(
            Effect.catchReason("PlatformError", "AlreadyExists", () => Effect.void),
            Effect.ensuring(Effect.ignore(fs.remove(draft)))
          )
        }).pipe(Effect.uninterruptible, fileProblem)

        const readFile = Effect.gen(function*() {
          const { mode } = yield* fileProblem(fs.stat(file))
          if ((mode & 0o077) !== 0) {
            const octal = (mode & 0o777).toString(8).padStart(4, "0")
            return yield* fail(
              new KeyExposed({
                message: `the key file ${file} has mode ${octal}, so others may read it; run: chmod 600 '${file}'`
              })
            )
          }
          return yield* makeKey(yield* fileProblem(fs.readFileString(file)), `the key file ${file}`)
        })

        const load = Effect.fnUntraced(function*(create: boolean) {
          if (Option.isSome(loaded)) return loaded.value
          const given = yield* secrets.find("GLIDER_KEY").pipe(
            Effect.mapError(({ message }) => new CipherError({ reason: new KeyUnavailable({ message }) }))
          )
          if (Option.isNone(given) && !(yield* fileProblem(fs.exists(file)))) {
            if (!create) {
              return yield* fail(
                new KeyUnavailable({
                  message: `the key file ${file} is gone, and GLIDER_KEY is not set: put the key back, or sign in again`
                })
              )
            }
            yield* createFile
          }
          const key = Option.isSome(given) ? yield* makeKey(Redacted.value(given.value), "GLIDER_KEY") : yield* readFile
          loaded = Option.some(key)
          return key
        }, oneAtATime.withPermit)

        const encrypt = Effect.fn("TokenCipher.encrypt")(
          function*(place: Place, secret: Redacted.Redacted<string>) {
            const { key, name } = yield* load(true)
            const nonce = yield* random.randomBytes(Aead.aes256Gcm.nonceLength)
            const sealed = yield* aead.encrypt(key, utf8.encode(Redacted.value(secret)), { nonce, aad: bound(place) })
            return [format, name, Base64Url.encode(nonce), Base64Url.encode(sealed)].join(".")
          },
          Effect.catchTag("CryptoError", Effect.die) // lengths are ours, so only a bug gets here
        )

        const decrypt = Effect.fn("TokenCipher.decrypt")(function*(place: Place, ciphertext: string) {
          const { key, name, source } = yield* load(false)
          const [version, madeWith, nonce, sealed] = ciphertext.split(".")
          const parts = Option.all([decoded(nonce), decoded(sealed)])
          if (version !== format || madeWith === undefined || Option.isNone(parts)) return yield* tampered(place)
          if (madeWith !== name) {
            return yield* fail(
              new WrongKey({
                message:
                  `the stored tokens were encrypted with another key than ${source}: put that key back, or sign in again`
              })
            )
          }
          const [nonceBytes, sealedBytes] = parts.value
          const plain = yield* aead.decrypt(key, sealedBytes, { nonce: nonceBytes, aad: bound(place) }).pipe(
            Effect.mapError(() => tampered(place))
          )
          return Redacted.make(new TextDecoder().decode(plain), { label: place.field })
        })

        return TokenCipher.of({ encrypt, decrypt })
      })
    ).pipe(
      Layer.provide(Aead.layerWebCrypto),
      Layer.provide([SecureRandom.layerWebCrypto, Digest.layerWebCrypto])
    )
}

interface Key {
  readonly key: Aead.Key
  /** Tells keys apart; says nothing about the key. */
  readonly name: string
  /** For messages. */
  readonly source: string
}

/** Of the text form: format, name of the key, nonce, ciphertext with its tag; the last two as base64url. */
const format = "v1"

const utf8 = new TextEncoder()

const fail = (reason: CipherError["reason"]): CipherError => new CipherError({ reason })

const tampered = ({ field, record, table }: Place): CipherError =>
  fail(
    new Tampered({ message: `${field} of ${table} ${record} was changed or moved after it was stored: sign in again` })
  )

/** The additional data: each part with its length before it, so that no two places are written alike. */
const bound = ({ field, record, table, version }: Place): Uint8Array =>
  utf8.encode([table, record, field, String(version)].map((part) => `${part.length}:${part}`).join())

const decoded = (text: string | undefined): Option.Option<Uint8Array> =>
  text === undefined ? Option.none() : Option.getSuccess(Base64Url.decode(text))

const parseKey = (text: string): Option.Option<Uint8Array> => {
  const written = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(written) ? Hex.decode(written) : Base64.decode(written)
  return Option.filter(Option.getSuccess(bytes), ({ length }) => length === 32)
}
