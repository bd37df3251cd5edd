import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as GroupCommit from "../../src/engine/GroupCommit.ts"
import type { Change, Journal } from "../../src/engine/Journal.ts"
import { QueryFailed, SurrealError } from "../../src/services/SurrealError.ts"
import * as AwayJournal from "../support/AwayJournal.ts"
import * as HeldJournal from "../support/HeldJournal.ts"
import { turn, until } from "../support/Turns.ts"

const change = (run: string): Change => ({
  run,
  create: undefined,
  patch: { progress: run },
  segment: undefined,
  attributes: undefined,
  wakes: [],
  writes: [],
  deadLetter: undefined
})

/** Somebody with `left` things to commit, one for each offer. */
const somebody = (run: string, touches: ReadonlyArray<GroupCommit.Committing> = []): GroupCommit.Committing => ({
  take: () => change(run),
  touches: () => touches,
  pending: undefined,
  underWay: undefined,
  refused: undefined
})

/** Notes each transaction, and refuses those with a poisoned run in them. */
const listing = () => {
  const transactions: Array<ReadonlyArray<string>> = []
  const journal: Journal = {
    commit: (changes) =>
      Effect.suspend(() => {
        const runs = changes.map(({ run }) => run)
        if (runs.some((run) => run.startsWith("poisoned"))) {
          return Effect.fail(new SurrealError({ operation: "commit", reason: new QueryFailed({ message: "no" }) }))
        }
        transactions.push(runs)
        return Effect.void
      }),
    rows: () => Effect.succeed([]),
    load: () => Effect.undefined,
    unfinished: () => Effect.succeed([])
  }
  return { journal, transactions }
}

