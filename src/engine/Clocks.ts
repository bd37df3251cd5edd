import { Clock, Duration, Effect, Latch, Option } from "effect"

/** The longest single sleep: after a suspended machine or a changed clock, timers are late by this at most. */
const longestSleep = 60_000

/** Runs that are woken at the same time: they share commits. */
const together = 64

/** One instant at which a run is to be woken. */
interface Alarm {
  readonly due: number
  readonly run: string
}

const keyOf = ({ due, run }: Alarm): string => `${due} ${run}`

/** A binary heap of alarms, the earliest on top. */
class Heap {
  readonly #alarms: Array<Alarm> = []

  get earliest(): Option.Option<Alarm> {
    return Option.fromUndefinedOr(this.#alarms[0])
  }

  get size(): number {
    return this.#alarms.length
  }

  add(alarm: Alarm): void {
    const alarms = this.#alarms
    let at = alarms.push(alarm) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = alarms[parent]
      if (above === undefined || above.due <= alarm.due) break
      alarms[at] = above
      at = parent
    }
    alarms[at] = alarm
  }

  take(): Option.Option<Alarm> {
    const alarms = this.#alarms
    const [first] = alarms
    const last = alarms.pop()
    if (first === undefined || last === undefined) return Option.none()
    if (alarms.length > 0) this.#sink(last)
    return Option.some(first)
  }

  #sink(alarm: Alarm): void {
    const alarms = this.#alarms
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = alarms[left + 1]
      const child = right !== undefined && right.due < (alarms[left]?.due ?? Infinity) ? left + 1 : left
      const below = alarms[child]
      if (below === undefined || below.due >= alarm.due) break
      alarms[at] = below
      at = child
    }
    alarms[at] = alarm
  }
}

/** The alarms of all runs, resident or not, behind one sleeping fiber. */
export interface Clocks {
  /** Wakes the run at that instant, epoch milliseconds; more than once does no harm. */
  readonly wakeAt: (run: string, due: number) => void
  readonly size: () => number
}

/** Calls `wake` for each run at its time, until the scope ends. */
export const make = Effect.fnUntraced(function*(wake: (run: string) => Effect.Effect<void>) {
  const scope = yield* Effect.scope
  const heap = new Heap()
  const known = new Set<string>()
  const changed = Latch.makeUnsafe(false)

  const turn = Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    changed.closeUnsafe()
    const next = heap.earliest
    if (Option.isNone(next)) return yield* changed.await
    if (next.value.due > now) {
      const wait = Math.min(next.value.due - now, longestSleep)
      return yield* Effect.raceFirst(Effect.sleep(Duration.millis(wait)), changed.await)
    }
    const due: Array<string> = []
    for (let next = heap.earliest; Option.exists(next, ({ due }) => due <= now); next = heap.earliest) {
      const alarm = heap.take()
      if (Option.isNone(alarm)) continue
      known.delete(keyOf(alarm.value))
      due.push(alarm.value.run)
    }
    // in the background: one that cannot be woken now holds up no later one
    yield* Effect.forkIn(Effect.forEach(due, wake, { concurrency: together, discard: true }), scope)
  })
  yield* Effect.forkScoped(Effect.forever(turn))

  return {
    wakeAt: (run, due) => {
      if (known.has(keyOf({ run, due }))) return
      known.add(keyOf({ run, due }))
      const before = heap.earliest
      heap.add({ run, due })
      if (Option.isNone(before) || due < before.value.due) changed.openUnsafe()
    },
    size: () => heap.size
  } satisfies Clocks
})
