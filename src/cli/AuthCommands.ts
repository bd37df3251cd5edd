import { Console, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Provider, providerTitle } from "../domain/Provider.ts"
import { withClient } from "./Ask.ts"
import { print, say } from "./Print.ts"

const noBrowser = Flag.Boolean("no-browser").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Print the address to open anywhere, and read what the browser was sent to from standard input")
)

const connectAccount = (provider: Provider) =>
  Command.make(provider, { noBrowser }, ({ noBrowser }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { byBrowser, byPaste } = yield* Effect.promise(() => import("./SignIn.ts"))
      const connection = yield* (noBrowser ? byPaste(client, provider) : byBrowser(client, provider))
      const { Connection } = yield* Effect.promise(() => import("../domain/Connection.ts"))
      const json = yield* Effect.orDie(Schema.encodeEffect(Connection)(connection))
      yield* print({ json, text: `${providerTitle[provider]} is connected as ${connection.userId}` })
      yield* say(`Next: glider sync ${syncOf[provider]}`)
    }))).pipe(Command.withDescription(`Connect your ${providerTitle[provider]} account`))

const syncOf: { readonly [P in Provider]: string } = { google: "google_calendar", spotify: "spotify", oura: "oura" }

const status = Command.make("status", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const accounts = yield* client.connections.list()
    const { showAccounts } = yield* Effect.promise(() => import("./Show.ts"))
    yield* showAccounts(accounts)
  }))).pipe(Command.withDescription("How the three accounts stand: scopes, expiry, last refresh"))

const revokeOf = (provider: Provider) =>
  Command.make(provider, {}, () =>
    withClient(Effect.fnUntraced(function*(client) {
      const { atProvider, connection } = yield* client.connections.revoke({ params: { provider } })
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
    { command: "glider auth google --no-browser", description: "Sign in over SSH" }
  ])
)
