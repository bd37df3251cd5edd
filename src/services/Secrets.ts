import { Config, ConfigProvider, Context, Effect, FileSystem, Layer, Option, Path, Redacted, Schema } from "effect"
import type { Provider } from "../domain/Provider.ts"

/** Nothing holds the secret. */
export class SecretMissing extends Schema.TaggedError<SecretMissing>()("SecretMissing", { message: Schema.String }) {}

/** Two places of the same rank hold the secret, so which one is meant is anybody's guess. */
export class SecretTwice extends Schema.TaggedError<SecretTwice>()("SecretTwice", { message: Schema.String }) {}

/** The file that should hold the secret cannot be read, or is empty. */
export class SecretUnreadable extends Schema.TaggedError<SecretUnreadable>()("SecretUnreadable", {
  message: Schema.String
}) {}

/** A secret cannot be had; the message says which variable to set. */
export class SecretsError extends Schema.TaggedError<SecretsError>()("SecretsError", {
  /** The environment variable the secret is known by. */
  variable: Schema.String,
  reason: Schema.Union([SecretMissing, SecretTwice, SecretUnreadable])
}) {
  override get message(): string {
    return this.reason.message
  }
}

/** What a provider's developer console gives for an app. */
export interface OAuthClient {
  readonly id: string
  /** None for a public client, which only Spotify accepts. */
  readonly secret: Option.Option<Redacted.Redacted<string>>
}

/**
 * Secrets given from outside, each under the name of an environment variable. Looked for in this order: the variable, the
 * file that `<variable>_FILE` names, `$CREDENTIALS_DIRECTORY/<name>` (systemd), `$GLIDER_SECRETS_DIR/<name>`, where the
 * name is the variable in lower case with hyphens: `GOOGLE_CLIENT_ID` is `google-client-id`. One newline at the end of a
 * file is not part of the secret. Files are read at each call, so a corrected one needs no restart.
 */
export class Secrets extends Context.Service<Secrets, {
  /** The secret of that variable. */
  readonly find: (variable: string) => Effect.Effect<Option.Option<Redacted.Redacted<string>>, SecretsError>
  /** The OAuth client registered with the provider: `<PROVIDER>_CLIENT_ID` and `<PROVIDER>_CLIENT_SECRET`. */
  readonly client: (provider: Provider) => Effect.Effect<OAuthClient, SecretsError>
}>()("glider/services/Secrets") {
  static readonly layer = Layer.effect(
    Secrets,
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const provider = yield* ConfigProvider.ConfigProvider

      const setting = (name: string) => Config.option(Config.String(name)).parse(provider)

      const readFile = Effect.fnUntraced(function*(variable: string, file: string) {
        const text = yield* fs.readFileString(file).pipe(
          Effect.mapError(({ message }) => unreadable(variable, `${variable}: cannot read ${file}: ${message}`))
        )
        const secret = text.replace(/\r?\n$/, "")
        return secret === ""
          ? yield* unreadable(variable, `${variable}: ${file} is empty`)
          : Redacted.make(secret, { label: variable })
      })

      /** The file in a folder of secrets; a folder that is not given, or a file that is not there, is no mistake. */
      const inFolder = Effect.fnUntraced(function*(variable: string, folder: Option.Option<string>) {
        if (Option.isNone(folder)) return Option.none()
        const file = path.join(folder.value, fileName(variable))
        const there = yield* fs.exists(file).pipe(
          Effect.mapError(({ message }) => unreadable(variable, `${variable}: cannot read ${file}: ${message}`))
        )
        return there ? Option.some(yield* readFile(variable, file)) : Option.none()
      })

      const find = Effect.fn("Secrets.find")(function*(variable: string) {
        const names = Config.all({
          value: Config.option(Config.Redacted(variable)),
          file: Config.option(Config.String(`${variable}_FILE`))
        })
        const { file, value } = yield* names.parse(provider).pipe(
          Effect.mapError((error) => malformed(variable, error))
        )
        if (Option.isSome(value) && Option.isSome(file)) {
          return yield* new SecretsError({
            variable,
            reason: new SecretTwice({ message: `${variable} and ${variable}_FILE are both set; unset one of them` })
          })
        }
        if (Option.isSome(value)) return value
        if (Option.isSome(file)) return Option.some(yield* readFile(variable, file.value))
        const folders = yield* Effect.all([setting("CREDENTIALS_DIRECTORY"), setting("GLIDER_SECRETS_DIR")]).pipe(
          Effect.mapError((error) => malformed(variable, error))
        )
        for (const folder of folders) {
          const found = yield* inFolder(variable, folder)
          if (Option.isSome(found)) return found
        }
        return Option.none()
      })

      const client = Effect.fn("Secrets.client")(function*(provider: Provider) {
        const id = yield* find(variables(provider).id)
        const secret = yield* find(variables(provider).secret)
        if (Option.isNone(id)) return yield* missing(provider, variables(provider).id)
        if (Option.isNone(secret) && provider !== "spotify") return yield* missing(provider, variables(provider).secret)
        return { id: Redacted.value(id.value), secret }
      })

      return Secrets.of({ find, client })
    })
  )
}

/** The variables that hold a provider's OAuth client. */
export const variables = (provider: Provider): { readonly id: string; readonly secret: string } => ({
  id: `${provider.toUpperCase()}_CLIENT_ID`,
  secret: `${provider.toUpperCase()}_CLIENT_SECRET`
})

const fileName = (variable: string): string => variable.toLowerCase().replaceAll("_", "-")

const unreadable = (variable: string, message: string): SecretsError =>
  new SecretsError({ variable, reason: new SecretUnreadable({ message }) })

const malformed = (variable: string, error: Config.ConfigError): SecretsError =>
  unreadable(variable, `${variable}: the environment cannot be read: ${error.cause._tag}`)

const missing = (provider: Provider, variable: string): SecretsError =>
  new SecretsError({
    variable,
    reason: new SecretMissing({
      message:
        `${variable} is not set. Set it, or ${variable}_FILE, or give the systemd credential ${fileName(variable)}; ` +
        `where it comes from: docs/providers/${provider}.md`
    })
  })
