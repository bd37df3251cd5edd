/** Tasks whose syncs have not succeeded for longer than they should. */
import { DateTime, Effect, Option } from "effect"
import { LatestConfig, type Task } from "../Config.ts"
import type { Cause } from "../domain/Alert.ts"
import { durationText } from "../domain/DurationText.ts"
import type { Run } from "../domain/Run.ts"
import { pausedAt } from "../domain/Schedule.ts"
import { taskProvider } from "../domain/Task.ts"
import { thirdTick } from "../records/Patience.ts"
import { ScheduleBook } from "../schedules/ScheduleBook.ts"
import { CircuitBreakers } from "../services/CircuitBreakers.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import { Connections } from "../store/Connections.ts"
import { Runs } from "../store/Runs.ts"
import type { Rule, Seen } from "./Rule.ts"

/** Sooner nobody need wonder, in milliseconds. */
const least = 15 * 60_000

const isGood = ({ status }: Run): boolean => status === "completed" || status === "partial"

const keyOf = ({ name }: Task): string => `stale/${name}`

const causeOf = (task: Task, since: number, now: DateTime.Utc): Cause => {
  const hours = Math.floor((now.epochMilliseconds - since) / 3_600_000)
  return {
    rule: "stale",
    key: keyOf(task),
    severity: "warning",
    title: `${task.name} has stopped bringing anything`,
    message: `No sync of ${task.name} has succeeded since ${DateTime.formatIso(DateTime.makeUnsafe(since))}` +
      `${hours === 0 ? "" : `, for ${durationText(hours * 3_600_000)}`}; three were due.`,
    fix: "glider doctor"
  }
}

export const syncRule = Effect.gen(function*() {
  const book = yield* ScheduleBook
  const breakers = yield* CircuitBreakers
  const config = yield* LatestConfig
  const connections = yield* Connections
  const gate = yield* ProviderGate
  const runs = yield* Runs
  const startedAt = (yield* DateTime.now).epochMilliseconds
  /** When the last good run of a task ended, as of the run that was its newest then. */
  const lastGood = new Map<string, { readonly newest: string; readonly at: number | undefined }>()

  const endOf = ({ finishedAt, startedAt }: Run) => Option.getOrElse(finishedAt, () => startedAt).epochMilliseconds

  const goodSince = Effect.fnUntraced(function*(task: Task, newest: Run | undefined) {
    if (newest === undefined) return undefined
    if (isGood(newest)) return endOf(newest)
    const known = lastGood.get(task.name)
    if (known?.newest === newest.id) return known.at
    const good = (yield* runs.lastEnds(task.name)).filter(isGood).map(endOf)
    const at = good.length === 0 ? undefined : Math.max(...good)
    lastGood.set(task.name, { newest: newest.id, at })
    return at
  })

  /** Those that are to run, and are not kept from it by what is an alert of its own or a person's wish. */
  const expected = Effect.fnUntraced(function*({ isOpen, now }: Seen) {
    const { tasks } = yield* config.get
    const paused = new Set(
      (yield* book.entries).filter(({ row }) => pausedAt(row.override, now.epochMilliseconds)).map(({ id }) => id)
    )
    const connected = new Set(
      (yield* connections.all).flatMap(({ connection: { name, provider, state } }) =>
        state === "connected" && Option.isNone(name) ? [provider] : []
      )
    )
    const broken = new Set((yield* breakers.all).filter(({ state }) => state !== "closed").map(({ name }) => name))
    return yield* Effect.filter(
      tasks.filter(({ enabled, name }) => enabled && !paused.has(name)),
      Effect.fnUntraced(function*(task) {
        const provider = taskProvider[task.name]
        if (isOpen(keyOf(task))) return true
        return connected.has(provider) && !broken.has(provider) && Option.isNone(yield* gate.shutUntil(provider))
      })
    )
  })

  const causes = Effect.fnUntraced(function*(seen: Seen) {
    const tasks = yield* expected(seen)
    const newest = yield* runs.newest(tasks.map(({ name }) => name))
    const found = yield* Effect.forEach(
      tasks,
      (task) =>
        Effect.map(goodSince(task, newest.find(({ workflow }) => workflow === task.name)), (good) => {
          const isOpen = seen.isOpen(keyOf(task))
          // a machine that was off has first to come round to it
          const since = isOpen ? good ?? startedAt : Math.max(good ?? 0, startedAt)
          const patience = Math.max(least, Option.getOrElse(thirdTick(task, since), () => Infinity))
          return seen.now.epochMilliseconds - since > patience ? [causeOf(task, good ?? since, seen.now)] : []
        })
    )
    return found.flat()
  })

  return { rule: "stale", causes } satisfies Rule
})
