import { Config, Context, Effect, Layer, Option, Stdio } from "effect"
import { TerminalCapabilities } from "effect/cli"

/** What the terminal can show; colours are `TerminalCapabilities`. */
export class Look extends Context.Service<Look, {
  /** Whether standard error is a terminal on which a line may be drawn again. */
  readonly animate: boolean
}>()("glider/cli/Terminal/Look") {}

const environment = Effect.orDie(Config.all({ // optional strings fail only with their provider
  noColor: Config.option(Config.String("NO_COLOR")),
  cliColorForce: Config.option(Config.String("CLICOLOR_FORCE")),
  forceColor: Config.option(Config.String("FORCE_COLOR")),
  term: Config.option(Config.String("TERM"))
}))

/**
 * `NO_COLOR` (not empty) and `TERM=dumb` turn colours off, `CLICOLOR_FORCE` and `FORCE_COLOR` (neither empty nor 0) turn
 * them on where there is no terminal. Nothing moves off a terminal, or on one that is dumb.
 */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const stdio = yield* Stdio.Stdio
  const { cliColorForce, forceColor, noColor, term } = yield* environment
  const is = (value: Option.Option<string>) => Option.exists(value, (text) => text !== "")
  const forced = [cliColorForce, forceColor].some((value) => is(value) && !Option.contains(value, "0"))
  const dumb = Option.contains(term, "dumb")
  const stdout = yield* stdio.stdoutIsTerminal
  const stderr = yield* stdio.stderrIsTerminal
  const stdin = yield* stdio.stdinIsTerminal
  const color = !is(noColor) && !dumb && (forced || stdout)
  return Layer.mergeAll(
    Layer.succeed(Look, { animate: stderr && !dumb }),
    Layer.succeed(TerminalCapabilities.TerminalCapabilities, {
      canColor: color,
      canAnimate: stdout && !dumb,
      canPrompt: stdin && stdout && !dumb
    })
  )
}))
