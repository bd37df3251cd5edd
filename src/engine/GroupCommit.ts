import { Cause, Deferred, Effect, Exit, FiberSet, Latch, Option } from "effect"
import { journalCommit } from "../RetryPolicy.ts"
import { QueryFailed, StoreUnavailable, SurrealError } from "../services/SurrealError.ts"
import type { Change, Journal } from "./Journal.ts"

/** Who has something to commit. */
export interface Committing {
  /** What has come together since the last time; none when there is nothing. */
  readonly take: () => Change | undefined
  /** Others whose rows the change writes too: no two transactions under way write one row. */
  readonly touches: () => ReadonlyArray<Committing>
  /** One without which the change means nothing: it is refused when that one is. */
  readonly needs?: Committing | undefined
  /** The committer's own: done by the commit of what has come together so far. */
  pending: Deferred.Deferred<void, SurrealError> | undefined
  /** The committer's own: done by the commit that is under way. */
  underWay: Deferred.Deferred<void, SurrealError> | undefined
  /** The committer's own: why the store did not take a commit. What came after it may depend on it, and is not taken. */
  refused: SurrealError | undefined
}

/** Runs in one transaction: enough to share an fsync, few enough that none waits long for the others. */
const largest = 256

/** Runs in one transaction that are not split: each transaction costs what 20 rows cost. */
const smallest = 32

/** While the store works on one transaction the next is made ready; a third would only wait in line there. */
const mostSent = 2

/** Runs that go on at once when their commit is there: a tick that is due, or a request, waits for no more than these. */
const mostSettled = 16

/**
 * Commits what many runs write at the same time in shared transactions. Each waits for its own commit alone, and one
 * that the store refuses harms none of those that shared its transaction.
 */
export interface GroupCommit {
  /** Takes note that there is something to commit: it is sent with what else comes in this turn of the event loop. */
  readonly offer: (who: Committing) => void
  /** Waits until all that was offered so far is durable. */
  readonly durable: (who: Committing) => Effect.Effect<void, SurrealError>
  /** Takes nothing more, and waits until nothing is left to commit. */
  readonly close: Effect.Effect<void>
}

const closed = new SurrealError({
  operation: "journal",
  reason: new StoreUnavailable({ message: "the engine is shutting down" })
})

const errorOf = (cause: Cause.Cause<SurrealError>): SurrealError =>
  Option.getOrElse(
    Cause.findErrorOption(cause),
    () => new SurrealError({ operation: "journal", reason: new QueryFailed({ message: Cause.pretty(cause) }) })
  )

/** The committer of a journal, until the scope ends. */
export const make = Effect.fnUntraced(function*(journal: Journal) {
  const waiting = new Set<Committing>()
  /** Those whose rows a transaction under way writes. */
  const locked = new Set<Committing>()
  const news = Latch.makeUnsafe(false)
  const idle = Latch.makeUnsafe(true)
  const flights = yield* FiberSet.make<void>()
  let sent = 0
  /** Changes in the transactions under way. */
  let flying = 0
  let closing = false

  const settle = (who: Committing, exit: Exit.Exit<void, SurrealError>) => {
    const deferred = who.underWay
    who.underWay = undefined
    if (Exit.isFailure(exit)) refuse(who, errorOf(exit.cause))
    if (deferred !== undefined) Deferred.doneUnsafe(deferred, exit)
  }

  const refuse = (who: Committing, error: SurrealError) => {
    const deferred = who.pending
    who.refused = error
    who.pending = undefined
    waiting.delete(who)
    if (deferred !== undefined) Deferred.doneUnsafe(deferred, Exit.fail(error))
  }

  const byItself = ({ needs }: Committing, change: Change) =>
    needs?.refused === undefined
      ? Effect.retry(journal.commit([change]), journalCommit)
      : Effect.fail(needs.refused)

  /** All in one transaction; when that is refused, and not because the store is away, each in its own. */
  const send = Effect.fnUntraced(function*(
    batch: ReadonlyArray<readonly [Committing, Change]>,
    locks: ReadonlyArray<Committing>
  ) {
    const together = yield* Effect.exit(Effect.retry(journal.commit(batch.map(([, change]) => change)), journalCommit))
    const alone = batch.length > 1 && Exit.isFailure(together) &&
      errorOf(together.cause).reason._tag !== "StoreUnavailable"
    let away: Exit.Exit<void, SurrealError> | undefined
    for (const [at, [who, change]] of batch.entries()) {
      if (at > 0 && at % mostSettled === 0) yield* Effect.yieldNow
      const exit = alone ? away ?? (yield* Effect.exit(byItself(who, change))) : together
      // none of the others waits for the same again
      if (Exit.isFailure(exit) && errorOf(exit.cause).reason._tag === "StoreUnavailable") away = exit
      settle(who, exit)
    }
    for (const who of locks) locked.delete(who)
    sent--
    flying -= batch.length
    if (waiting.size > 0) news.openUnsafe()
    else if (sent === 0) idle.openUnsafe()
  }, Effect.uninterruptible)

  const gather = () => {
    // half of all: in one transaction, the store would rest while they go on, and they while it works
    const most = Math.min(Math.max(Math.ceil((waiting.size + flying) / 2), smallest), largest)
    const batch: Array<readonly [Committing, Change]> = []
    const locks = new Set<Committing>()
    for (const who of waiting) {
      if (batch.length === most) break
      const touched = who.touches()
      if (locked.has(who) || touched.some((other) => locked.has(other))) continue
      if (who.needs?.refused !== undefined) {
        refuse(who, who.needs.refused)
        continue
      }
      waiting.delete(who)
      const change = who.take()
      const { pending } = who
      who.pending = undefined
      if (change === undefined) {
        if (pending !== undefined) Deferred.doneUnsafe(pending, Exit.void)
        continue
      }
      who.underWay = pending
      locks.add(who)
      for (const other of touched) locks.add(other)
      batch.push([who, change])
    }
    for (const who of locks) locked.add(who)
    return { batch, locks: [...locks] }
  }

  const turn = Effect.gen(function*() {
    yield* news.await
    // whoever runs now may have more to write: it shares this commit
    yield* Effect.yieldNow
    news.closeUnsafe()
    if (sent === mostSent) return
    const { batch, locks } = gather()
    if (batch.length > 0) {
      sent++
      flying += batch.length
      yield* FiberSet.run(flights, send(batch, locks), { startImmediately: true })
    } else if (waiting.size === 0 && sent === 0) idle.openUnsafe()
    // those that are locked come when the transaction returns that locks them
    if (batch.length > 0 && waiting.size > 0) news.openUnsafe()
  })
  yield* Effect.forkScoped(Effect.forever(turn))

  const offer = (who: Committing) => {
    if (closing && !waiting.has(who)) refuse(who, closed)
    if (who.refused !== undefined) return
    who.pending ??= Deferred.makeUnsafe()
    waiting.add(who)
    idle.closeUnsafe()
    if (sent < mostSent) news.openUnsafe()
  }

  const durable = (who: Committing): Effect.Effect<void, SurrealError> => {
    if (who.refused !== undefined) return Effect.fail(who.refused)
    const deferred = who.pending ?? who.underWay
    return deferred === undefined ? Effect.void : Deferred.await(deferred)
  }

  const close = Effect.suspend(() => {
    closing = true
    return idle.await
  })

  return { offer, durable, close } satisfies GroupCommit
})
