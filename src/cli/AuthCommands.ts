import { Console, Effect, Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { ConnectionName } from "../domain/Connection.ts"
import { Provider, providerTitle } from "../domain/Provider.ts"
import { withClient } from "./Ask.ts"
import { print, say } from "./Print.ts"

const noBrowser = Flag.Boolean("no-browser").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Print the address to open anywhere, and read what the browser was sent to from standard input")
)

const connection = Flag.String("connection").pipe(
  Flag.withSchema(ConnectionName),
  Flag.optional,
  Flag.withDescription("A further account of the provider, by the name that it has or is to have")
)

const connectAccount = (provider: Provider) =>
  Command.make(
    provider,
    { noBrowser, connection },
    ({ connection: name, noBrowser }) =>
      withClient(Effect.fnUntraced(function*(client) {
        const { byBrowser, byPaste } = yield* Effect.promise(() => import("./SignIn.ts"))
        const connection = yield* (noBrowser ? byPaste(client, provider, name) : byBrowser(client, provider, name))
        const { Connection } = yield* Effect.promise(() => import("../domain/Connection.ts"))
        const json = yield* Effect.orDie(Schema.encodeEffect(Connection)(connection))
        yield* print({
          json,
          text: `${providerTitle[provider]} is connected as ${connection.userId}${
            Option.match(name, {
              onNone: () => "",
              onSome: (name) => `, which is called ${name}`
            })
          }`
        })
        yield* say(
          Option.match(name, {
            onNone: () => `Next: glider sync ${syncOf[provider]}`,
            onSome: (name) => `Next: glider connections sync ${name}`
          })
        )
      }))
  ).pipe(Command.withDescription(`Connect your ${providerTitle[provider]} account`))

const syncOf: { readonly [P in Provider]: string } = { google: "google_calendar", spotify: "spotify", oura: "oura" }

const status = Command.make("status", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const accounts = yield* client.connections.list()
    const { showAccounts } = yield* Effect.promise(() => import("./Show.ts"))
    yield* showAccounts(accounts)
  }))).pipe(Command.withDescription("How the accounts stand: scopes, expiry, last refresh"))

const revokeOf = (provider: Provider) =>
  Command.make(provider, { connection }, ({ connection: name }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { atProvider, connection } = yield* client.connections.revoke({
        params: { provider },
        query: Option.match(name, { onNone: () => ({}), onSome: (connection) => ({ connection }) })
      })
      const title = providerTitle[provider]
      yield* print({
        json: { provider, userId: connection.userId, atProvider },
        text: atProvider
          ? `${title} has revoked the access, and the tokens are forgotten; the records stay`
          : `the tokens for ${title} are forgotten; the records stay`
      })
      if (!atProvider) {
        yield* Console.error(`To end the access at ${title} itself, remove the app in your account there.`)
      }
    }))).pipe(Command.withDescription(`Disconnect your ${providerTitle[provider]} account; its records stay`))

const revoke = Command.make("revoke").pipe(
  Command.withDescription("Disconnect an account; its records stay"),
  Command.withSubcommands(Provider.literals.map(revokeOf))
)

/** `glider auth`. */
export const auth = Command.make("auth").pipe(
  Command.withDescription("Connect and disconnect your accounts"),
  Command.withSubcommands([...Provider.literals.map(connectAccount), status, revoke]),
  Command.withExamples([
    { command: "glider auth spotify", description: "Sign in with the browser of this machine" },
    { command: "glider auth google --connection work", description: "Connect a further account, and call it work" },
    { command: "glider auth google --no-browser", description: "Sign in over SSH" }
  ])
)
