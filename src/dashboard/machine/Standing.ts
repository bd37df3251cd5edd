/** How things are: of each connection, and of all of it in one sentence. */
import { DateTime, Option } from "effect"
import type { Account, Check, TaskState } from "../../api/Messages.ts"
import { type Provider, providerTitle } from "../../domain/Provider.ts"
import type { RecordKind } from "../../domain/RecordKind.ts"
import { taskProvider } from "../../domain/Task.ts"
import type { Owner } from "../frame/Owner.ts"
import type { Tone } from "../frame/View.ts"
import { some } from "./RunWords.ts"

/**
 * How a connection stands.
 *
 * - `fresh`: its syncs came to their end as often as they should
 * - `behind`: the last one did not, or is too long ago
 * - `new`: connected, and nothing was synced so far
 * - `paused`: all its syncs are paused, by a person or after a failure
 * - `idle`: none of its syncs is on, so nothing is expected of it
 */
export type Standing = "fresh" | "behind" | "new" | "paused" | "needs_auth" | "not_connected" | "idle"

/** What stands at one provider. */
export interface ConnectionStanding {
  readonly provider: Provider
  readonly account: Account
  readonly tasks: ReadonlyArray<TaskState>
  readonly standing: Standing
  /** Names of tasks that are paused. */
  readonly paused: ReadonlySet<string>
  /** When its records were complete last; none when that was never, or is not known. */
  readonly until: Option.Option<DateTime.Utc>
}

/** A sync of an interval may miss one start, and take some time, before its data count as old; the API knows of others. */
const patience = (task: TaskState): number =>
  Option.match(task.intervalSeconds, { onNone: () => Infinity, onSome: (seconds) => seconds * 2000 + 300_000 })

/** The last run that came to its end as it should. */
const doneAt = ({ lastRun }: TaskState): Option.Option<DateTime.Utc> =>
  Option.flatMap(Option.filter(lastRun, ({ status }) => status === "completed"), ({ finishedAt }) => finishedAt)

/** Whether its data go as far as they should: a run at work, which may also wait or be parked, says nothing of that. */
const isFresh = (owner: Owner, behind: ReadonlySet<RecordKind>) => (task: TaskState): boolean => {
  if (task.kinds.some((kind) => behind.has(kind))) return false
  const status = Option.map(task.lastRun, (run) => run.status)
  return Option.contains(status, "running") ||
    Option.exists(doneAt(task), (at) => owner.now.epochMilliseconds - at.epochMilliseconds <= patience(task))
}

/** Whether no run of it came to its end so far, as it should or not. */
const isAtFirst = ({ lastRun }: TaskState): boolean =>
  Option.isNone(Option.filter(lastRun, ({ status }) => status !== "running"))

/**
 * How the account of a provider and its tasks stand; `paused` are names of tasks, `until` is how far the records go, and
 * `behind` are those that should go further.
 */
export const standingOf = (
  owner: Owner,
  account: Account,
  tasks: ReadonlyArray<TaskState>,
  paused: ReadonlySet<string>,
  until: Option.Option<DateTime.Utc>,
  behind: ReadonlySet<RecordKind> = new Set()
): ConnectionStanding => {
  const own = tasks.filter(({ task }) => taskProvider[task] === account.provider)
  const enabled = own.filter((task) => task.enabled)
  const state = Option.map(account.connection, (connection) => connection.state)
  const standing = (): Standing => {
    if (Option.contains(state, "needs_auth")) return "needs_auth"
    if (enabled.length === 0) return "idle"
    if (!Option.contains(state, "connected")) return "not_connected"
    if (enabled.every(({ task }) => paused.has(task))) return "paused"
    if (!enabled.every(isFresh(owner, behind))) {
      return enabled.every(({ lastRun }) => Option.isNone(lastRun)) && behind.size === 0 ? "new" : "behind"
    }
    return Option.isNone(until) && enabled.every(isAtFirst) ? "new" : "fresh"
  }
  const done = own.flatMap((task) => Option.toArray(doneAt(task)))
  const last = done.reduce<Option.Option<DateTime.Utc>>(
    (latest, at) => Option.exists(latest, DateTime.isGreaterThan(at)) ? latest : Option.some(at),
    Option.none()
  )
  return {
    provider: account.provider,
    account,
    tasks: own,
    standing: standing(),
    paused,
    until: Option.orElse(until, () => last)
  }
}

