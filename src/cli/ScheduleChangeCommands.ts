import { DateTime, Effect, Option, Schema } from "effect"
import { Argument, Command, Flag, Prompt, TerminalCapabilities } from "effect/cli"
import type { ScheduleInfo } from "../api/ScheduleMessages.ts"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { OutputFlag } from "./Flags.ts"
import { durationFlag, instantFlag } from "./InstantFlag.ts"
import { sayNext } from "./Next.ts"
import { print, say } from "./Print.ts"

const id = Argument.String("schedule").pipe(Argument.withDescription("Its id, as glider schedule list shows it"))

const dryRun = Flag.Boolean("dry-run").pipe(Flag.withDefault(false), Flag.withDescription("Only say what it would do"))

const wrongUse = (message: string, fix: string) => new CommandFailed({ message, fix, exitCode: exitCodes.usage })

/** Tells how a schedule stands after its change. */
const tell = Effect.fnUntraced(function*(info: ScheduleInfo) {
  const { stateText } = yield* Effect.promise(() => import("./ShowSchedules.ts"))
  const { ScheduleInfo } = yield* Effect.promise(() => import("../api/ScheduleMessages.ts"))
  yield* print({
    json: yield* Effect.orDie(Schema.encodeEffect(ScheduleInfo)(info)),
    text: `${info.id}: ${info.description}, ${stateText(info, yield* DateTime.now)}`
  })
  if (info.is_override) {
    yield* say("It differs from the config, and reverts when that is reloaded; to keep it, change config.toml.")
  }
})

/** `glider schedule pause`. */
export const pause = Command.make(
  "pause",
  {
    id,
    note: Flag.String("note").pipe(Flag.optional, Flag.withDescription("Why, for whoever looks at it later")),
    until: instantFlag("until", "When it goes on by itself", "ahead"),
    length: durationFlag("for", "After which time it goes on by itself, such as 2h")
  },
  ({ id, length, note, until }) =>
    withClient(Effect.fnUntraced(function*(client) {
      if (Option.isSome(until) && Option.isSome(length)) {
        return yield* wrongUse("--until and --for exclude each other", "glider schedule pause --help")
      }
      const { PauseOptions } = yield* Effect.promise(() => import("../api/ScheduleMessages.ts"))
      const now = yield* DateTime.now
      const end = Option.orElse(until, () => Option.map(length, (milliseconds) => DateTime.add(now, { milliseconds })))
      const payload = yield* PauseOptions.makeEffect({
        ...Option.isSome(note) ? { note: note.value } : {},
        ...Option.isSome(end) ? { until: end.value } : {}
      }).pipe(
        Effect.mapError(() => wrongUse("--note takes at most 500 characters", "glider schedule pause --help"))
      )
      yield* tell(yield* client.schedules.pause({ params: { id }, headers: {}, payload }))
      if (Option.isNone(end)) yield* say(`Next: glider schedule resume ${id}`)
    }))
).pipe(Command.withDescription("Start none of its ticks for a while; what runs goes on"))

/** `glider schedule resume`. */
export const resume = Command.make("resume", { id }, ({ id }) =>
  withClient(Effect.fnUntraced(function*(client) {
    yield* tell(yield* client.schedules.resume({ params: { id }, headers: {} }))
  }))).pipe(Command.withDescription("End its pause"))

/** `glider schedule update`. */
export const update = Command.make(
  "update",
  {
    id,
    cron: Flag.String("cron").pipe(Flag.optional, Flag.withDescription("Another expression, such as '0 9 * * MON'")),
    enabled: Flag.Literals("enabled", ["true", "false"]).pipe(Flag.optional, Flag.withDescription("On or off"))
  },
  ({ cron, enabled, id }) =>
    withClient(Effect.fnUntraced(function*(client) {
      if (Option.isNone(cron) && Option.isNone(enabled)) {
        return yield* wrongUse("say what to change: --cron, --enabled or both", "glider schedule update --help")
      }
      const { ScheduleUpdate } = yield* Effect.promise(() => import("../api/ScheduleMessages.ts"))
      const payload = yield* ScheduleUpdate.makeEffect({
        ...Option.isSome(cron) ? { cron: cron.value } : {},
        ...Option.isSome(enabled) ? { enabled: enabled.value === "true" } : {}
      }).pipe(
        Effect.mapError(() => wrongUse("--cron takes 1 to 200 characters", "glider schedule update --help"))
      )
      yield* tell(yield* client.schedules.update({ params: { id }, headers: {}, payload }))
    }))
).pipe(
  Command.withDescription("Change it until the config is reloaded"),
  Command.withExamples([
    { command: "glider schedule update nightly --cron '30 3 * * *'", description: "Another time" },
    { command: "glider schedule update spotify --enabled false", description: "Switch it off" }
  ])
)

/** Whether a person means it; without a terminal nobody can be asked. */
const confirmed = Effect.fnUntraced(function*(id: string) {
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  if (!canPrompt) {
    return yield* wrongUse(
      `schedule ${id} is not deleted: there is no terminal to ask on`,
      `glider schedule delete ${id} --yes`
    )
  }
  return yield* Prompt.Confirm({ message: `Delete schedule ${id} until the config is reloaded?` }).pipe(
    Effect.catchTag("QuitError", () => Effect.succeed(false))
  )
})

