/** Whether work goes through all layers: a job is given, done by a worker with a workflow and its activities, and its result read. */
import { Clock, Duration, Effect, Option } from "effect"
import { Check } from "../api/Messages.ts"
import { isOver } from "../domain/BackgroundJob.ts"
import type { Client } from "./Client.ts"

/** Longer nobody waits for it. */
const patience = Duration.seconds(10)

/** So often its result is looked for. */
const lookEvery = Duration.millis(20)

const problem = (message: string, id: string): Check =>
  new Check({ name: "jobs", state: "problem", message, fix: Option.some(`glider jobs show ${id}`) })

const probed = Effect.fnUntraced(function*(client: Client) {
  const begun = yield* Clock.currentTimeMillis
  const { job_id } = yield* client.jobs.probe()
  // no daemon is at work, which is said elsewhere
  if (Option.isNone(job_id)) return []
  const id = job_id.value
  const look = Effect.delay(client.jobs.get({ params: { id } }), lookEvery)
  const job = yield* Effect.timeoutOption(Effect.repeat(look, { until: isOver }), patience)
  const millis = (yield* Clock.currentTimeMillis) - begun
  if (Option.isNone(job)) return [problem(`no worker has done a job within ${Duration.toSeconds(patience)} s`, id)]
  const { last_error: error, status } = job.value
  if (status !== "succeeded") {
    const why = Option.match(error, { onNone: () => "", onSome: ({ message }) => `: ${message}` })
    return [problem(`a job that does nothing is ${status}${why}`, id)]
  }
  const message = `a job went through worker, workflow and activities in ${millis} ms`
  return [new Check({ name: "jobs", state: "ok", message, fix: Option.none() })]
})

/** Over a store that is only read, and with a token that may not, it is left out. */
export const probe = (client: Client) =>
  Effect.catchTags(probed(client), {
    InsufficientScope: () => Effect.succeed<ReadonlyArray<Check>>([]),
    StoreDamaged: () => Effect.succeed<ReadonlyArray<Check>>([])
  })
