import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"

const shown = Effect.promise(() => import("./ShowAlerts.ts"))

const list = Command.make(
  "list",
  {
    all: Flag.Boolean("all").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Also those that are over")
    ),
    limit: Flag.Int("limit").pipe(Flag.withDefault(50), Flag.withDescription("How many, at most 500")),
    after: Flag.String("after").pipe(Flag.optional, Flag.withDescription("Where the page before has ended"))
  },
  ({ after, all, limit }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showAlerts } = yield* shown
      yield* showAlerts(
        yield* client.alerts.list({
          query: { state: all ? "all" : "open", limit, ...Option.isSome(after) ? { after: after.value } : {} }
        })
      )
    }))
).pipe(Command.withDescription("What somebody should look at, the newest first"))

const sinks = Command.make("sinks", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showSinks } = yield* shown
    yield* showSinks(yield* client.alerts.sinks())
  }))).pipe(Command.withDescription("Whom alerts are told, and what keeps them from it"))

const test = Command.make(
  "test",
  {
    sink: Argument.String("sink").pipe(
      Argument.optional,
      Argument.withDescription("Its name, as glider alerts sinks shows it; all without it")
    )
  },
  ({ sink }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const trials = yield* client.alerts.test({ payload: Option.isSome(sink) ? { sink: sink.value } : {} })
      const failed = trials.filter(({ sent }) => !sent)
      if (trials.length === 0 || failed.length > 0) {
        return yield* new CommandFailed({
          message: trials.length === 0
            ? "alerts are sent to nobody"
            : failed.map((one) => `${one.sink}: ${Option.getOrElse(one.error, () => "not taken")}`).join("\n"),
          fix: trials.length === 0
            ? "name a sink in [alerts]: docs/alerts.md"
            : "look at its address, and at its secret",
          exitCode: exitCodes.failed
        })
      }
      const { showTrials } = yield* shown
      yield* showTrials(trials)
    }))
).pipe(Command.withDescription("Send a message that says nothing is the matter, now and once"))

/** `glider alerts`. */
export const alerts = Command.make("alerts").pipe(
  Command.withDescription("What somebody should look at, and whom that is told"),
  Command.withSubcommands([list, sinks, test])
)
