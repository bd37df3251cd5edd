/** What happens when a schedule is due: its ticks are accounted for one by one, each with one outcome. */
import { Array as Arr, Clock, type DateTime, Effect, Option, Schema } from "effect"
import type { Provider } from "../domain/Provider.ts"
import { pausedAt } from "../domain/Schedule.ts"
import { TaskName, taskProvider } from "../domain/Task.ts"
import { account, toleranceMillis, type Verdict } from "./Accounting.ts"
import * as BufferedTick from "./BufferedTick.ts"
import type { Entry } from "./Entry.ts"
import { type Settings, tickAfter } from "./Settings.ts"
import type { Due, Parts, Settled, TickStarts } from "./TickStarts.ts"

/** What attending to a schedule needs besides. */
export interface AttendingParts extends Parts {
  readonly starts: TickStarts
  /** Until when a provider takes no calls. */
  readonly shutUntil: (provider: Provider) => Effect.Effect<Option.Option<DateTime.Utc>>
  /** For how long outcomes are kept, in milliseconds: older ticks get none, since it would be removed at once. */
  readonly kept: number
  /** Runs ticks that were missed one after the other, durably; the cursor passes them in the same commit. */
  readonly catchUp: (entry: Entry, ticks: ReadonlyArray<Due>) => Effect.Effect<void, SurrealFailure>
}

type SurrealFailure = Effect.Error<ReturnType<TickStarts["record"]>>

/** Ticks that are accounted for in one go. */
const mostAtOnce = 500

const isTask = Schema.is(TaskName)

const dueOf = ({ effective, nominal }: Verdict): Due => ({ nominal, effective })

/** When it is to be attended to again, where its own next tick does not say so. */
export interface Attended {
  /** The provider of a sync asks for silence until then. */
  readonly postponed: number | undefined
  /** Whether the last tick has started a run, or waits for one. */
  readonly started: boolean
}

