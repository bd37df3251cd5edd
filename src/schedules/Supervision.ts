/** The supervisor's loop: one heap of instants, and a fiber for each schedule that is due. */
import { Cause, Clock, Deferred, Duration, Effect, Exit, FiberSet, Latch, Option, Semaphore } from "effect"
import { QueryFailed, SurrealError } from "../services/SurrealError.ts"
import { toleranceMillis } from "./Accounting.ts"
import { DueHeap } from "./DueHeap.ts"
import { endless } from "./Endless.ts"
import type { Entry } from "./Entry.ts"
import * as NextTick from "./NextTick.ts"
import * as ScheduleMetrics from "./ScheduleMetrics.ts"
import { Ticks } from "./Ticks.ts"
import { isPassing, lateness } from "./TickStarts.ts"

/** Schedules that are attended to at the same time: a thousand that are due at one instant do not wait for one another. */
const together = 1024

/** A schedule whose outcomes the store does not take: after 1 s doubling to 30 s. */
const backoff = (failures: number): number => Math.min(1000 * 2 ** Math.min(failures, 5), 30_000)

/** How long the loop rests at most: a clock that was put forward or back is noticed by then. */
const longestRest = 30_000

const errorOf = (cause: Cause.Cause<SurrealError>): SurrealError =>
  Option.getOrElse(
    Cause.findErrorOption(cause),
    () => new SurrealError({ operation: "tick", reason: new QueryFailed({ message: Cause.pretty(cause) }) })
  )

/** Attends to schedules when they are due, until the scope ends. */
export const make = Effect.gen(function*() {
  const ticks = yield* Ticks
  const heap = new DueHeap()
  const known = new Set<Entry>()
  /** Those that are looked at at once. */
  const pending = new Set<Entry>()
  const failures = new Map<Entry, number>()
  const news = Latch.makeUnsafe(false)
  const permits = Semaphore.makeUnsafe(together)
  const fibers = yield* FiberSet.make<void>()
  /** Those who wait for the next turn. */
  const watchers = new Set<Deferred.Deferred<void>>()
  let last = -Infinity

  /** It comes at its time. */
  const wait = (entry: Entry) => {
    heap.add(entry)
    news.openUnsafe()
  }

  /** It is looked at at once: something has happened that it may have waited for. */
  const look = (entry: Entry) => {
    entry.again = true
    if (entry.busy) return
    pending.add(entry)
    news.openUnsafe()
  }

  const attend = Effect.fnUntraced(function*(entry: Entry, taken: number) {
    entry.again = false
    const settings = entry.settings
    if (Option.isNone(settings)) {
      entry.due = undefined
      return
    }
    const began = yield* Clock.currentTimeMillis
    if (entry.due !== undefined && entry.due <= began) {
      yield* ScheduleMetrics.tickTaken(lateness(entry.due, began))
      // that others of its time go first makes no tick a missed one; that the store is away does
      if (taken - entry.due <= toleranceMillis && !failures.has(entry)) entry.excused = Math.max(entry.excused, began)
    }
    const exit = yield* Effect.exit(ticks.attend(entry, settings.value))
    const now = yield* Clock.currentTimeMillis
    if (Exit.isSuccess(exit)) {
      failures.delete(entry)
      NextTick.follow(entry, settings.value, exit.value, { atWork: ticks.atWork, began, now })
      return
    }
    if (Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.interrupt
    const failed = failures.get(entry) ?? 0
    failures.set(entry, failed + 1)
    entry.due = now + backoff(failed)
    // the same again is told once
    if (failed > 0) return
    const error = errorOf(exit.cause)
    yield* Effect.logWithLevel(isPassing(error) ? "Warn" : "Error")(`a tick waits for the store: ${error.message}`)
      .pipe(
        Effect.annotateLogs({ schedule: entry.scheduleId })
      )
  })

  const take = (entry: Entry, now: number) => {
    entry.busy = true
    const released = Effect.sync(() => {
      entry.busy = false
      if (!known.has(entry)) return
      if (entry.again) look(entry)
      else wait(entry)
    })
    const work = Effect.ensuring(permits.withPermits(1)(attend(entry, now)), released)
    return FiberSet.run(fibers, work, { startImmediately: true })
  }

  /** Intervals count by a clock that somebody has put back. */
  const hold = Effect.fnUntraced(function*(now: number) {
    yield* Effect.logWarning("the clock was put back")
    for (const entry of known) {
      const settings = entry.settings
      if (Option.isNone(settings) || entry.busy) continue
      NextTick.hold(entry, settings.value, now)
      heap.add(entry)
    }
  })

  const turn = Effect.gen(function*() {
    news.closeUnsafe()
    for (const watcher of watchers) Deferred.doneUnsafe(watcher, Exit.void)
    watchers.clear()
    const now = yield* Clock.currentTimeMillis
    if (now < last) yield* hold(now)
    last = now
    for (const entry of pending) {
      pending.delete(entry)
      if (!entry.busy && known.has(entry)) yield* take(entry, now)
    }
    while (heap.next <= now) {
      const entry = heap.take()
      if (entry !== undefined) yield* take(entry, now)
    }
    const rest = Duration.millis(Math.max(0, Math.min(heap.next - now, longestRest)))
    yield* Effect.raceFirst(Effect.sleep(rest), news.await)
  })
  yield* Effect.forkScoped(endless("the supervisor", turn))

  /** Takes over a schedule that is new or has changed. */
  const update = Effect.fnUntraced(function*(entry: Entry) {
    const now = yield* Clock.currentTimeMillis
    const isNew = !known.has(entry)
    known.add(entry)
    const settings = entry.settings
    if (Option.isNone(settings)) {
      yield* Effect.logError("a schedule cannot be read").pipe(Effect.annotateLogs({ schedule: entry.scheduleId }))
      return
    }
    if (entry.busy) {
      entry.again = true
      return
    }
    NextTick.begin(entry, settings.value, { atWork: ticks.atWork, isNew, now })
    if (isNew && entry.state.buffered !== undefined) look(entry)
    else wait(entry)
  })

  /** What waits for the end of a run is not waited for any more. */
  const forget = Effect.fnUntraced(function*(entry: Entry) {
    known.delete(entry)
    entry.nominal = undefined
    entry.due = undefined
    if (entry.row.deleted && entry.state.buffered !== undefined) yield* FiberSet.run(fibers, ticks.abandon(entry))
  })

  /** A run that it may have waited for has ended. */
  const runEnded = (entry: Entry, at: number) => {
    if (!known.has(entry)) return
    entry.lastEnd = at
    if (entry.busy || entry.state.buffered !== undefined) return look(entry)
    // its next tick is known, and it waits for that
    if (entry.nominal !== undefined) return
    const settings = entry.settings
    if (Option.isNone(settings) || Option.isSome(ticks.atWork.of(entry))) return
    NextTick.afterRun(entry, settings.value, at)
    wait(entry)
  }

  /** Waits for the loop to come round, which it is woken to do. */
  const round = Effect.suspend(() => {
    const watcher = Deferred.makeUnsafe<void>()
    watchers.add(watcher)
    news.openUnsafe()
    return Deferred.await(watcher)
  })

  return { known, update, forget, runEnded, round }
})