/** `glider schedule delete`. */
export const remove = Command.make(
  "delete",
  { id, yes: Flag.Boolean("yes").pipe(Flag.withDefault(false), Flag.withDescription("Do not ask")) },
  ({ id, yes }) =>
    withClient(Effect.fnUntraced(function*(client) {
      // what is not there is said before anybody is asked
      const { id: known } = yield* client.schedules.get({ params: { id } })
      if (!yes && !(yield* confirmed(known))) {
        return yield* new CommandFailed({ message: `schedule ${known} is not deleted`, exitCode: exitCodes.failed })
      }
      yield* client.schedules.delete({ params: { id: known }, headers: {} })
      yield* print({ json: { id: known, deleted: true }, text: `${known} is deleted; its runs go on` })
      yield* say("It comes back when the config is reloaded; to be rid of it, take it out of config.toml.")
    }))
).pipe(Command.withDescription("Take it away until the config is reloaded; runs under way go on"))

/** `glider schedule trigger`. */
export const trigger = Command.make("trigger", { id }, ({ id }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const result = yield* client.schedules.trigger({ params: { id } })
    const { TriggerResult } = yield* Effect.promise(() => import("../api/ScheduleMessages.ts"))
    const json = yield* Effect.orDie(Schema.encodeEffect(TriggerResult)(result))
    const reason = Option.getOrElse(result.reason, () => "")
    if (result.outcome === "skipped") {
      if ((yield* OutputFlag) === "json") yield* print({ json, text: "" })
      return yield* new CommandFailed({
        message: `skipped: ${reason}`,
        fix: "glider runs list --query 'status = running'",
        exitCode: exitCodes.failed
      })
    }
    const run = Option.getOrElse(result.run, () => "")
    yield* print({ json, text: run })
    yield* result.outcome === "buffered" ? say(`It starts later: ${reason}`) : sayNext(client, run)
  }))).pipe(Command.withDescription("Run it now, as its overlap policy allows"))

const bound = (name: string, description: string) =>
  instantFlag(name, description).pipe(
    Flag.filterMap((value) => value, () => `Missing: say --${name}`)
  )

/** `glider schedule backfill`. */
export const backfill = Command.make(
  "backfill",
  {
    id,
    from: bound("from", "The first tick that may run: an instant, a day, or how long ago"),
    to: bound("to", "The last one; now, or before it"),
    pause: durationFlag("pause", "How long it rests between two of them"),
    dryRun
  },
  ({ dryRun, from, id, pause, to }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { BackfillOptions, BackfillStarted } = yield* Effect.promise(() => import("../api/ScheduleMessages.ts"))
      const payload = yield* BackfillOptions.makeEffect({
        from,
        to,
        preview: dryRun,
        ...Option.isSome(pause) ? { pause_seconds: pause.value / 1000 } : {}
      }).pipe(
        Effect.mapError(() => wrongUse("--pause takes at most a day", "glider schedule backfill --help"))
      )
      const started = yield* client.schedules.backfill({ params: { id }, payload })
      const { new: fresh, run, ticks } = started
      yield* print({
        json: yield* Effect.orDie(Schema.encodeEffect(BackfillStarted)(started)),
        text: `${ticks} ticks, ${fresh} new${dryRun && fresh > 0 ? ": they would run one after the other" : ""}`
      })
      if (Option.isSome(run)) yield* sayNext(client, run.value)
    }))
).pipe(
  Command.withDescription("Run ticks of the past, one after the other; those that have a run already are left alone"),
  Command.withExamples([
    {
      command: "glider schedule backfill nightly --from 2026-11-01 --to 2026-11-08 --dry-run",
      description: "How many"
    },
    { command: "glider schedule backfill nightly --from 7d --to now --pause 30s", description: "The last week" }
  ])
)

/** `glider schedule migrate`. */
export const migrate = Command.make(
  "migrate",
  {
    from: Flag.String("from").pipe(Flag.withMetavar("project"), Flag.withDescription("The former [project] name")),
    to: Flag.String("to").pipe(Flag.withMetavar("project"), Flag.withDescription("The present one")),
    dryRun
  },
  ({ dryRun, from, to }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { MigrateOptions, SchedulesMigrated } = yield* Effect.promise(() => import("../api/ScheduleMessages.ts"))
      const payload = yield* MigrateOptions.makeEffect({ from, to, preview: dryRun }).pipe(
        Effect.mapError(() => wrongUse("--from and --to take names of projects", "glider schedule migrate --help"))
      )
      const moved = yield* client.schedules.migrate({ payload })
      const { schedules, ticks } = moved
      const verb = dryRun ? "would move" : "moved"
      yield* print({
        json: yield* Effect.orDie(Schema.encodeEffect(SchedulesMigrated)(moved)),
        text: schedules.length === 0 && ticks === 0
          ? `nothing of ${from} is there`
          : [`${schedules.length} schedules and ${ticks} ticks ${verb} to ${to}`, ...schedules.map((id) => `  ${id}`)]
            .join("\n")
      })
    }))
).pipe(Command.withDescription("Take schedules along after [project] name has changed: overrides, progress, ledgers"))
