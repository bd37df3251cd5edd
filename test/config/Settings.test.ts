import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { earlierCredentials, readSettings, shownEnvironment, variables } from "../../src/config/Settings.ts"
import { surroundings } from "./Surroundings.ts"

const read = (environment: { readonly [name: string]: string }, files: { readonly [path: string]: string } = {}) =>
  Effect.provide(readSettings, surroundings(files, environment))

const password = (settings: Effect.Success<typeof readSettings>) =>
  Option.map(settings.credentials, (credentials) => [credentials.username, Redacted.value(credentials.password)])

const signIn = { SURREALDB_USER: "glider" }

describe("Settings", () => {
  it("knows these variables and no other default than these", () => {
    const fallbacks = Object.entries(variables).map(([name, { fallback }]) => [name, fallback])
    assert.deepStrictEqual(fallbacks, [
      ["GLIDER_CONFIG_TOML", ""],
      ["GLIDER_DATA_DIR", ""],
      ["GLIDER_SECRETS_DIR", ""],
      ["GLIDER_KEY", ""],
      ["GLIDER_TOKEN", ""],
      ["SURREALDB_URL", ""],
      ["SURREALDB_NAMESPACE", ""],
      ["SURREALDB_DATABASE", ""],
      ["SURREALDB_USER", ""],
      ["SURREALDB_PASS", ""],
      ["GLIDER_EARLIER_USER", ""],
      ["GLIDER_EARLIER_PASS", ""],
      ["GOOGLE_REDIRECT_URI", ""],
      ["SPOTIFY_REDIRECT_URI", ""],
      ["OURA_REDIRECT_URI", ""],
      ["GOOGLE_CLIENT_ID", ""],
      ["GOOGLE_CLIENT_SECRET", ""],
      ["SPOTIFY_CLIENT_ID", ""],
      ["SPOTIFY_CLIENT_SECRET", ""],
      ["OURA_CLIENT_ID", ""],
      ["OURA_CLIENT_SECRET", ""],
      ["GLIDER_AI_API_KEY", ""],
      ["LOGFIRE_TOKEN", ""],
      ["LOGFIRE_SERVICE_NAME", "glider"],
      ["LOGFIRE_ENVIRONMENT", "development"],
      ["LOGFIRE_CONSOLE_ENABLED", "true"]
    ])
  })

  it.effect("leaves everything to the config file when nothing is set, or only to an empty text", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read({ SURREALDB_URL: "", LOGFIRE_TOKEN: "" }), {
        store: { url: Option.none(), namespace: Option.none(), database: Option.none() },
        credentials: Option.none(),
        redirectUris: { google: Option.none(), spotify: Option.none(), oura: Option.none() },
        telemetry: {
          serviceName: "glider",
          environment: "development",
          console: true,
          logfireToken: Option.none()
        }
      })
    }))

  it.effect("signs in to the earlier store as that one had it, or as is said", () =>
    Effect.gen(function*() {
      const as = Effect.fnUntraced(function*(
        environment: { readonly [name: string]: string },
        files: { readonly [path: string]: string } = {}
      ) {
        const { password, username } = yield* Effect.provide(earlierCredentials, surroundings(files, environment))
        return [username, Redacted.value(password)]
      })
      assert.deepStrictEqual(yield* as({}), ["root", "root"])
      assert.deepStrictEqual(yield* as({ GLIDER_EARLIER_PASS_FILE: "/pass" }, { "/pass": "hush\n" }), ["root", "hush"])
      assert.deepStrictEqual(yield* as({ GLIDER_EARLIER_USER: "me", GLIDER_EARLIER_PASS: "so" }), ["me", "so"])
      const empty = yield* Effect.flip(as({ GLIDER_EARLIER_PASS_FILE: "/pass" }, { "/pass": "" }))
      assert.strictEqual(empty.message, "environment GLIDER_EARLIER_PASS_FILE: /pass is empty")
    }))

  it.effect("takes every variable that is set", () =>
    Effect.gen(function*() {
      const settings = yield* read({
        ...signIn,
        SURREALDB_URL: "ws://db:8000",
        SURREALDB_NAMESPACE: "n",
        SURREALDB_DATABASE: "d",
        SURREALDB_PASS: "hush",
        GOOGLE_REDIRECT_URI: "http://127.0.0.1:1/a",
        SPOTIFY_REDIRECT_URI: "http://127.0.0.1:2/b",
        OURA_REDIRECT_URI: "http://localhost:3/c",
        LOGFIRE_SERVICE_NAME: "g",
        LOGFIRE_ENVIRONMENT: "production",
        LOGFIRE_CONSOLE_ENABLED: "False",
        LOGFIRE_TOKEN: "token"
      })
      assert.deepStrictEqual(settings.store, {
        url: Option.some("ws://db:8000"),
        namespace: Option.some("n"),
        database: Option.some("d")
      })
      assert.deepStrictEqual(password(settings), Option.some(["glider", "hush"]))
      assert.deepStrictEqual(settings.redirectUris, {
        google: Option.some("http://127.0.0.1:1/a"),
        spotify: Option.some("http://127.0.0.1:2/b"),
        oura: Option.some("http://localhost:3/c")
      })
      const { logfireToken, ...telemetry } = settings.telemetry
      assert.deepStrictEqual(telemetry, { serviceName: "g", environment: "production", console: false })
      assert.deepStrictEqual(Option.map(logfireToken, Redacted.value), Option.some("token"))
    }))

  it.effect("reads a secret from a file and drops one line break at its end", () =>
    Effect.gen(function*() {
      const files = { "/run/pass": "hush\n\n" }
      const settings = yield* read({ ...signIn, SURREALDB_PASS_FILE: "/run/pass" }, files)
      assert.deepStrictEqual(password(settings), Option.some(["glider", "hush\n"]))
    }))

  it.effect("finds secrets in systemd's folder before the folder of secrets", () =>
    Effect.gen(function*() {
      const files = {
        "/credentials/surrealdb-pass": "first",
        "/secrets/surrealdb-pass": "second",
        "/secrets/surrealdb-user": "me\n"
      }
      const environment = { CREDENTIALS_DIRECTORY: "/credentials", GLIDER_SECRETS_DIR: "/secrets" }
      assert.deepStrictEqual(password(yield* read(environment, files)), Option.some(["me", "first"]))
      const set = { ...environment, SURREALDB_PASS: "third" }
      assert.deepStrictEqual(password(yield* read(set, files)), Option.some(["me", "third"]))
    }))

  it.effect("reports every mistake at once and shows no secret", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(read({
        SURREALDB_URL: "http://root:hush@db",
        SURREALDB_PASS: "hush",
        SURREALDB_PASS_FILE: "/run/pass",
        GOOGLE_REDIRECT_URI: "https://example.com",
        LOGFIRE_CONSOLE_ENABLED: "maybe",
        LOGFIRE_TOKEN_FILE: "/run/absent"
      }))
      assert.deepStrictEqual(error.message.split("\n"), [
        "environment SURREALDB_URL: expected ws:// in place of http://: transactions need a WebSocket, " +
        "got \"http://<redacted>@db\"",
        "environment SURREALDB_PASS: set SURREALDB_PASS or SURREALDB_PASS_FILE, not both",
        "environment GOOGLE_REDIRECT_URI: expected a loopback address with a port such as " +
        "http://127.0.0.1:8090/callback, got \"https://example.com\"",
        "environment LOGFIRE_CONSOLE_ENABLED: expected true or false, got \"maybe\"",
        "environment LOGFIRE_TOKEN_FILE: /run/absent cannot be read: NotFound"
      ])
    }))

  it.effect("wants user and password together, and a file that holds something", () =>
    Effect.gen(function*() {
      const half = yield* Effect.flip(read(signIn))
      assert.strictEqual(
        half.message,
        "environment SURREALDB_PASS: Missing: SURREALDB_USER and SURREALDB_PASS are set together"
      )
      const empty = yield* Effect.flip(read({ ...signIn, SURREALDB_PASS_FILE: "/run/pass" }, { "/run/pass": "\n" }))
      assert.strictEqual(empty.message, "environment SURREALDB_PASS_FILE: /run/pass is empty")
    }))

  it.effect("shows what is set, and <redacted> for every secret", () =>
    Effect.gen(function*() {
      const shown = yield* Effect.provide(
        shownEnvironment,
        surroundings({ "/run/oura": "hush", "/run/secrets/logfire-token": "hush\n" }, {
          GLIDER_SECRETS_DIR: "/run/secrets",
          SURREALDB_URL: "ws://root:hush@db",
          SURREALDB_PASS: "hush",
          SPOTIFY_CLIENT_SECRET: "hush",
          OURA_CLIENT_SECRET_FILE: "/run/oura",
          PATH: "/bin"
        })
      )
      assert.deepStrictEqual(shown, {
        GLIDER_SECRETS_DIR: "/run/secrets",
        SURREALDB_URL: "ws://<redacted>@db",
        SURREALDB_PASS: "<redacted>",
        SPOTIFY_CLIENT_SECRET: "<redacted>",
        OURA_CLIENT_SECRET: "<redacted>",
        LOGFIRE_TOKEN: "<redacted>"
      })
    }))
})
