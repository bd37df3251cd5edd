/** `npm exec -- node test/live/SignIn.ts <provider>`: a sign-in of its own for the live tests, kept in their file. */
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Exit, Schema } from "effect"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { listen } from "../../src/accounts/Callback.ts"
import { Provider } from "../../src/domain/Provider.ts"
import { liveWorld, save } from "./LiveWorld.ts"

const signIn = Effect.gen(function*() {
  const file = yield* Config.NonEmptyString("GLIDER_LIVE_TOKENS_FILE")
  const provider = yield* Schema.decodeUnknownEffect(Provider)(globalThis.process.argv[2])
  const accounts = yield* Accounts
  const { authorizeUrl, redirectUri, state } = yield* accounts.begin(provider)
  const arrived = yield* listen({ provider, redirectUri, state })
  yield* Console.log(`Open this address in a browser of this machine:\n\n${authorizeUrl}\n`)
  yield* accounts.complete({ provider, state, redirected: yield* arrived })
  yield* save(file, provider)
  yield* Console.log(`The refresh token of ${provider} is kept in ${file}.`)
})

NodeRuntime.runMain(signIn.pipe(Effect.scoped, Effect.provide(liveWorld)), {
  // a store that was open keeps the process alive
  teardown: (exit) => globalThis.process.exit(Exit.isSuccess(exit) ? 0 : 1)
})
