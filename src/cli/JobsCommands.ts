import { Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { JobStatus, overStatuses } from "../domain/BackgroundJob.ts"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { instantFlag } from "./InstantFlag.ts"
import { jsonFlag } from "./JsonFlag.ts"
import { print } from "./Print.ts"

const id = Argument.String("job").pipe(Argument.withDescription("Its id, as glider jobs list shows it"))

const shown = Effect.promise(() => import("./ShowJobs.ts"))

const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.optional, Flag.withDescription(description))

const list = Command.make(
  "list",
  {
    type: text("type", "Of this type"),
    status: Flag.Literals("status", JobStatus.literals).pipe(Flag.optional, Flag.withDescription("Of this status")),
    limit: Flag.Int("limit").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
      Flag.withDefault(50),
      Flag.withDescription("How many at most, 1 to 500")
    ),
    after: text("after", "The next page, as the one before has told")
  },
  ({ after, limit, status, type }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showJobs } = yield* shown
      yield* showJobs(
        yield* client.jobs.list({
          query: {
            limit,
            ...Option.isSome(type) ? { job_type: type.value } : {},
            ...Option.isSome(status) ? { status: status.value } : {},
            ...Option.isSome(after) ? { after: after.value } : {}
          }
        })
      )
    }))
).pipe(
  Command.withDescription("Jobs, the newest first"),
  Command.withExamples([{ command: "glider jobs list --status queued", description: "What waits" }])
)

const standing = Command.make("standing", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showStanding } = yield* shown
    yield* showStanding(yield* client.jobs.standing())
  }))).pipe(Command.withDescription("The work that is given by the clock"))

const show = Command.make("show", { id }, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showJob } = yield* shown
    yield* showJob(yield* client.jobs.get({ params }))
  }))).pipe(Command.withDescription("One job with its payload, its result and its error"))

const cancel = Command.make("cancel", { id }, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { cancelled, job_id } = yield* client.jobs.cancel({ params })
    if (!cancelled) {
      return yield* new CommandFailed({
        message: `the job ${job_id} is over`,
        fix: `glider jobs show ${job_id}`,
        exitCode: exitCodes.failed
      })
    }
    yield* print({ json: { job_id, cancelled }, text: `${job_id} is cancelled` })
  }))).pipe(Command.withDescription("End a job that waits, or that is being done"))

const said = ({ job_id, retry_of }: { readonly job_id: string; readonly retry_of: string }) =>
  print({ json: { job_id, retry_of }, text: `${job_id} does ${retry_of} again` })

const retry = Command.make(
  "retry",
  { id },
  (params) => withClient((client) => Effect.flatMap(client.jobs.retry({ params }), said))
).pipe(
  Command.withDescription("Do a job again that is over, as a new one without a key")
)

const whole = (name: string, description: string) =>
  Flag.Int(name).pipe(Flag.optional, Flag.withDescription(description))

const replay = Command.make(
  "replay",
  {
    id,
    payload: jsonFlag("payload", "What is different in the payload: an object that is merged into it"),
    runAt: instantFlag("run-at", "When it may begin", "ahead"),
    priority: whole("priority", "The higher ones go first"),
    maxAttempts: whole("max-attempts", "Tries before it has failed for good"),
    resource: text("resource", "What it works on: no two jobs of one resource run at the same time")
  },
  ({ id, maxAttempts, payload, priority, resource, runAt }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { ReplayOptions } = yield* Effect.promise(() => import("../api/JobMessages.ts"))
      const over = Option.filter(payload, Schema.is(Schema.JsonObject))
      if (Option.isSome(payload) && Option.isNone(over)) {
        return yield* new CommandFailed({
          message: "--payload is merged into the payload: expected a JSON object",
          fix: `glider jobs show ${id}`,
          exitCode: exitCodes.usage
        })
      }
      yield* said(
        yield* client.jobs.replay({
          params: { id },
          payload: new ReplayOptions({
            ...Option.isSome(over) ? { payload_overrides: over.value } : {},
            ...Option.isSome(runAt) ? { run_at: runAt.value } : {},
            ...Option.isSome(priority) ? { priority: priority.value } : {},
            ...Option.isSome(maxAttempts) ? { max_attempts: maxAttempts.value } : {},
            ...Option.isSome(resource) ? { resource_key: resource.value } : {}
          })
        })
      )
    }))
).pipe(
  Command.withDescription("Do a job again in another way, as a new one"),
  Command.withExamples([
    {
      command: "glider jobs replay job_0193… --payload '{\"day\":\"2026-11-24\"}'",
      description: "With another payload"
    }
  ])
)

const purge = Command.make(
  "purge",
  {
    olderThan: instantFlag("older-than", "Those that ended before this: 2026-11-24T09:00:00Z, or 7d ago"),
    status: Flag.Literals("status", overStatuses).pipe(
      Flag.optional,
      Flag.withDescription("Only these; succeeded and cancelled without it, for what failed waits for you")
    ),
    dryRun: Flag.Boolean("dry-run").pipe(Flag.withDefault(false), Flag.withDescription("Only say how many it would be"))
  },
  ({ dryRun, olderThan, status }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { PurgeOptions } = yield* Effect.promise(() => import("../api/JobMessages.ts"))
      if (Option.isNone(olderThan)) {
        return yield* new CommandFailed({
          message: "say how old: --older-than",
          fix: "glider jobs purge --older-than 7d --dry-run",
          exitCode: exitCodes.usage
        })
      }
      const counts = yield* client.jobs.purge({
        payload: new PurgeOptions({
          before: olderThan.value,
          dry_run: dryRun,
          ...Option.isSome(status) ? { statuses: [status.value] } : {}
        })
      })
      const { cancelled, failed, succeeded } = counts
      yield* print({
        json: { succeeded, failed, cancelled, dry_run: dryRun },
        text: `${succeeded} succeeded, ${failed} failed and ${cancelled} cancelled jobs ${
          dryRun ? "would be" : "were"
        } removed`
      })
    }))
).pipe(
  Command.withDescription("Remove jobs that have ended long ago"),
  Command.withExamples([{ command: "glider jobs purge --older-than 7d --dry-run", description: "How many would go" }])
)

/** `glider jobs`. */
export const jobs = Command.make("jobs").pipe(
  Command.withDescription("Work that is done in the background, and held until it is done"),
  Command.withSubcommands([list, standing, show, cancel, retry, replay, purge])
)
