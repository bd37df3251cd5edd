import { Effect, Option, type Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { RunId } from "../domain/RunId.ts"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { jsonFlag } from "./JsonFlag.ts"
import { sayNext } from "./Next.ts"
import { print, table } from "./Print.ts"
import { show } from "./RunsCommands.ts"

const list = Command.make("list", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const workflows = yield* client.workflows.list()
    const fields = (input: Schema.Json): string =>
      typeof input === "object" && input !== null && "properties" in input && typeof input["properties"] === "object" &&
        input["properties"] !== null
        ? Object.keys(input["properties"]).join(", ")
        : ""
    yield* print({
      json: workflows.map(({ input, name }) => ({ name, input })),
      text: table(["WORKFLOW", "INPUT"], workflows.map(({ input, name }) => [name, fields(input)]))
    })
  }))).pipe(Command.withDescription("The workflows that can be started, with the fields of their input"))

const start = Command.make(
  "start",
  {
    name: Argument.String("workflow").pipe(Argument.withDescription("Its name")),
    input: jsonFlag("input", "The input as JSON"),
    id: Flag.String("id").pipe(
      Flag.withSchema(RunId),
      Flag.optional,
      Flag.withDescription("The id of the run, in place of the workflow's own; one that is there already is joined")
    )
  },
  ({ id, input, name }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { StartOptions } = yield* Effect.promise(() => import("../api/RunMessages.ts"))
      const started = yield* client.workflows.start({
        params: { name },
        payload: new StartOptions({
          ...(Option.isSome(input) ? { input: input.value } : {}),
          ...(Option.isSome(id) ? { id: id.value } : {})
        })
      }).pipe(
        // the name is a part of the invocation, as the names of syncs are
        Effect.catchTag("NotFound", ({ detail, fix }) =>
          Effect.fail(
            new CommandFailed({ message: detail, ...fix === undefined ? {} : { fix }, exitCode: exitCodes.usage })
          ))
      )
      yield* print({ json: { id: started.id }, text: started.id })
      yield* sayNext(client, started.id)
    }))
).pipe(
  Command.withDescription("Start a run of a workflow; its id is printed once the start is durable"),
  Command.withExamples([
    {
      command: "glider workflow start diagnostics --input '{\"key\":\"a\",\"pauseSeconds\":5}'",
      description: "Two steps with a durable timer between them"
    }
  ])
)

const signal = Command.make(
  "signal",
  {
    run: Argument.String("run").pipe(Argument.withDescription("The id of the run")),
    name: Argument.String("signal").pipe(Argument.withDescription("The name of the signal that it waits for")),
    value: jsonFlag("value", "What the signal brings, as JSON; null without it")
  },
  ({ name, run, value }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { SignalValue } = yield* Effect.promise(() => import("../api/RunMessages.ts"))
      const { status } = yield* client.runs.signal({
        params: { id: run, signal: name },
        payload: new SignalValue(Option.match(value, { onNone: () => ({}), onSome: (value) => ({ value }) }))
      })
      yield* print({ json: { id: run, status }, text: `${run} has the signal ${name}` })
    }))
).pipe(
  Command.withDescription("Send a run the signal that it waits for"),
  Command.withExamples([{ command: "glider workflow signal 4f0c… go --value '\"yes\"'", description: "A JSON string" }])
)

/** `glider workflow`. */
export const workflow = Command.make("workflow").pipe(
  Command.withDescription("Start workflows and talk to them"),
  Command.withSubcommands([list, start, show, signal])
)