/** What waits for a person, beside connections. */
export interface Waiting {
  readonly letterRuns: number
  readonly letterRecords: number
  /** Events that a webhook did not take. */
  readonly letterDeliveries?: number
  readonly letterJobs?: number
  readonly parkedRuns: number
  readonly pausedByFailure: number
}

const troubles: { readonly [S in Standing]?: string } = {
  behind: "is behind",
  paused: "is paused",
  needs_auth: "needs a new sign-in",
  not_connected: "is not connected"
}

const connectionsText = (all: ReadonlyArray<ConnectionStanding>): string => {
  const expected = all.filter(({ standing }) => standing !== "idle")
  if (expected.length === 0) {
    return all.some(({ account }) => Option.isSome(account.connection)) ? "No sync is on." : "Nothing is connected yet."
  }
  const well = expected.filter(({ standing }) => standing === "fresh")
  const began = expected.filter(({ standing }) => standing === "new")
  const troubled = expected.flatMap(({ provider, standing }) => {
    const trouble = troubles[standing]
    return trouble === undefined ? [] : [`${providerTitle[provider]} ${trouble}.`]
  })
  const counted = well.length < expected.length
    ? well.length === 0 && troubled.length === expected.length && expected.length > 1
      ? `None of ${expected.length} connections fresh.`
      : `${well.length} of ${expected.length} connections fresh.`
    : expected.length === 1
    ? "The connection is fresh."
    : `All ${expected.length} connections fresh.`
  const first = began.map(({ provider }) => `${providerTitle[provider]} waits for its first sync.`)
  return [counted, ...troubled, ...first].join(" ")
}

/** The state in one sentence, or a few where more is to be told. */
export const sentence = (owner: Owner, all: ReadonlyArray<ConnectionStanding>, waiting: Waiting): string => {
  const letters = [
    ...waiting.letterRuns > 0 ? [some(owner, waiting.letterRuns, "run")] : [],
    ...waiting.letterRecords > 0 ? [some(owner, waiting.letterRecords, "record")] : [],
    ...(waiting.letterDeliveries ?? 0) > 0
      ? [some(owner, waiting.letterDeliveries ?? 0, "delivery", "deliveries")]
      : [],
    ...(waiting.letterJobs ?? 0) > 0 ? [some(owner, waiting.letterJobs ?? 0, "job")] : []
  ]
  return [
    connectionsText(all),
    ...letters.length > 0 ? [`${letters.join(" and ")} in the dead letters.`] : [],
    ...waiting.parkedRuns > 0 ? [`${some(owner, waiting.parkedRuns, "run")} parked.`] : [],
    ...waiting.pausedByFailure > 0
      ? [`${some(owner, waiting.pausedByFailure, "schedule")} paused after a failure.`]
      : []
  ].join(" ")
}

/** The colour of it. */
export const toneOfAll = (
  all: ReadonlyArray<ConnectionStanding>,
  waiting: Waiting,
  checks: ReadonlyArray<Check>
): Tone => {
  const isProblem = all.some(({ standing }) => standing === "needs_auth" || standing === "not_connected") ||
    checks.some(({ state }) => state === "problem") || waiting.parkedRuns > 0
  if (isProblem) return "problem"
  const isWarning = all.some(({ standing }) => standing === "behind") ||
    waiting.letterRuns + waiting.letterRecords + (waiting.letterDeliveries ?? 0) + (waiting.letterJobs ?? 0) +
          waiting.pausedByFailure > 0
  return isWarning ? "warning" : "ok"
}
