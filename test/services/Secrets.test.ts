import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer, Option, Path, Redacted } from "effect"
import { Secrets } from "../../src/services/Secrets.ts"

type Files = { readonly [path: string]: string }

/** The layer over an environment in which `@` stands for a folder with the files. */
const given = (env: Record<string, string>, files: Files = {}) =>
  Layer.unwrap(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-test-" })
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, name)
      yield* fs.makeDirectory(path.dirname(file), { recursive: true })
      yield* fs.writeFileString(file, text)
    }
    const placed = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace("@", folder)]))
    return Secrets.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: placed }))))
  })).pipe(Layer.provide(NodeServices.layer))

const found = Effect.gen(function*() {
  const secrets = yield* Secrets
  return Option.map(yield* secrets.find("GLIDER_KEY"), Redacted.value)
})

describe("services/Secrets", () => {
  it.effect("takes a variable before a file of a folder", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* found, Option.some("of the variable"))
    }).pipe(Effect.provide(
      given({ GLIDER_KEY: "of the variable", CREDENTIALS_DIRECTORY: "@" }, { "glider-key": "of systemd" })
    )))

  it.effect("trims one final newline of a file, and nothing else", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* found, Option.some(" two lines\n"))
    }).pipe(Effect.provide(given({ GLIDER_KEY_FILE: "@/secret" }, { secret: " two lines\n\n" }))))

  it.effect("takes systemd's credential before a file in GLIDER_SECRETS_DIR", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* found, Option.some("of systemd"))
    }).pipe(Effect.provide(given(
      { CREDENTIALS_DIRECTORY: "@/a", GLIDER_SECRETS_DIR: "@/b" },
      { "a/glider-key": "of systemd\n", "b/glider-key": "of the folder\n" }
    ))))

  it.effect("reads GLIDER_SECRETS_DIR when systemd has no such credential", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* found, Option.some("of the folder"))
    }).pipe(Effect.provide(given(
      { CREDENTIALS_DIRECTORY: "@/a", GLIDER_SECRETS_DIR: "@/b" },
      { "a/other": "x", "b/glider-key": "of the folder\r\n" }
    ))))

  it.effect("refuses a variable and its _FILE together, without telling either's content", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(found)
      assert.strictEqual(error.reason._tag, "SecretTwice")
      assert.include(error.message, "GLIDER_KEY and GLIDER_KEY_FILE are both set")
      assert.notInclude(error.message, "canary")
    }).pipe(Effect.provide(given({ GLIDER_KEY: "canary", GLIDER_KEY_FILE: "@/secret" }, { secret: "canary" }))))

  it.effect("names the file that is missing or empty", () =>
    Effect.gen(function*() {
      const secrets = yield* Secrets
      const gone = yield* Effect.flip(secrets.find("GLIDER_KEY"))
      assert.strictEqual(gone.reason._tag, "SecretUnreadable")
      assert.match(gone.message, /GLIDER_KEY: cannot read .*\/nowhere/)
      const empty = yield* Effect.flip(secrets.find("OURA_CLIENT_ID"))
      assert.match(empty.message, /OURA_CLIENT_ID: .*\/empty is empty/)
    }).pipe(Effect.provide(given({ GLIDER_KEY_FILE: "@/nowhere", OURA_CLIENT_ID_FILE: "@/empty" }, { empty: "\n" }))))

  it.effect("says which variable of a provider's app to set and where it comes from", () =>
    Effect.gen(function*() {
      const secrets = yield* Secrets
      for (const provider of ["google", "spotify", "oura"] as const) {
        const error = yield* Effect.flip(secrets.client(provider))
        const variable = `${provider.toUpperCase()}_CLIENT_ID`
        assert.strictEqual(error.variable, variable)
        assert.strictEqual(error.reason._tag, "SecretMissing")
        assert.include(error.message, `${variable}_FILE`)
        assert.include(error.message, `${provider}-client-id`)
        assert.include(error.message, `docs/providers/${provider}.md`)
      }
    }).pipe(Effect.provide(given({}))))

  it.effect("wants a secret of Google and Oura, and none of Spotify", () =>
    Effect.gen(function*() {
      const secrets = yield* Secrets
      assert.deepStrictEqual(yield* secrets.client("spotify"), { id: "s", secret: Option.none() })
      assert.strictEqual((yield* Effect.flip(secrets.client("google"))).variable, "GOOGLE_CLIENT_SECRET")
      assert.strictEqual((yield* Effect.flip(secrets.client("oura"))).variable, "OURA_CLIENT_SECRET")
    }).pipe(Effect.provide(given({ SPOTIFY_CLIENT_ID: "s", GOOGLE_CLIENT_ID: "g", OURA_CLIENT_ID: "o" }))))

  it.effect("keeps what it found redacted", () =>
    Effect.gen(function*() {
      const secrets = yield* Secrets
      const client = yield* secrets.client("google")
      assert.notInclude(String(Option.getOrThrow(client.secret)), "canary")
      assert.notInclude(JSON.stringify(client), "canary")
    }).pipe(Effect.provide(given({ GOOGLE_CLIENT_ID: "g", GOOGLE_CLIENT_SECRET: "canary" }))))
})
