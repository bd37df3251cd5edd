/** The command line within this process, against a Glider that serves. */
import { NodeServices } from "@effect/platform-node"
import { ConfigProvider, Console, Effect, Layer, Option, Redacted } from "effect"
import { Command, TerminalCapabilities } from "effect/cli"
import { TestConsole } from "effect/testing"
import { ApiToken } from "../../src/api/Caller.ts"
import { codeOf } from "../../src/cli/Ending.ts"
import { explain } from "../../src/cli/Failure.ts"
import { glider } from "../../src/cli/Glider.ts"
import * as Presenter from "../../src/cli/Presenter.ts"
import * as Terminal from "../../src/cli/Terminal.ts"
import { CurrentConfig } from "../../src/Config.ts"

/** A command with an environment, without a terminal. */
export const command = Effect.fnUntraced(function*(
  words: ReadonlyArray<string>,
  environment: { readonly [name: string]: string }
) {
  const surroundings = Layer.mergeAll(
    Layer.fresh(TestConsole.layer),
    Presenter.layer,
    Layer.succeed(TerminalCapabilities.TerminalCapabilities, { canColor: false, canAnimate: false, canPrompt: false })
  ).pipe(
    Layer.provideMerge(Terminal.layer),
    Layer.provideMerge(ConfigProvider.layer(ConfigProvider.fromUnknown(environment))),
    Layer.provideMerge(NodeServices.layer)
  )
  return yield* Effect.gen(function*() {
    const exit = yield* Effect.exit(
      Effect.tapError(Command.runWith(glider, { version: "1.2.3" })(words), (error) => {
        const { fix, message } = explain(error)
        return Console.error([message, ...Option.toArray(fix)].join("\n"))
      })
    )
    return {
      code: codeOf(exit, { drains: false, signal: undefined }),
      out: (yield* TestConsole.logLines).join("\n"),
      err: (yield* TestConsole.errorLines).join("\n")
    }
  }).pipe(Effect.provide(surroundings))
})

/** A command as a person gives it who is on another machine. */
export const invoke = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const { server: { port } } = yield* CurrentConfig
  const token = yield* ApiToken
  return yield* command(
    [...args, "--server-url", `http://127.0.0.1:${port}`, "--timeout", "30s"],
    { HOME: "/nowhere", GLIDER_TOKEN: Redacted.value(token) }
  )
})
