import { Context, Duration, Effect, Layer, Option } from "effect"
import { Accounts } from "../accounts/Accounts.ts"
import { LastBackup } from "../backup/Backups.ts"
import { RecordKind } from "../domain/RecordKind.ts"
import { taskProvider } from "../domain/Task.ts"
import { brings } from "../records/Patience.ts"
import { Scheduler } from "../Scheduler.ts"
import { CircuitBreakers } from "../services/CircuitBreakers.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Runs } from "../store/Runs.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { damageFound } from "./Damage.ts"
import { Status, TaskState } from "./Messages.ts"

/** What this process is. */
export class About extends Context.Service<About, {
  readonly version: string
  /** Whether it supervises the schedules, or was started for one command. */
  readonly supervises: boolean
}>()("glider/api/Overview/About") {}

/** What ran last and what runs next, of every task in the config. */
export class Overview extends Context.Service<Overview, {
  readonly status: Effect.Effect<Status, SurrealError>
}>()("glider/api/Overview") {
  static readonly layer = Layer.effect(
    Overview,
    Effect.gen(function*() {
      const about = yield* About
      const backup = yield* LastBackup
      const accounts = yield* Accounts
      const breakers = yield* CircuitBreakers
      const config = yield* ConfigInForce
      const damage = yield* damageFound
      const gate = yield* ProviderGate
      const runs = yield* Runs
      const scheduler = yield* Scheduler

      const status = Effect.gen(function*() {
        const { path, tasks } = yield* config.current
        const newest = yield* runs.newest(tasks.map(({ name }) => name))
        const connections = yield* accounts.status
        const broken = yield* breakers.all
        const states = yield* Effect.forEach(
          tasks,
          (task) =>
            Effect.gen(function*() {
              const provider = taskProvider[task.name]
              const shutUntil = yield* gate.shutUntil(provider)
              const account = connections.find((candidate) => candidate.provider === provider)
              return new TaskState({
                task: task.name,
                provider,
                enabled: task.enabled,
                intervalSeconds: task.when._tag === "Interval"
                  ? Option.some(Duration.toSeconds(task.when.every))
                  : Option.none(),
                cron: task.when._tag === "Cron" ? Option.some(task.when.expression) : Option.none(),
                kinds: RecordKind.literals.filter((kind) => brings(task, kind)),
                connection: Option.flatMap(
                  Option.fromUndefinedOr(account),
                  ({ connection }) => Option.map(connection, ({ state }) => state)
                ),
                lastRun: Option.fromUndefinedOr(newest.find((run) => run.workflow === task.name)),
                nextStart: task.enabled ? yield* scheduler.nextStart(task.name) : Option.none(),
                shutUntil,
                brokenUntil: Option.flatMap(
                  Option.fromUndefinedOr(broken.find(({ name }) => name === provider)),
                  ({ retryAt }) => retryAt
                )
              })
            })
        )
        return new Status({
          version: about.version,
          running: about.supervises,
          config: path,
          tasks: states,
          lastBackup: Option.isSome(backup) ? yield* backup.value : Option.none(),
          damaged: Option.map(damage, ({ commands, message }) => ({ message, commands }))
        })
      }).pipe(Effect.withSpan("Overview.status"))

      return Overview.of({ status })
    })
  )
}
