import { Context, DateTime, Effect, Layer, Option } from "effect"
import { Accounts } from "../accounts/Accounts.ts"
import { oldAfter } from "../alerts/BackupAge.ts"
import { type Kept, LastBackup } from "../backup/Backups.ts"
import { aiProviderTitle } from "../domain/AiProvider.ts"
import type { Breaker } from "../domain/Breaker.ts"
import { durationText } from "../domain/DurationText.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import { taskProvider } from "../domain/Task.ts"
import { Ai } from "../services/Ai.ts"
import { CircuitBreakers } from "../services/CircuitBreakers.ts"
import { Secrets } from "../services/Secrets.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { DeadLetters } from "../store/DeadLetters.ts"
import { Migrations } from "../store/Migrations.ts"
import { Runs } from "../store/Runs.ts"
import { accountChecks, isUsed } from "./AccountChecks.ts"
import { askedChecks } from "./AskedChecks.ts"
import { calendarChecks } from "./CalendarChecks.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { type Damage, damageFound } from "./Damage.ts"
import type { Check, TaskState } from "./Messages.ts"
import { About, Overview } from "./Overview.ts"
import { bad, ok, toldChecks } from "./ToldChecks.ts"

/** Looks at everything that keeps a sync from working, and names the command that mends it. */
export class Doctor extends Context.Service<Doctor, {
  readonly checks: Effect.Effect<ReadonlyArray<Check>, SurrealError>
}>()("glider/api/Doctor") {
  static readonly layer = Layer.effect(
    Doctor,
    Effect.gen(function*() {
      const about = yield* About
      const accounts = yield* Accounts
      const ai = yield* Ai
      const backup = yield* LastBackup
      const breakers = yield* CircuitBreakers
      const letters = yield* DeadLetters
      const runs = yield* Runs
      const config = yield* ConfigInForce
      const damage = yield* damageFound
      const migrations = yield* Migrations
      const overview = yield* Overview
      const secrets = yield* Secrets
      const told = yield* toldChecks
      const asked = yield* askedChecks
      const calendars = yield* calendarChecks

      const app = Effect.fnUntraced(function*(provider: Provider) {
        const name = `${provider} app`
        return yield* secrets.client(provider).pipe(
          Effect.as(ok(name, `the OAuth client of ${providerTitle[provider]} is set`)),
          Effect.catch(({ message, variable }) => Effect.succeed(bad(name, "problem", message, `export ${variable}=…`)))
        )
      })

      const model = Effect.forEach(Option.toArray(ai.model), ({ keyProblem, name, provider }) =>
        Effect.map(
          keyProblem,
          Option.match({
            onNone: () => ok("language model", `${name} of ${aiProviderTitle[provider]} is set up`),
            onSome: ({ fix, message }) => bad("language model", "problem", message, fix)
          })
        ))

      /** What the store says. */
      const stored = Effect.gen(function*() {
        const { connections, tasks } = yield* config.current
        const status = yield* overview.status
        const standing = yield* accounts.status
        const now = yield* DateTime.now
        const needed = new Set(tasks.filter(({ enabled }) => enabled).map(({ name }) => taskProvider[name]))
        const used = standing.filter((status) => isUsed(status, needed, connections))
        return [
          ...yield* Effect.forEach(new Set(used.map(({ provider }) => provider)), app),
          ...accountChecks(used, connections),
          ...yield* model,
          ...status.tasks.filter(({ enabled }) => enabled).map(lastRun),
          ...status.tasks.flatMap((task) => shut(task, now)),
          ...(yield* breakers.all).flatMap(broken),
          ...parked((yield* runs.counts(1000)).parked),
          ...waiting(yield* letters.count),
          ...yield* calendars,
          ...yield* told,
          ...yield* asked
        ]
      })

      const schedules = about.supervises
        ? ok("schedules", "glider run is at work")
        : bad("schedules", "warning", "no glider run is at work, so nothing is scheduled", "glider run")

      const checks = Effect.gen(function*() {
        const current = yield* config.current
        const now = yield* DateTime.now
        const first = [
          ok("config", `${current.path} has no mistakes`),
          Option.match(damage, { onNone: () => ok("store", `open, schema ${migrations.version}`), onSome: damaged }),
          ...Option.isSome(backup) ? [backedUp(yield* backup.value, now, oldAfter(current, now))] : []
        ]
        if (Option.isNone(damage)) return [...first, ...yield* stored, schedules]
        return yield* Effect.match(stored, {
          onFailure: ({ message }) => [...first, unread(message, damage.value)],
          onSuccess: (others) => [...first, ...others]
        })
      }).pipe(Effect.withSpan("Doctor.checks"))

      return Doctor.of({ checks })
    })
  )
}

