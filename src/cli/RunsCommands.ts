import { Array as Arr, Console, DateTime, Effect, Option, Schema, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { withClient } from "./Ask.ts"
import type { Client } from "./Client.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { OutputFlag } from "./Flags.ts"
import { jsonFlag } from "./JsonFlag.ts"
import { sayNext } from "./Next.ts"
import { print } from "./Print.ts"

const id = Argument.String("run").pipe(Argument.withDescription("The id of the run"))

/** A filter for those who need no more than one: the same in the words of the query. */
const filter = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.map((value) => `${name} = ${JSON.stringify(value)}`),
    Flag.optional,
    Flag.withMetavar(name),
    Flag.withDescription(description)
  )

/** What all of the filters and the query ask for. */
const wordsOf = (
  query: Option.Option<string>,
  filters: ReadonlyArray<Option.Option<string>>
): Option.Option<string> => {
  const words = Arr.getSomes(filters)
  if (words.length === 0) return query
  const asked = Option.filter(query, (query) => query.trim() !== "")
  return Option.some([...words, ...Option.toArray(Option.map(asked, (query) => `(${query})`))].join(" and "))
}

/** Runs bear the whole id of their schedule; those of before there were whole ids, its name. */
const scheduleWords = (
  client: Client,
  name: string
): Effect.Effect<string, Effect.Error<ReturnType<Client["schedules"]["get"]>>> => {
  const given = `schedule = ${JSON.stringify(name)}`
  const asGiven = () => Effect.succeed(given)
  return client.schedules.get({ params: { id: name } }).pipe(
    Effect.map(({ id, schedule_id: whole }) =>
      `(schedule = ${JSON.stringify(whole)} or schedule = ${JSON.stringify(id)})`
    ),
    // it may be gone, and a token for runs need not know schedules
    Effect.catchTags({ NotFound: asGiven, InsufficientScope: asGiven })
  )
}

const list = Command.make(
  "list",
  {
    workflow: filter("workflow", "Runs of one workflow or sync"),
    status: filter("status", "Runs that are running, completed, partial, failed, cancelled, interrupted or needs_auth"),
    schedule: Flag.String("schedule").pipe(
      Flag.optional,
      Flag.withMetavar("schedule"),
      Flag.withDescription("Runs that a schedule started, as spotify")
    ),
    query: Flag.String("query").pipe(
      Flag.optional,
      Flag.withMetavar("words"),
      Flag.withDescription("Which runs: status = failed and started > -7d")
    ),
    limit: Flag.Int("limit").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
      Flag.withDefault(20),
      Flag.withDescription("How many at most, 1 to 500")
    ),
    after: Flag.Finite("after").pipe(Flag.optional, Flag.withDescription("The next page, as the one before has told"))
  },
  ({ after, limit, query: words, schedule, status, workflow }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const ofSchedule = Option.isSome(schedule)
        ? Option.some(yield* scheduleWords(client, schedule.value))
        : Option.none()
      const query = wordsOf(words, [workflow, status, ofSchedule])
      const { showRuns } = yield* Effect.promise(() => import("./ShowRuns.ts"))
      yield* showRuns(
        yield* client.runs.list({
          query: {
            limit,
            ...(Option.isSome(query) ? { query: query.value } : {}),
            ...(Option.isSome(after) ? { after: after.value } : {})
          }
        }),
        query
      )
    }))
).pipe(
  Command.withDescription("Runs, newest first"),
  Command.withExamples([
    { command: "glider runs list", description: "The newest runs" },
    { command: "glider runs list --schedule spotify --status failed", description: "Which of its ticks failed" },
    {
      command: "glider runs list --query 'workflow = spotify and status in (failed, partial) and started > -7d'",
      description: "What went wrong with Spotify this week"
    },
    { command: "glider runs list --query 'user_id = \"u1\" and state = waiting'", description: "By a search attribute" }
  ])
)

/** `glider runs show`, and `glider workflow show`. */
export const show = Command.make("show", { id }, ({ id }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showHistory } = yield* Effect.promise(() => import("./ShowRuns.ts"))
    yield* showHistory(yield* client.runs.history({ params: { id } }))
  }))).pipe(Command.withDescription("A run and its history: steps, tries, durations, waits"))

const cancel = Command.make(
  "cancel",
  {
    id,
    now: Flag.Boolean("now").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Interrupt the activity under way instead of waiting for its end")
    )
  },
  ({ id, now }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { CancelOptions } = yield* Effect.promise(() => import("../api/RunMessages.ts"))
      const run = yield* client.runs.cancel({ params: { id }, payload: new CancelOptions({ now }) })
      const over = Option.isSome(run.finishedAt)
      yield* print({
        json: { id, status: run.status, over },
        text: over ? `${id} is ${run.status}` : `${id} is being cancelled`
      })
      if (!over) yield* sayNext(client, id)
    }))
).pipe(Command.withDescription("End a run; what it did is compensated"))

const retry = Command.make(
  "retry",
  { id, input: jsonFlag("input", "Another input than the run had") },
  ({ id, input }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { RetryOptions } = yield* Effect.promise(() => import("../api/RunMessages.ts"))
      const started = yield* client.runs.retry({
        params: { id },
        payload: new RetryOptions(Option.match(input, { onNone: () => ({}), onSome: (input) => ({ input }) }))
      })
      yield* print({ json: { id: started.id }, text: started.id })
      yield* sayNext(client, started.id)
    }))
).pipe(
  Command.withDescription(
    "Repeat a run that is over, completed or not, as a new one linked to it: <run>~2; a parked one goes on"
  ),
  Command.withExamples([{
    command: "glider runs retry 4f0c… --input '{\"key\":\"b\"}'",
    description: "With another input"
  }])
)

const watch = Command.make("watch", { id }, ({ id }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { watchLine } = yield* Effect.promise(() => import("./ShowRuns.ts"))
    const { Run } = yield* Effect.promise(() => import("../domain/Run.ts"))
    const output = yield* OutputFlag
    const encode = Schema.encodeEffect(Schema.fromJsonString(Run))
    const states = yield* client.runs.watch({ params: { id } })
    const last = yield* states.pipe(
      Stream.tap(Effect.fnUntraced(function*(run) {
        yield* Console.log(
          output === "json" ? yield* Effect.orDie(encode(run)) : watchLine(run, yield* DateTime.now)
        )
      })),
      Stream.runLast
    )
    const status = Option.map(last, (run) => run.status)
    if (Option.contains(status, "completed")) return
    return yield* new CommandFailed({
      message: `the run is ${Option.getOrElse(status, () => "gone")}`,
      fix: `glider runs show ${id}`,
      exitCode: Option.contains(status, "needs_auth") ? exitCodes.signInNeeded : exitCodes.failed
    })
  }))).pipe(Command.withDescription("Follow a run to its end; ends as it does"))

/** `glider runs`. */
export const runs = Command.make("runs").pipe(
  Command.withDescription("Look at runs and steer them"),
  Command.withSubcommands([list, show, cancel, retry, watch])
)
