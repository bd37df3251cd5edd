import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer, Redacted, Schema } from "effect"
import { Secrets } from "../../src/services/Secrets.ts"
import { type Place, TokenCipher } from "../../src/services/TokenCipher.ts"

const place: Place = { table: "connection", record: "oura:me", field: "access_token", version: 3 }
const secret = Redacted.make("a token")

const cipher = (folder: string, env: Record<string, string> = {}) =>
  TokenCipher.layer(folder).pipe(
    Layer.provide(Secrets.layer),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
  )

/** A cipher of its own, as a process has one. */
const withCipher = <A, E>(
  folder: string,
  use: (cipher: TokenCipher["Service"]) => Effect.Effect<A, E>,
  env: Record<string, string> = {}
) => Effect.provide(Effect.flatMap(TokenCipher, use), cipher(folder, env))

const temporary = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  return `${yield* fs.makeTempDirectoryScoped({ prefix: "glider-test-" })}/data`
})

describe("services/TokenCipher", () => {
  it.effect.prop(
    "opens in its place what it has closed, whatever the text",
    { text: Schema.String, record: Schema.String, field: Schema.String, version: Schema.Int },
    ({ field, record, text, version }) =>
      Effect.gen(function*() {
        const where = { table: "connection", record, field, version }
        const opened = yield* withCipher("unused", (cipher) =>
          Effect.flatMap(cipher.encrypt(where, Redacted.make(text)), (closed) =>
            cipher.decrypt(where, closed)), {
          GLIDER_KEY: "00".repeat(32)
        })
        assert.strictEqual(Redacted.value(opened), text.toWellFormed())
      }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("makes the key file at the first use: 32 random bytes, for the owner alone", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporary
      yield* withCipher(folder, (cipher) => cipher.encrypt(place, secret))
      assert.strictEqual((yield* fs.stat(`${folder}/key`)).mode & 0o777, 0o600)
      assert.strictEqual((yield* fs.stat(folder)).mode & 0o777, 0o700)
      assert.match(yield* fs.readFileString(`${folder}/key`), /^[A-Za-z0-9+/]{43}=\n$/)
      assert.deepStrictEqual(yield* fs.readDirectory(folder), ["key"])
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("agrees on one key when ten processes make it at once", () =>
    Effect.gen(function*() {
      const folder = yield* temporary
      const closed = yield* Effect.forEach(
        Array.from({ length: 10 }),
        () => withCipher(folder, (cipher) => cipher.encrypt(place, secret)),
        { concurrency: "unbounded" }
      )
      for (const text of closed) {
        const opened = yield* withCipher(folder, (cipher) => cipher.decrypt(place, text))
        assert.strictEqual(Redacted.value(opened), "a token")
      }
      assert.strictEqual(new Set(closed).size, 10) // a nonce each
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("refuses a key file that others may read, with the command that mends it", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporary
      const closed = yield* withCipher(folder, (cipher) => cipher.encrypt(place, secret))
      for (const mode of [0o640, 0o604, 0o620, 0o666, 0o601]) {
        yield* fs.chmod(`${folder}/key`, mode)
        const error = yield* Effect.flip(withCipher(folder, (cipher) => cipher.decrypt(place, closed)))
        assert.strictEqual(error.reason._tag, "KeyExposed")
        assert.include(error.message, `chmod 600 '${folder}/key'`)
      }
      yield* fs.chmod(`${folder}/key`, 0o400)
      yield* withCipher(folder, (cipher) => cipher.decrypt(place, closed))
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("says that the key is another one, and never makes a new one to decrypt with", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporary
      const closed = yield* withCipher(folder, (cipher) => cipher.encrypt(place, secret))
      const other = yield* Effect.flip(
        withCipher(folder, (cipher) => cipher.decrypt(place, closed), { GLIDER_KEY: "11".repeat(32) })
      )
      assert.strictEqual(other.reason._tag, "WrongKey")
      yield* fs.remove(`${folder}/key`)
      const gone = yield* Effect.flip(withCipher(folder, (cipher) => cipher.decrypt(place, closed)))
      assert.strictEqual(gone.reason._tag, "KeyUnavailable")
      assert.isFalse(yield* fs.exists(`${folder}/key`))
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("takes a key as base64 or hexadecimal and nothing shorter or longer", () =>
    Effect.gen(function*() {
      const closed = yield* withCipher("unused", (cipher) => cipher.encrypt(place, secret), {
        GLIDER_KEY: "ab".repeat(32)
      })
      const base64 = Buffer.from("ab".repeat(32), "hex").toString("base64")
      const opened = yield* withCipher("unused", (cipher) => cipher.decrypt(place, closed), { GLIDER_KEY: base64 })
      assert.strictEqual(Redacted.value(opened), "a token")
      for (const key of ["canary", "ab".repeat(31), "ab".repeat(33), `${base64}${base64}`]) {
        const error = yield* Effect.flip(
          withCipher("unused", (cipher) => cipher.encrypt(place, secret), { GLIDER_KEY: key })
        )
        assert.strictEqual(error.reason._tag, "KeyMalformed")
        assert.notInclude(error.message, key)
      }
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("refuses a ciphertext in any other place than its own", () =>
    withCipher("unused", (cipher) =>
      Effect.gen(function*() {
        const places = [
          place,
          { ...place, table: "connections" },
          { ...place, record: "oura:you" },
          { ...place, field: "refresh_token" },
          { ...place, version: 2 },
          { ...place, record: "oura:me3", version: 0 },
          { ...place, record: "", field: "oura:meaccess_token" }
        ]
        const closed = yield* Effect.forEach(places, (place) => cipher.encrypt(place, secret))
        for (const [from, text] of closed.entries()) {
          for (const [to, where] of places.entries()) {
            const result = yield* Effect.result(cipher.decrypt(where, text))
            assert.strictEqual(result._tag, from === to ? "Success" : "Failure", `from ${from} to ${to}`)
            if (result._tag === "Failure") assert.strictEqual(result.failure.reason._tag, "Tampered")
          }
        }
      }), { GLIDER_KEY: "22".repeat(32) }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("refuses every change of a single character", () =>
    withCipher("unused", (cipher) =>
      Effect.gen(function*() {
        const closed = yield* cipher.encrypt(place, secret)
        for (let at = 0; at < closed.length - 1; at++) {
          const changed = `${closed.slice(0, at)}${closed[at] === "A" ? "B" : "A"}${closed.slice(at + 1)}`
          const error = yield* Effect.flip(cipher.decrypt(place, changed))
          assert.include(["Tampered", "WrongKey"], error.reason._tag)
        }
        for (const text of ["", "v1", "a token", "v1...", closed.slice(0, -8)]) {
          assert.include(["Tampered", "WrongKey"], (yield* Effect.flip(cipher.decrypt(place, text))).reason._tag, text)
        }
      }), { GLIDER_KEY: "22".repeat(32) }).pipe(Effect.provide(NodeServices.layer)))
})
