/** The person's part of a sign-in: a browser on this machine, or an address to open and an answer to paste. */
import { Console, Effect, Fiber, Option, Redacted, Stdio, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { listen } from "../accounts/Callback.ts"
import { BeginSignIn, SignInAnswer } from "../api/Messages.ts"
import type { ConnectionName } from "../domain/Connection.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { signInCommand } from "../services/OAuthAnswer.ts"
import { opener } from "./Browser.ts"
import type { Client } from "./Client.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { say } from "./Print.ts"

/** Opens the address in the browser, when there is one; the address is printed as well, so nothing hangs on it. */
const openBrowser = (address: string) =>
  ChildProcess.make(opener, [address], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore"
  }).pipe(Effect.flatMap(({ exitCode }) => exitCode), Effect.scoped, Effect.ignore)

const complete = Effect.fnUntraced(function*(
  client: Client,
  provider: Provider,
  state: Redacted.Redacted<string>,
  answer: string
) {
  return yield* client.connections.complete({
    params: { provider },
    payload: new SignInAnswer({ state, answer: Redacted.make(answer, { label: "answer" }) })
  })
})

/** What a further account is to be called. */
type Name = Option.Option<ConnectionName>

const begun = (client: Client, provider: Provider, name: Name) =>
  client.connections.begin({
    params: { provider },
    payload: Option.match(name, {
      onNone: () => undefined,
      onSome: (connection) => new BeginSignIn({ connection })
    })
  })

/** A browser that is signed in at the provider may offer another account than the one that is meant. */
const sayWhich = (provider: Provider, name: Name) =>
  Option.match(name, {
    onNone: () => Effect.void,
    onSome: (name) => say(`Choose the account at ${providerTitle[provider]} that is to be called ${name}.`)
  })

/** Waits on this machine for the browser to come back. */
export const byBrowser = Effect.fnUntraced(
  function*(client: Client, provider: Provider, name: Name) {
    const { authorizeUrl, redirectUri, state } = yield* begun(client, provider, name)
    const arrived = yield* listen({ provider, name, redirectUri, state: Redacted.value(state) })
    yield* say(
      `Opening your browser to connect ${providerTitle[provider]}. If it does not open, go to:\n\n  ${authorizeUrl}\n`
    )
    yield* sayWhich(provider, name)
    const browser = yield* Effect.forkChild(openBrowser(authorizeUrl))
    const answer = yield* arrived
    yield* Fiber.interrupt(browser)
    return yield* complete(client, provider, state, answer)
  },
  Effect.scoped
)

/** The first line of standard input. */
const firstLine = Effect.gen(function*() {
  const stdio = yield* Stdio.Stdio
  const lines = stdio.stdin.pipe(Stream.decodeText(), Stream.splitLines, Stream.filter((line) => line.trim() !== ""))
  return yield* Stream.runHead(lines)
})

/** For a machine without a browser: prints the address alone on a line, and reads the address the browser was sent to. */
export const byPaste = Effect.fnUntraced(function*(client: Client, provider: Provider, name: Name) {
  const { authorizeUrl, redirectUri, state } = yield* begun(client, provider, name)
  yield* sayWhich(provider, name)
  yield* say(`Open this address in any browser and agree:`)
  yield* Console.log(authorizeUrl)
  yield* say(
    `The browser then goes to ${redirectUri}…, where it may show an error. Paste that whole address (or the code in it) here:`
  )
  const answer = yield* firstLine
  if (answer._tag === "None") {
    return yield* new CommandFailed({
      message: "standard input ended before an address was pasted",
      fix: `${signInCommand(provider, name)} --no-browser`,
      exitCode: exitCodes.usage
    })
  }
  return yield* complete(client, provider, state, answer.value.trim())
})
