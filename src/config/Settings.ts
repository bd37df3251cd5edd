import { Config, Context, Effect, FileSystem, Layer, Option, Redacted } from "effect"
import type { Provider } from "../domain/Provider.ts"
import * as Addresses from "./Addresses.ts"
import { ConfigFileError, Mistake, withoutSignIn, written } from "./Mistake.ts"

/** What a variable of the environment sets, and what holds without it. */
interface Variable {
  readonly what: string
  /** Empty: nothing, or what the config file says. */
  readonly fallback: string
  /** Never shown. Like all of `Secrets`, it may stand in a file instead. */
  readonly secret: boolean
}

const plain = (what: string, fallback = ""): Variable => ({ what, fallback, secret: false })
const secret = (what: string): Variable => ({ what, fallback: "", secret: true })

/** Every variable of the environment that is a setting. Those without a fallback leave config.toml as it is. */
export const variables = {
  GLIDER_CONFIG_TOML: plain("The config file."),
  GLIDER_DATA_DIR: plain("The data folder."),
  GLIDER_SECRETS_DIR: plain("A folder of secret files."),
  GLIDER_KEY: secret("The key that encrypts tokens, in place of the file in the data folder."),
  GLIDER_TOKEN: secret("What the command line shows to the Glider at --server-url."),
  SURREALDB_URL: plain("The store, in place of [store] url."),
  SURREALDB_NAMESPACE: plain("SurrealDB's namespace, in place of [store] namespace."),
  SURREALDB_DATABASE: plain("SurrealDB's database, in place of [store] database."),
  SURREALDB_USER: secret("Who signs in to a remote store."),
  SURREALDB_PASS: secret("The password for a remote store."),
  GLIDER_EARLIER_USER: secret("Who signs in to the store that glider db import-earlier reads; root without it."),
  GLIDER_EARLIER_PASS: secret("The password for it; root without it."),
  GOOGLE_REDIRECT_URI: plain("In place of [provider.google] redirect_uri."),
  SPOTIFY_REDIRECT_URI: plain("In place of [provider.spotify] redirect_uri."),
  OURA_REDIRECT_URI: plain("In place of [provider.oura] redirect_uri."),
  GOOGLE_CLIENT_ID: secret("The OAuth client registered with Google."),
  GOOGLE_CLIENT_SECRET: secret("Its secret."),
  SPOTIFY_CLIENT_ID: secret("The OAuth client registered with Spotify."),
  SPOTIFY_CLIENT_SECRET: secret("Its secret."),
  OURA_CLIENT_ID: secret("The OAuth client registered with Oura."),
  OURA_CLIENT_SECRET: secret("Its secret."),
  GLIDER_AI_API_KEY: secret("The key for the language model of [ai]."),
  LOGFIRE_TOKEN: secret("Sends traces to Logfire when set."),
  LOGFIRE_SERVICE_NAME: plain("The service's name in traces.", "glider"),
  LOGFIRE_ENVIRONMENT: plain("The deployment's name in traces.", "development"),
  LOGFIRE_CONSOLE_ENABLED: plain("Whether the log is also written to the console.", "true")
} as const satisfies { readonly [name: string]: Variable }

/** The name of a setting in the environment. */
export type VariableName = keyof typeof variables

/** Who signs in to a remote store. */
export interface StoreCredentials {
  readonly username: string
  readonly password: Redacted.Redacted<string>
}

/** What the environment says; it goes before config.toml. */
export class Settings extends Context.Service<Settings, {
  /** In place of `[store]`. */
  readonly store: {
    readonly url: Option.Option<string>
    readonly namespace: Option.Option<string>
    readonly database: Option.Option<string>
  }
  /** For a remote store; there is no default user. */
  readonly credentials: Option.Option<StoreCredentials>
  /** In place of `[provider.*] redirect_uri`. */
  readonly redirectUris: { readonly [P in Provider]: Option.Option<string> }
  readonly telemetry: {
    readonly serviceName: string
    readonly environment: string
    readonly console: boolean
    readonly logfireToken: Option.Option<Redacted.Redacted<string>>
  }
}>()("glider/config/Settings") {
  static readonly layer = Layer.effect(Settings, Effect.suspend(() => readSettings))
}

/** Reads the environment through the ConfigProvider in force; every mistake in it is reported at once. */
export const readSettings: Effect.Effect<Settings["Service"], ConfigFileError, FileSystem.FileSystem> = Effect.gen(
  function*() {
    const mistakes: Array<Mistake> = []
    const collect = <A, R>(reading: Effect.Effect<Option.Option<A>, Mistake, R>) =>
      Effect.catch(reading, (mistake) => {
        mistakes.push(mistake)
        return Effect.succeedNone
      })
    const text = (name: VariableName, expectation?: (value: string) => string | undefined) =>
      collect(Effect.flatMap(variable(name), (value) => {
        const expected = Option.flatMapNullishOr(value, (given) => expectation?.(given))
        return Option.match(expected, {
          onNone: () => Effect.succeed(value),
          onSome: (what) =>
            Effect.fail(mistaken(name, `expected ${what}, got ${written(Option.getOrElse(value, () => ""))}`))
        })
      }))

    const store = {
      url: yield* text("SURREALDB_URL", Addresses.storeAddress),
      namespace: yield* text("SURREALDB_NAMESPACE"),
      database: yield* text("SURREALDB_DATABASE")
    }
    const username = yield* collect(secretVariable("SURREALDB_USER"))
    const password = yield* collect(secretVariable("SURREALDB_PASS"))
    if (Option.isSome(username) !== Option.isSome(password) && mistakes.length === 0) {
      const missing = Option.isSome(username) ? "SURREALDB_PASS" : "SURREALDB_USER"
      mistakes.push(mistaken(missing, "Missing: SURREALDB_USER and SURREALDB_PASS are set together"))
    }
    const redirectUris = {
      google: yield* text("GOOGLE_REDIRECT_URI", Addresses.redirectAddress),
      spotify: yield* text("SPOTIFY_REDIRECT_URI", Addresses.spotifyRedirectAddress),
      oura: yield* text("OURA_REDIRECT_URI", Addresses.redirectAddress)
    }
    const telemetry = {
      serviceName: orFallback("LOGFIRE_SERVICE_NAME", yield* text("LOGFIRE_SERVICE_NAME")),
      environment: orFallback("LOGFIRE_ENVIRONMENT", yield* text("LOGFIRE_ENVIRONMENT")),
      console: /^(true|1|yes|on)$/i.test(
        orFallback("LOGFIRE_CONSOLE_ENABLED", yield* text("LOGFIRE_CONSOLE_ENABLED", switchWord))
      ),
      logfireToken: yield* collect(secretVariable("LOGFIRE_TOKEN"))
    }
    if (mistakes.length > 0) return yield* new ConfigFileError({ path: "environment", mistakes })
    const credentials = Option.map(
      Option.all({ username, password }),
      ({ password, username }): StoreCredentials => ({ username: Redacted.value(username), password })
    )
    return { store, credentials, redirectUris, telemetry }
  }
)

