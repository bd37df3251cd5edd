/** Jobs on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import { JobsPage, JobView, StandingView } from "../api/JobMessages.ts"
import { fromNow, orDash, print, say, table, visibleLines } from "./Print.ts"

const encode = Schema.encodeEffect(JobView)
const encodePage = Schema.encodeEffect(JobsPage)
const encodeStanding = Schema.encodeEffect(Schema.Array(StandingView))

const jsonText = (value: Schema.Json) => Effect.orDie(Schema.encodeEffect(Schema.fromJsonString(Schema.Json))(value))

const errorText = ({ last_error }: JobView): Option.Option<string> =>
  Option.map(last_error, ({ message, tag }) => `${tag}: ${message.split("\n")[0] ?? ""}`)

/** `glider jobs list`. */
export const showJobs = Effect.fnUntraced(function*(page: JobsPage) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: page.jobs.length === 0 ? "no jobs" : table(
      ["JOB", "TYPE", "STATUS", "PRIORITY", "MADE", "BEGINS", "TRIES", "LAST ERROR"],
      page.jobs.map((job) => [
        job.id,
        job.job_type,
        job.status,
        String(job.priority),
        fromNow(now, job.created_at),
        job.status === "queued" ? fromNow(now, job.run_at) : "-",
        `${job.attempts} of ${job.max_attempts}`,
        orDash(errorText(job))
      ])
    )
  })
  if (Option.isSome(page.next)) yield* say(`More: glider jobs list --after ${page.next.value}`)
})

/** `glider jobs show`. */
export const showJob = Effect.fnUntraced(function*(job: JobView) {
  const now = yield* DateTime.now
  const when = (at: DateTime.Utc) => `${DateTime.formatIso(at)} (${fromNow(now, at)})`
  const maybe = <A>(name: string, value: Option.Option<A>, said: (value: A) => string) =>
    Option.match(value, { onNone: () => [], onSome: (one) => [[name, said(one)] as const] })
  const facts: ReadonlyArray<readonly [string, string]> = [
    ["job", job.id],
    ["type", job.job_type],
    ["status", job.status],
    ["priority", String(job.priority)],
    ["made", when(job.created_at)],
    ["begins", when(job.run_at)],
    ...maybe("resource", job.resource_key, (key) => key),
    ...maybe("key", job.idempotency_key, (key) => key),
    ["tries", `${job.attempts} of ${job.max_attempts}`],
    ...maybe("worker", job.locked_by, (worker) => worker),
    ...maybe("leased until", job.lease_until, when),
    ...maybe("began", job.started_at, when),
    ...maybe("ended", job.completed_at, when),
    ...maybe("error", errorText(job), (text) => text),
    ...maybe("repeats", job.retry_of, (id) => id),
    ...maybe("repeated by", job.retried_by, (id) => id),
    ["payload", yield* jsonText(job.payload)],
    ...Option.isSome(job.result) ? [["result", yield* jsonText(job.result.value)] as const] : []
  ]
  const width = Math.max(...facts.map(([name]) => name.length))
  yield* print({
    json: yield* Effect.orDie(encode(job)),
    text: facts.map(([name, value]) => `${name.padEnd(width)}  ${visibleLines(value)}`).join("\n")
  })
})

/** `glider jobs standing`. */
export const showStanding = Effect.fnUntraced(function*(all: ReadonlyArray<StandingView>) {
  const now = yield* DateTime.now
  const when = (at: Option.Option<DateTime.Utc>) => orDash(Option.map(at, (instant) => fromNow(now, instant)))
  yield* print({
    json: yield* Effect.orDie(encodeStanding(all)),
    text: table(
      ["NAME", "TYPE", "STATE", "CRON", "LAST", "NEXT"],
      all.map((one) => [
        one.name,
        one.job_type,
        one.enabled ? "on" : "off",
        one.cron,
        when(one.last),
        when(one.next)
      ])
    )
  })
})