describe("the group committer", () => {
  it.effect("commits what is offered at the same time together", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const committer = yield* GroupCommit.make(journal)
      const all = ["a", "b", "c"].map((run) => somebody(run))
      for (const who of all) committer.offer(who)
      yield* Effect.forEach(all, committer.durable)
      assert.deepStrictEqual(transactions, [["a", "b", "c"]])
    }))

  it.effect("harms none of those that share a transaction with one that is refused", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const committer = yield* GroupCommit.make(journal)
      const all = ["a", "poisoned", "b"].map((run) => somebody(run))
      for (const who of all) committer.offer(who)
      const exits = yield* Effect.forEach(all, (who) => Effect.exit(committer.durable(who)))
      assert.deepStrictEqual(exits.map(Exit.isSuccess), [true, false, true])
      assert.deepStrictEqual(transactions, [["a"], ["b"]])
    }))

  it.effect("takes nothing more of one that was refused, whenever it asks", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const committer = yield* GroupCommit.make(journal)
      const poisoned = somebody("poisoned")
      committer.offer(poisoned)
      yield* Effect.repeat(turn, { times: 5 })
      const later: GroupCommit.Committing = Object.assign(poisoned, { take: () => change("what came of it") })
      const first = yield* Effect.exit(committer.durable(later))
      committer.offer(later)
      const second = yield* Effect.exit(committer.durable(later))
      assert.isTrue(Exit.isFailure(first) && Exit.isFailure(second))
      assert.deepStrictEqual(transactions, [])
    }))

  it.effect("commits nothing that belongs to one that was refused", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const committer = yield* GroupCommit.make(journal)
      const run = somebody("poisoned")
      const [together, later] = [0, 1].map((part) => ({ ...somebody(`part ${part}`, [run]), needs: run }))
      committer.offer(run)
      if (together !== undefined) committer.offer(together)
      yield* Effect.repeat(turn, { times: 5 })
      if (later !== undefined) committer.offer(later)
      yield* Effect.repeat(turn, { times: 5 })
      assert.deepStrictEqual([together, later].map((part) => part?.refused?.reason._tag), [
        "QueryFailed",
        "QueryFailed"
      ])
      assert.deepStrictEqual(transactions, [])
    }))

  it.effect("asks a store that is away again, and loses nothing", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const away = AwayJournal.of(journal)
      const committer = yield* GroupCommit.make(away)
      yield* away.leave
      const all = ["a", "b"].map((run) => somebody(run))
      for (const who of all) committer.offer(who)
      const waiting = yield* Effect.forkChild(Effect.forEach(all, committer.durable))
      yield* until(() => away.refused() === 1)
      yield* TestClock.adjust("5 seconds")
      assert.isAbove(away.refused(), 3)
      yield* away.comeBack
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(transactions, [["a", "b"]])
    }))

  it.effect("gives a store up that stays away for all who wait at once, and not for one after the other", () =>
    Effect.gen(function*() {
      const away = AwayJournal.of(listing().journal)
      const committer = yield* GroupCommit.make(away)
      yield* away.leave
      const all = Array.from({ length: 50 }, (_, index) => somebody(`${index}`))
      for (const who of all) committer.offer(who)
      const waiting = yield* Effect.forkChild(Effect.forEach(all, (who) => Effect.exit(committer.durable(who))))
      yield* until(() => away.refused() === 1)
      yield* TestClock.adjust("12 seconds")
      yield* Effect.repeat(turn, { times: 5 })
      const exits = yield* Fiber.join(waiting)
      assert.isTrue(exits.every(Exit.isFailure))
    }))

  it.effect("never has two transactions under way that write one row", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const held = HeldJournal.of(journal)
      const committer = yield* GroupCommit.make(held)
      const parent = somebody("parent")
      const child = somebody("child", [parent])
      yield* held.hold
      committer.offer(child)
      yield* until(() => held.waiting() === 1)
      committer.offer(parent)
      committer.offer(somebody("other"))
      yield* until(() => held.waiting() === 2)
      yield* held.release
      yield* committer.durable(parent)
      assert.deepStrictEqual(transactions, [["child"], ["other"], ["parent"]])
    }))

  it.effect("sends what comes together while two transactions are under way as one", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const held = HeldJournal.of(journal)
      const committer = yield* GroupCommit.make(held)
      yield* held.hold
      for (const run of ["a", "b", "c", "d"]) {
        committer.offer(somebody(run))
        yield* Effect.repeat(turn, { times: 3 })
      }
      assert.strictEqual(held.waiting(), 2)
      yield* held.release
      yield* committer.close
      assert.deepStrictEqual(transactions, [["a"], ["b"], ["c", "d"]])
    }))

  it.effect("sends many in two halves, so that one goes on while the store works on the other", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const held = HeldJournal.of(journal)
      const committer = yield* GroupCommit.make(held)
      yield* held.hold
      const all = Array.from({ length: 101 }, (_, index) => somebody(String(index)))
      for (const who of all) committer.offer(who)
      yield* until(() => held.waiting() === 2)
      yield* held.release
      yield* Effect.forEach(all, committer.durable)
      assert.deepStrictEqual(transactions.map(({ length }) => length), [51, 50])
    }))

  it.effect("commits what somebody had offered who offers more when it is closing", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const held = HeldJournal.of(journal)
      const committer = yield* GroupCommit.make(held)
      yield* held.hold
      const [first, second, third] = [somebody("a"), somebody("b"), somebody("c")]
      for (const [index, who] of [first, second].entries()) {
        committer.offer(who)
        yield* until(() => held.waiting() === index + 1)
      }
      committer.offer(third)
      const durable = yield* Effect.forkChild(Effect.exit(committer.durable(third)))
      const closing = yield* Effect.forkChild(committer.close)
      yield* turn
      committer.offer(third)
      yield* held.release
      yield* Fiber.join(closing)
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(durable)))
      assert.deepStrictEqual(transactions, [["a"], ["b"], ["c"]])
    }))

  it.effect("commits what it has when it is closed, and refuses what comes later", () =>
    Effect.gen(function*() {
      const { journal, transactions } = listing()
      const committer = yield* GroupCommit.make(journal)
      const [early, late] = [somebody("early"), somebody("late")]
      committer.offer(early)
      yield* committer.close
      assert.deepStrictEqual(transactions, [["early"]])
      committer.offer(late)
      assert.isTrue(Exit.isFailure(yield* Effect.exit(committer.durable(late))))
    }))
})