/** What the command line shows to a Glider elsewhere. */
export const serverToken = Effect.mapError(
  Effect.suspend(() => secretVariable("GLIDER_TOKEN")),
  (mistake) => new ConfigFileError({ path: "environment", mistakes: [mistake] })
)

/** Who signs in to the store of the earlier Glider, whose own default was root, root. */
export const earlierCredentials: Effect.Effect<StoreCredentials, ConfigFileError, FileSystem.FileSystem> = Effect
  .suspend(() => Effect.all([secretVariable("GLIDER_EARLIER_USER"), secretVariable("GLIDER_EARLIER_PASS")])).pipe(
    Effect.map(([username, password]) => ({
      username: Option.match(username, { onNone: () => "root", onSome: Redacted.value }),
      password: Option.getOrElse(password, () => Redacted.make("root"))
    })),
    Effect.mapError((mistake) => new ConfigFileError({ path: "environment", mistakes: [mistake] }))
  )

const orFallback = (name: VariableName, value: Option.Option<string>): string =>
  Option.getOrElse(value, () => variables[name].fallback)

const switchWord = (text: string): string | undefined =>
  /^(true|1|yes|on|false|0|no|off)$/i.test(text) ? undefined : "true or false"

const mistaken = (key: string, message: string): Mistake =>
  new Mistake({ source: "environment", position: Option.none(), key, message })

/** A variable of the environment; an empty one counts as absent. */
const variable = (name: string): Effect.Effect<Option.Option<string>, Mistake> =>
  Config.option(Config.String(name)).pipe(
    Effect.map(Option.filter((value) => value !== "")),
    Effect.mapError(({ message }) => mistaken(name, message))
  )

/**
 * A secret, from where `Secrets` finds them too: `NAME`, the file that `NAME_FILE` names, `name` in
 * `$CREDENTIALS_DIRECTORY` or in `$GLIDER_SECRETS_DIR`. The last line break of a file does not count.
 */
const secretVariable = Effect.fnUntraced(function*(name: string) {
  const value = yield* variable(name)
  const named = yield* variable(`${name}_FILE`)
  if (Option.isSome(value) && Option.isSome(named)) {
    return yield* Effect.fail(mistaken(name, `set ${name} or ${name}_FILE, not both`))
  }
  const file = Option.isSome(value) || Option.isSome(named) ? named : yield* inFolders(name)
  if (Option.isNone(file)) return Option.map(value, (text) => Redacted.make(text, { label: name }))
  const fs = yield* FileSystem.FileSystem
  const source = Option.isSome(named) ? `${name}_FILE` : name
  const content = yield* Effect.mapError(
    fs.readFileString(file.value),
    ({ reason }) => mistaken(source, `${file.value} cannot be read: ${reason._tag}`)
  )
  const text = content.replace(/\r?\n$/, "")
  if (text === "") return yield* Effect.fail(mistaken(source, `${file.value} is empty`))
  return Option.some(Redacted.make(text, { label: name }))
})

/** The file of that secret in one of the folders that hold secrets. */
const inFolders = Effect.fnUntraced(function*(name: string) {
  const fs = yield* FileSystem.FileSystem
  for (const setting of ["CREDENTIALS_DIRECTORY", "GLIDER_SECRETS_DIR"]) {
    const folder = yield* variable(setting)
    if (Option.isNone(folder)) continue
    const file = `${folder.value}/${name.toLowerCase().replaceAll("_", "-")}`
    const there = yield* Effect.mapError(
      fs.exists(file),
      ({ reason }) => mistaken(name, `${file} cannot be read: ${reason._tag}`)
    )
    if (there) return Option.some(file)
  }
  return Option.none<string>()
})

/** The settings that are set, as they may be shown: a secret is `<redacted>`, wherever it stands. */
export const shownEnvironment: Effect.Effect<
  { readonly [name: string]: string },
  ConfigFileError,
  FileSystem.FileSystem
> = Effect.forEach(
  Object.entries<Variable>(variables),
  Effect.fnUntraced(function*([name, { secret }]) {
    const shown = secret
      ? Option.map(yield* secretVariable(name), () => "<redacted>")
      : Option.map(yield* variable(name), withoutSignIn)
    return Option.toArray(shown).map((text) => [name, text] as const)
  })
).pipe(
  Effect.map((entries) => Object.fromEntries(entries.flat())),
  Effect.mapError((mistake) => new ConfigFileError({ path: "environment", mistakes: [mistake] }))
)
