import { Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { withClient } from "./Ask.ts"
import { instantFlag } from "./InstantFlag.ts"
import { backfill, migrate, pause, remove, resume, trigger, update } from "./ScheduleChangeCommands.ts"

const id = Argument.String("schedule").pipe(Argument.withDescription("Its id, as glider schedule list shows it"))

const list = Command.make(
  "list",
  {
    enabledOnly: Flag.Boolean("enabled-only").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Leave out what is switched off")
    ),
    state: Flag.Literals("state", ["active", "paused", "disabled", "overridden"]).pipe(
      Flag.optional,
      Flag.withDescription("Those that run, are paused, are switched off, or differ from the config")
    ),
    workflow: Flag.String("workflow").pipe(Flag.optional, Flag.withDescription("Those of one workflow or sync")),
    text: Flag.String("text").pipe(Flag.optional, Flag.withDescription("A part of the id")),
    limit: Flag.Int("limit").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
      Flag.withDefault(100),
      Flag.withDescription("How many at most, 1 to 500")
    ),
    after: Flag.String("after").pipe(Flag.optional, Flag.withDescription("The next page, as the one before has told"))
  },
  ({ after, enabledOnly, limit, state, text, workflow }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showSchedules } = yield* Effect.promise(() => import("./ShowSchedules.ts"))
      yield* showSchedules(
        yield* client.schedules.list({
          query: {
            limit,
            ...enabledOnly ? { enabled_only: "true" as const } : {},
            ...Option.isSome(state) ? { state: state.value } : {},
            ...Option.isSome(workflow) ? { workflow: workflow.value } : {},
            ...Option.isSome(text) ? { text: text.value } : {},
            ...Option.isSome(after) ? { after: after.value } : {}
          }
        })
      )
    }))
).pipe(
  Command.withDescription("What runs by itself, and when"),
  Command.withExamples([
    { command: "glider schedule list --enabled-only --output json | jq .total", description: "How many run" },
    { command: "glider schedule list --state overridden", description: "What a reload of the config would undo" }
  ])
)

const get = Command.make("get", { id }, ({ id }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showSchedule } = yield* Effect.promise(() => import("./ShowSchedules.ts"))
    yield* showSchedule(yield* client.schedules.get({ params: { id } }))
  }))).pipe(Command.withDescription("A schedule: what the config says beside what is in force, and where it stands"))

const explain = Command.make(
  "explain",
  {
    id,
    from: instantFlag("from", "The first instant; a day ago without it"),
    to: instantFlag("to", "The last one; a day from now without it", "ahead")
  },
  ({ from, id, to }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showTicks } = yield* Effect.promise(() => import("./ShowSchedules.ts"))
      const { timezone } = yield* client.schedules.get({ params: { id } })
      const ticks = yield* client.schedules.ticks({
        params: { id },
        query: {
          ...Option.isSome(from) ? { from: from.value } : {},
          ...Option.isSome(to) ? { to: to.value } : {}
        }
      })
      yield* showTicks(ticks, timezone)
    }))
).pipe(
  Command.withDescription("What became of its ticks, and which are to come; with what jitter and changes of clocks do"),
  Command.withExamples([
    { command: "glider schedule explain nightly --from 7d", description: "The last week and the next day" }
  ])
)

const plan = Command.make("plan", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showPlan } = yield* Effect.promise(() => import("./ShowSchedules.ts"))
    yield* showPlan(yield* client.schedules.plan())
  }))).pipe(Command.withDescription("What a reload of the config would change"))

/** `glider schedule`. */
export const schedule = Command.make("schedule").pipe(
  Command.withDescription(
    "What runs by itself: look at it, pause it, change it until the next reload, repeat the past"
  ),
  Command.withSubcommands([
    list,
    get,
    explain,
    pause,
    resume,
    update,
    trigger,
    backfill,
    remove,
    plan,
    migrate
  ])
)
