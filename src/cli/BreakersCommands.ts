import { DateTime, Effect, Option, Schema } from "effect"
import { Argument, Command } from "effect/cli"
import { withClient } from "./Ask.ts"
import { fromNow, orDash, print, table } from "./Print.ts"

const list = Command.make("list", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { BreakerState } = yield* Effect.promise(() => import("../api/BreakersGroup.ts"))
    const all = yield* client.breakers.list()
    const now = yield* DateTime.now
    const when = (at: Option.Option<DateTime.Utc>) => orDash(Option.map(at, (instant) => fromNow(now, instant)))
    yield* print({
      json: yield* Effect.orDie(Schema.encodeEffect(Schema.Array(BreakerState))(all)),
      text: table(
        ["NAME", "STATE", "FAILURES", "OPENED", "NEXT CALL"],
        all.map(({ failures, name, opened_at, retry_at, state }) => [
          name,
          state.replace("_", " "),
          String(failures),
          when(opened_at),
          when(retry_at)
        ])
      )
    })
  }))).pipe(Command.withDescription("What is left alone because it failed five times in a row, and until when"))

const reset = Command.make(
  "reset",
  { name: Argument.String("name").pipe(Argument.withDescription("Which, as glider breakers list shows it")) },
  ({ name }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { BreakerState } = yield* Effect.promise(() => import("../api/BreakersGroup.ts"))
      const now = yield* client.breakers.reset({ params: { name } })
      yield* print({ json: yield* Effect.orDie(Schema.encodeEffect(BreakerState)(now)), text: `${name} is closed` })
    }))
).pipe(Command.withDescription("Close a circuit breaker: calls are made again at once"))

/** `glider breakers`. */
export const breakers = Command.make("breakers").pipe(
  Command.withDescription("Circuit breakers of the providers and the language model"),
  Command.withSubcommands([list, reset])
)