const damaged = ({ fix, message }: Damage): Check =>
  bad("store", "problem", `damaged, so that it is only read and nothing is scheduled: ${message}`, fix)

const unread = (message: string, { fix }: Damage): Check =>
  bad("records", "problem", `what is asked of the damaged store fails: ${message}`, fix)

const backedUp = (last: Option.Option<Kept>, now: DateTime.Utc, oldAfter: number): Check =>
  Option.match(last, {
    onNone: () => bad("backup", "warning", "there is no backup yet", "glider db backup"),
    onSome: ({ at, path }) =>
      DateTime.isGreaterThan(now, DateTime.add(at, { milliseconds: oldAfter }))
        ? bad(
          "backup",
          "warning",
          `the last one is of ${DateTime.formatIso(at)}, older than ${durationText(oldAfter)}`,
          "glider db backup; why none was made by itself: glider runs list --workflow backup"
        )
        : ok("backup", `${path}, read back`)
  })

const lastRun = ({ lastRun, task }: TaskState): Check => {
  const name = `${task} run`
  return Option.match(lastRun, {
    onNone: () => bad(name, "warning", `${task} never ran`, syncCommand(task)),
    onSome: ({ error, id, status }) => {
      if (status === "completed" || status === "running") return ok(name, `the last run of ${task} is ${status}`)
      const why = Option.match(error, { onNone: () => "", onSome: ({ message }) => `: ${message}` })
      const fix = Option.flatMap(error, (known) => known.fix)
      return bad(
        name,
        status === "failed" || status === "needs_auth" ? "problem" : "warning",
        `the last run of ${task} (${id}) is ${status}${why}`,
        Option.getOrElse(fix, () => syncCommand(task))
      )
    }
  })
}

const broken = ({ failures, name, retryAt, state }: Breaker): ReadonlyArray<Check> =>
  state === "closed" ? [] : [
    bad(
      `${name} circuit breaker`,
      "warning",
      `${failures} calls in a row have failed: ${
        Option.match(retryAt, {
          onNone: () => "the next one tries again",
          onSome: (at) => `none is made before ${DateTime.formatIso(at)}`
        })
      }`,
      `nothing: it tries again by itself; sooner with: glider breakers reset ${name}`
    )
  ]

const parked = (count: number): ReadonlyArray<Check> =>
  count === 0 ? [] : [
    bad(
      "parked runs",
      "problem",
      `${count} runs wait for their code to be mended: it no longer does what their history says`,
      "glider runs list --query 'state = parked'"
    )
  ]

const waiting = (
  { deliveries, jobs, records, runs }: Effect.Success<DeadLetters["Service"]["count"]>
): ReadonlyArray<Check> =>
  runs + records + deliveries + jobs === 0
    ? [ok("dead letters", "there are none")]
    : [
      bad(
        "dead letters",
        "warning",
        `${runs} runs and ${records} records failed for good and wait for you` +
          (deliveries === 0 ? "" : `, and so do ${deliveries} events that a webhook did not take`) +
          (jobs === 0 ? "" : `, and so do ${jobs} jobs`),
        "glider dlq list"
      )
    ]

const syncCommand = (task: TaskState["task"]): string => {
  switch (task) {
    case "oura_heartrate":
      return "glider sync oura --mode heartrate"
    case "oura_full":
      return "glider sync oura --mode full"
    default:
      return `glider sync ${task}`
  }
}

const shut = ({ provider, shutUntil, task }: TaskState, now: DateTime.Utc): ReadonlyArray<Check> =>
  Option.match(Option.filter(shutUntil, DateTime.isGreaterThan(now)), {
    onNone: () => [],
    onSome: (until) => [
      bad(
        `${task} gate`,
        "warning",
        `${providerTitle[provider]} asked for no call before ${DateTime.formatIso(until)}`,
        "nothing: the schedule waits for it"
      )
    ]
  })
