import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { instantFlag } from "./InstantFlag.ts"
import { print, say } from "./Print.ts"

const connection = Argument.String("connection").pipe(
  Argument.withDescription("Its name; google, spotify or oura for the first account there; or its id")
)

const shown = Effect.promise(() => import("./ShowConnections.ts"))

const list = Command.make("list", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showConnections } = yield* shown
    yield* showConnections(yield* client.connectors.list())
  }))).pipe(Command.withDescription("The accounts that are connected, and how each is"))

const limit = Flag.Int("limit").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
  Flag.withDefault(20),
  Flag.withDescription("How many at most, 1 to 500")
)

const runs = Command.make(
  "runs",
  { connection, limit },
  ({ connection, limit }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showConnectorRuns } = yield* shown
      yield* showConnectorRuns(yield* client.connectors.runs({ params: { connection }, query: { limit } }))
    }))
).pipe(Command.withDescription("The syncs of an account, the newest first"))

const sync = Command.make("sync", { connection }, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { connection, job_id } = yield* client.connectors.sync({ params })
    yield* print({ json: { job_id, connection }, text: `${job_id} syncs ${connection}` })
    yield* say(`Next: glider jobs show ${job_id}`)
  }))).pipe(Command.withDescription("Sync an account now, also one that is left alone"))

const release = Command.make("release", { connection }, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { connection, released } = yield* client.connectors.release({ params })
    if (!released) {
      return yield* new CommandFailed({
        message: `${connection} is not quarantined`,
        fix: "glider connections list",
        exitCode: exitCodes.failed
      })
    }
    yield* print({ json: { connection, released }, text: `${connection} is synced again` })
  }))).pipe(Command.withDescription("Sync an account again that is left alone after many failures"))

const backfill = Command.make(
  "backfill",
  {
    connection,
    from: instantFlag("from", "Where the stretch begins; a year ago when absent"),
    to: instantFlag("to", "Where it ends; now when absent"),
    stream: Flag.String("stream").pipe(
      Flag.atLeast(0),
      Flag.withDescription(
        "A data type of Oura or a calendar of Google; again for several, none for all that is synced"
      )
    ),
    pause: Flag.Int("pause-seconds").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3600 }))),
      Flag.withDefault(1),
      Flag.withDescription("How long to rest between two weeks")
    ),
    again: Flag.Boolean("again").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Fetch once more what was fetched already")
    )
  },
  ({ again, connection, from, pause, stream, to }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { backfillOf } = yield* shown
      const { run_id, windows } = yield* client.connectors.backfill({
        params: { connection },
        payload: yield* backfillOf({ from, to, streams: stream, pause, again })
      })
      yield* print({
        json: { run_id, windows },
        text: `${run_id} fetches ${windows} ${windows === 1 ? "week" : "weeks"}`
      })
      yield* say(`Next: glider runs show ${run_id}`)
    }))
).pipe(
  Command.withDescription("Fetch what is long past of an account, as far as its provider still gives it"),
  Command.withExamples([
    {
      command: "glider connections backfill oura --from 2024-01-01",
      description: "All that the ring has measured since"
    },
    {
      command: "glider connections backfill work --from 2y --to 1y --stream primary",
      description: "A year of one calendar"
    }
  ])
)

/** `glider connections`. */
export const connections = Command.make("connections").pipe(
  Command.withDescription("The accounts as things that are synced: health, syncs, backfill"),
  Command.withSubcommands([list, runs, sync, backfill, release])
)
