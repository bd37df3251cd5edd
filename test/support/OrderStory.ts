/** Three orders whose process is frozen at one of its commits, and goes on as another one. */
import { Clock, Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { DurableDeferred } from "effect/workflow"
import type { Entry } from "../../src/domain/RunEntry.ts"
import type { Journal } from "../../src/engine/Journal.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import type { RunRow } from "../../src/store/RunColumns.ts"
import { begin, type Crash, type Life, Pulse } from "./EngineLives.ts"
import * as Orders from "./OrderWorkflows.ts"

const { Approval, Order, Shipment } = Orders

export const ids = ["good", "bad", "cancelled"] as const
export type OrderId = (typeof ids)[number]
/** The third waits in vain, until it is cancelled while its child is under way. */
const approved = ["good", "bad"] as const

/** Something that an activity did. */
export interface Deed {
  readonly order: string
  readonly name: string
  /** In which process: the first, or its successor. */
  readonly life: 0 | 1
}

/** What was found after each process. */
export interface Told {
  readonly deeds: ReadonlyArray<Deed>
  /** What was in the journal when the first process came to its end, by order; those of the child with it. */
  readonly atCrash: ReadonlyMap<string, ReadonlyArray<Entry>>
  readonly atEnd: ReadonlyMap<string, ReadonlyArray<Entry>>
  readonly rows: ReadonlyMap<string, { readonly order: RunRow | undefined; readonly shipment: RunRow | undefined }>
  /** Signals and cancellations of the first process that were acknowledged. */
  readonly acknowledged: ReadonlySet<string>
  readonly crashed: boolean
  /** When the successor began. */
  readonly resumedAt: number
  readonly commits: number
}

const mostRounds = 30

const isRunning = (journal: Journal) =>
  Effect.map(
    Effect.forEach([Order, Shipment], ({ _tag }) => journal.unfinished(_tag)),
    (found) => found.flat().some(({ state }) => state === "running")
  )

/** Waits until all runs wait for something, or are over. */
const settled = (life: Life, journal: Journal) =>
  life.quiet.pipe(
    Effect.andThen(Effect.suspend(() => life.isDead() ? Effect.succeed(false) : isRunning(journal))),
    Effect.repeat({ while: (running) => running, times: 200 })
  )

/** Tells the story. One of another name tells of other orders, in the same journal. */
export const tell = Effect.fnUntraced(function*(journal: Journal, crash: Crash | undefined, name = "") {
  const deeds: Array<Deed> = []
  const acknowledged = new Set<string>()

  const handlers = (life: 0 | 1) =>
    Layer.provide(
      Orders.layer({
        cooling: Duration.hours(1),
        transit: Duration.minutes(30),
        deed: (order, deed) =>
          Effect.flatMap(
            Pulse,
            (pulse) =>
              Effect.andThen(
                pulse,
                Effect.sync(() =>
                  void deeds.push({ order: order.slice(0, -name.length || undefined), name: deed, life })
                )
              )
          )
      }),
      Layer.mock(Surreal, {}) // what the orders write goes through the journal
    )

  const runsOf = (id: OrderId) =>
    Effect.all([Order.executionId({ id: `${id}${name}` }), Shipment.executionId({ id: `${id}${name}` })])

  const entriesOf = Effect.fnUntraced(function*(id: OrderId) {
    const loaded = yield* Effect.forEach(yield* runsOf(id), (run) => journal.load(run))
    return [id, loaded.flatMap((run) => run?.entries ?? [])] as const
  })
  const rowsOf = Effect.fnUntraced(function*(id: OrderId) {
    const [order, shipment] = yield* runsOf(id)
    const rows = yield* journal.rows([order, shipment])
    return [id, {
      order: rows.find((row) => row.id === order),
      shipment: rows.find((row) => row.id === shipment)
    }] as const
  })

  /** Starts the orders, signals and cancels, and moves time on, until all is over or the process is. */
  const live = Effect.fnUntraced(function*(life: Life, number: 0 | 1) {
    yield* Effect.forEach(ids, (id) => life.attempt(Order.execute({ id: `${id}${name}` }, { discard: true })), {
      concurrency: 3
    })
    for (let round = 0; round < mostRounds; round++) {
      yield* settled(life, journal)
      if (life.isDead()) return
      const left = yield* journal.unfinished(Order._tag)
      if (left.length === 0) return
      if (round >= 1) {
        yield* Effect.forEach(
          approved,
          Effect.fnUntraced(function*(id) {
            const [executionId] = yield* runsOf(id)
            const token = DurableDeferred.tokenFromExecutionId(Approval, { workflow: Order, executionId })
            const done = yield* life.attempt(DurableDeferred.succeed(Approval, { token, value: `by ${number}` }))
            if (Option.isSome(done) && number === 0) acknowledged.add(id)
          })
        )
      }
      if (round >= 5) {
        const [executionId] = yield* runsOf("cancelled")
        const done = yield* life.attempt(Order.interrupt(executionId))
        if (Option.isSome(done) && number === 0) acknowledged.add("cancel")
      }
      yield* settled(life, journal)
      if (life.isDead()) return
      yield* TestClock.adjust("15 minutes")
    }
  })

  const first = yield* begin(journal, { handlers: handlers(0), crash })
  yield* live(first, 0)
  const crashed = first.isDead()
  yield* first.crash
  const atCrash = new Map(yield* Effect.forEach(ids, entriesOf))
  yield* TestClock.adjust("40 minutes")
  const resumedAt = yield* Clock.currentTimeMillis
  if (crashed) {
    const second = yield* begin(journal, { handlers: handlers(1) })
    yield* live(second, 1)
    yield* second.stop
  }
  const told: Told = {
    deeds,
    atCrash,
    atEnd: new Map(yield* Effect.forEach(ids, entriesOf)),
    rows: new Map(yield* Effect.forEach(ids, rowsOf)),
    acknowledged,
    crashed,
    resumedAt,
    commits: first.commits()
  }
  return told
})
