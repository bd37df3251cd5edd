/** The first page: whether all is well, and if not, what mends it. */
import { DateTime, Effect, Option } from "effect"
import type { Coverage, Recorded } from "../../api/DataMessages.ts"
import type { TaskState } from "../../api/Messages.ts"
import { LetterChoice, LetterQuery } from "../../api/RunMessages.ts"
import type { ScheduleQuery } from "../../api/ScheduleMessages.ts"
import type { DeadLetterKind } from "../../domain/DeadLetter.ts"
import { startOfDay } from "../../domain/LocalDay.ts"
import type { Provider } from "../../domain/Provider.ts"
import type { RecordKind } from "../../domain/RecordKind.ts"
import { type Run, unfinishedStates } from "../../domain/Run.ts"
import type { Calls } from "../ApiCalls.ts"
import type { Owner } from "../frame/Owner.ts"
import type { Asked, Page } from "../frame/Pages.ts"
import { beats } from "./Heartbeat.tsx"
import { overviewView } from "./OverviewView.tsx"
import { countsOf, quoted } from "./RunWords.ts"
import { standingOf } from "./Standing.ts"
import { todayItems, unknownToday } from "./TodayItems.ts"

/** Whose records are of which kind. */
const kinds: { readonly [P in Provider]: ReadonlyArray<RecordKind> } = {
  google: ["calendar"],
  spotify: ["listening"],
  oura: ["heart_rate", "body"]
}

/** Until when all records of the provider are complete. */
const untilOf = (coverage: ReadonlyArray<Coverage>, provider: Provider): Option.Option<DateTime.Utc> => {
  const own = coverage.filter(({ kind }) => kinds[provider].includes(kind)).map(({ until }) => until)
  return Option.map(
    Option.all(own),
    (ends) => ends.reduce((first, end) => DateTime.isLessThan(end, first) ? end : first)
  ).pipe(Option.filter(() => own.length > 0))
}

/** Of which kinds the records should go further than they do. */
const behindOf = ({ unrecorded }: Recorded): ReadonlySet<RecordKind> =>
  new Set(unrecorded.filter(({ why }) => why === "behind").map(({ kind }) => kind))

/** The most runs of a day that are looked at: one a minute. */
const mostOfDay = 1500

/** The last runs of some tasks: as many as have a bar, or as began today when those are more. */
const lastRuns = Effect.fnUntraced(function*(api: Calls, owner: Owner, tasks: ReadonlyArray<TaskState>) {
  if (tasks.length === 0) return []
  const query = `workflow in (${tasks.map(({ task }) => quoted(task)).join()})`
  const midnight = startOfDay(owner.today, owner.zone).epochMilliseconds
  const first = yield* api.runs.list({ query: { query, limit: beats } })
  const runs: Array<Run> = [...first.runs]
  let next = first.next
  while (Option.isSome(next) && runs.length < mostOfDay) {
    const oldest = runs.at(-1)
    if (oldest === undefined || oldest.startedAt.epochMilliseconds < midnight) break
    const page = yield* api.runs.list({ query: { query, after: next.value, limit: 500 } })
    runs.push(...page.runs)
    next = page.next
  }
  return runs
})

/** Records that the runs of today created or changed. */
const rowsOf = (owner: Owner, runs: ReadonlyArray<Run>): number => {
  const midnight = startOfDay(owner.today, owner.zone).epochMilliseconds
  return runs.filter(({ startedAt }) => startedAt.epochMilliseconds >= midnight).reduce(
    (sum, run) =>
      sum + Option.match(countsOf(run), { onNone: () => 0, onSome: ({ created, updated }) => created + updated }),
    0
  )
}

/** All schedules, however many: they come by their id, and any of them may be the next. */
const schedulesOf = Effect.fnUntraced(function*(api: Calls, query: Partial<ScheduleQuery>) {
  const first = yield* api.schedules.list({ query: { ...query, limit: 500 } })
  const schedules = [...first.schedules]
  let next = first.next
  while (Option.isSome(next)) {
    const page = yield* api.schedules.list({ query: { ...query, after: next.value, limit: 500 } })
    schedules.push(...page.schedules)
    next = page.next
  }
  return schedules
})

const unfinished = `state in (${unfinishedStates.join()})`

const read = ({ api, owner }: Asked) => {
  const range = { query: { from: owner.today, to: owner.today } }
  const letters = (kind: DeadLetterKind) =>
    Effect.map(
      api.deadLetters.drop({ payload: new LetterChoice({ all: new LetterQuery({ kind }), preview: true }) }),
      ({ matched }) => matched
    )
  return Effect.all({
    status: api.system.status(),
    checks: api.system.doctor(),
    accounts: api.connections.list(),
    health: api.health(),
    recorded: api.data.recorded(range),
    calendar: api.data.calendar(range),
    listening: api.data.listening(range),
    body: api.data.body(range),
    schedules: schedulesOf(api, { enabled_only: "true" }),
    paused: schedulesOf(api, { state: "paused" }),
    now: api.runs.list({ query: { query: unfinished, limit: 20 } }),
    parked: api.runs.list({ query: { query: "state = parked", limit: 500 } }),
    letterRuns: letters("run"),
    letterRecords: letters("record"),
    letterDeliveries: letters("delivery"),
    letterJobs: letters("job")
  }, { concurrency: "unbounded" })
}

/** Whether all is well. */
export const overviewPage: Page = Effect.fnUntraced(function*(asked) {
  const { api, csrf, owner, query } = asked
  const known = yield* read(asked)
  const { accounts, checks, health, recorded, schedules, status } = known
  const pausedTasks = new Set(known.paused.filter(({ kind }) => kind === "sync").map(({ id }) => id))
  // a further account has no tasks: it is on the page of accounts
  const connections = accounts.filter(({ name }) => Option.isNone(name)).map((account) =>
    standingOf(
      owner,
      account,
      status.tasks,
      pausedTasks,
      untilOf(recorded.coverage, account.provider),
      behindOf(recorded)
    )
  )
  const cards = yield* Effect.forEach(
    connections,
    (connection) =>
      Effect.map(lastRuns(api, owner, connection.tasks), (runs) => ({
        connection,
        runs: runs.slice(0, beats),
        rowsToday: rowsOf(owner, runs)
      })),
    { concurrency: "unbounded" }
  )
  const end = owner.now.epochMilliseconds + 86_400_000
  const coming = schedules.flatMap((schedule) => {
    const at = Option.getOrUndefined(schedule.next_run_time)?.epochMilliseconds
    return at === undefined || at > end ? [] : [{ at, schedule }]
  }).toSorted((one, other) => one.at - other.at).map(({ schedule }) => schedule)
  return overviewView({
    owner,
    csrf,
    query,
    cards,
    checks,
    tasks: status.tasks,
    paused: known.paused.filter(({ pause }) => Option.exists(pause, ({ by }) => by === "failure")),
    letterRuns: known.letterRuns,
    letterRecords: known.letterRecords,
    letterDeliveries: known.letterDeliveries,
    letterJobs: known.letterJobs,
    parkedRuns: known.parked.runs.length,
    now: known.now.runs,
    coming,
    today: { items: todayItems(owner, known), unknown: unknownToday(owner, recorded) },
    health,
    config: status.config
  })
})