export const make = ({ atWork, catchUp, control, kept, shutUntil, starts }: AttendingParts) => {
  /** The instant before which no run of it may start. */
  const shut = ({ id }: Entry): Effect.Effect<number> =>
    isTask(id)
      ? Effect.map(
        shutUntil(taskProvider[id]),
        Option.match({
          onNone: () => -Infinity,
          onSome: ({ epochMilliseconds }) => epochMilliseconds
        })
      )
      : Effect.succeed(-Infinity)

  /** Asks for the end of every run of it. */
  const cancelAll = (entry: Entry) =>
    Effect.forEach(atWork.all(entry), (run) => control.cancel(run, "safe"), { discard: true })

  const release = BufferedTick.release({ atWork, cancelAll, starts })

  /** Lets a tick run, as its overlap policy allows. */
  const admit = Effect.fnUntraced(function*(entry: Entry, settings: Settings, tick: Due, caughtUp: boolean) {
    const { definition } = settings
    const busy = atWork.of(entry)
    const policy = definition.overlap_policy
    if (Option.isNone(busy) || policy === "allow") {
      return yield* starts.start(entry, definition, tick, caughtUp ? ["caught_up"] : [])
    }
    const { effective, nominal } = tick
    const { buffered } = entry.state
    switch (policy) {
      case "skip":
        yield* starts.record(entry, [{ ...tick, outcome: "skipped_overlap", reason: `run ${busy.value} is at work` }])
        return false
      case "buffer_one": {
        if (buffered === undefined) {
          yield* starts.record(entry, [], { cursor: nominal, buffered: { nominal, effective } })
        } else {
          const reason = `run ${busy.value} is at work, and another tick waits for its end`
          yield* starts.record(entry, [{ ...tick, outcome: "skipped_overlap", reason }])
        }
        return true
      }
      case "cancel_other": {
        if (typeof buffered?.run === "string") {
          yield* starts.record(entry, [{ ...tick, outcome: "skipped_overlap", reason: "a run by hand waits already" }])
          return true
        }
        yield* starts.record(entry, BufferedTick.superseded(entry), {
          cursor: nominal,
          buffered: { nominal, effective }
        })
        yield* cancelAll(entry)
        return true
      }
    }
  })

  const outcomeOf = ({ effective, nominal, verdict }: Verdict): Settled => ({
    nominal,
    effective,
    outcome: verdict === "paused" || verdict === "disabled" ? verdict : "missed",
    ...verdict === "missed" ? { reason: "Glider was not there at the time" } : {}
  })

  const isLost = ({ verdict }: Verdict): boolean => verdict !== "start" && verdict !== "catch_up"

  /** Ticks of one turn, in order: those that are lost together, those that are caught up together, the others one by one. */
  const settle = Effect.fnUntraced(function*(entry: Entry, settings: Settings, verdicts: ReadonlyArray<Verdict>) {
    let started = false
    let group: Array<Verdict> = []
    /** The cursor passes them in the order of their instants: what lies before it has its outcome, whenever the process ends. */
    const flush = Effect.suspend(() => {
      const [first] = group
      const ticks = group
      group = []
      if (first === undefined) return Effect.void
      return isLost(first)
        ? Effect.forEach(Arr.chunksOf(ticks, mostAtOnce), (some) => starts.record(entry, some.map(outcomeOf)), {
          discard: true
        })
        : catchUp(entry, ticks.map(dueOf))
    })
    const isCaughtUp = ({ verdict }: Verdict) => verdict === "catch_up" && settings.definition.catch_up === "all"
    for (const verdict of verdicts) {
      if (isLost(verdict) || isCaughtUp(verdict)) {
        if (group[0] !== undefined && isLost(group[0]) !== isLost(verdict)) yield* flush
        group.push(verdict)
        continue
      }
      yield* flush
      if (entry.state.runs >= (settings.definition.max_runs ?? Infinity)) {
        yield* starts.record(entry, [{ ...dueOf(verdict), outcome: "out_of_bounds", reason: "max_runs is reached" }])
        continue
      }
      started = yield* admit(entry, settings, dueOf(verdict), verdict.verdict === "catch_up")
    }
    yield* flush
    return started
  })

  /** All ticks of a calendar that are due by now. */
  const attendSeries = Effect.fnUntraced(function*(entry: Entry, settings: Settings) {
    let started = false
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      if (entry.state.runs >= (settings.definition.max_runs ?? Infinity)) return { postponed: undefined, started }
      const after = Math.max(entry.cursor, now - kept)
      const { more, verdicts } = account(settings, entry.row.override, {
        after,
        now,
        most: mostAtOnce,
        excused: entry.excused
      })
      if (verdicts.length === 0) return { postponed: undefined, started }
      const until = verdicts.every(isLost) ? -Infinity : yield* shut(entry)
      if (until > now) {
        const waits = yield* postpone(entry, settings, verdicts, until)
        if (waits) return { postponed: until, started }
        continue
      }
      started = yield* settle(entry, settings, verdicts)
      if (!more) return { postponed: undefined, started }
    }
  })

  /** A tick waits for a provider that asked for silence, unless the next one comes meanwhile and takes its place. */
  const postpone = Effect.fnUntraced(function*(
    entry: Entry,
    settings: Settings,
    verdicts: ReadonlyArray<Verdict>,
    until: number
  ) {
    const last = verdicts.at(-1)?.nominal ?? entry.cursor
    const next = tickAfter(settings, last, entry.state.runs)
    const isReplaced = Option.exists(next, (nominal) => nominal <= until + toleranceMillis)
    const given = isReplaced ? verdicts : verdicts.slice(0, -1)
    const reason = "its provider took no calls until the next tick"
    yield* starts.record(
      entry,
      given.map((verdict) =>
        isLost(verdict) ? outcomeOf(verdict) : { ...dueOf(verdict), outcome: "failed_to_start", reason }
      )
    )
    entry.excused = until
    return !isReplaced
  })

  /** The one tick of an interval that is due, which comes into being by that. */
  const attendInterval = Effect.fnUntraced(function*(entry: Entry, settings: Settings, nominal: number) {
    const now = yield* Clock.currentTimeMillis
    const tick = { nominal, effective: entry.due ?? nominal }
    const outcome = !settings.enabled ? "disabled" : pausedAt(entry.row.override, now) ? "paused" : undefined
    if (outcome !== undefined) {
      yield* starts.record(entry, [{ ...tick, outcome }])
      return { postponed: undefined, started: false }
    }
    const until = yield* shut(entry)
    if (until > now) return { postponed: until, started: false }
    const started = yield* admit(entry, settings, tick, false)
    return { postponed: undefined, started }
  })

  /** Accounts for everything of the schedule that is due. */
  const attend = Effect.fnUntraced(
    function*(entry: Entry, settings: Settings): Effect.fn.Return<Attended, SurrealFailure> {
      yield* release(entry, settings)
      if (settings.timing._tag !== "Interval") return yield* attendSeries(entry, settings)
      const now = yield* Clock.currentTimeMillis
      return entry.nominal === undefined || (entry.due ?? Infinity) > now
        ? { postponed: undefined, started: false }
        : yield* attendInterval(entry, settings, entry.nominal)
    }
  )

  return { attend, cancelAll }
}
