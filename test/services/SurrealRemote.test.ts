import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Context, DateTime, Duration, Effect, Exit, Fiber, Layer, Option, Schema, Scope } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { Instant, Key, OptionalInstant, recordId } from "../../src/services/SurrealValue.ts"
import { define, hasty, one, opened, page, served, stored } from "../support/RemoteStore.ts"
import { surrealTest } from "../support/StoreTest.ts"
import type { Cut } from "../support/SurrealServer.ts"

describe("services/Surreal, remote", () => {
  it.live("answers and fails as the embedded store does", () =>
    Effect.gen(function*() {
      const { surreal: remote } = yield* served()
      const embedded = Context.get(yield* Layer.build(surrealTest), Surreal)
      const at = DateTime.makeUnsafe("2026-03-29T01:30:00.123Z")
      const Row = Schema.Struct({
        id: Key,
        at: Instant,
        some: OptionalInstant,
        none: OptionalInstant,
        deep: Schema.Array(Schema.Struct({ at: Instant, text: Schema.String })),
        empty: Schema.Null,
        isNone: Schema.Boolean
      })
      const story = Effect.fnUntraced(function*(surreal: Surreal["Service"]) {
        yield* surreal.execute("DEFINE TABLE twice; DEFINE TABLE told")
        yield* surreal.execute("CREATE $id CONTENT $row", {
          id: recordId("told", ["google:me@x", "it's ⟨v⟩ `\"", 7]),
          row: { at, some: Option.some(at), none: Option.none(), deep: [{ at, text: "ž\n🎵" }], empty: null }
        })
        const both = yield* surreal.transaction([
          { sql: "CREATE $id SET v = $v RETURN VALUE v", vars: { id: recordId("twice", ["a"]), v: 1 } },
          { sql: "CREATE $id SET v = $v RETURN VALUE v", vars: { id: recordId("twice", ["b"]), v: 2.5 } }
        ])
        const again = yield* Effect.flip(surreal.transaction([
          { sql: "CREATE $id", vars: { id: recordId("twice", ["c"]) } },
          { sql: "CREATE $id", vars: { id: recordId("twice", ["a"]) } }
        ]))
        return {
          both,
          rows: yield* surreal.query(Schema.Array(Row), "SELECT *, none = NONE AS isNone FROM told"),
          twice: yield* surreal.query(Schema.Array(Key), "SELECT VALUE id FROM twice"),
          again: again.reason,
          syntax: (yield* Effect.flip(surreal.execute("SELECT FROM WHERE"))).reason,
          thrown: (yield* Effect.flip(surreal.execute("THROW 'no such connection'"))).reason,
          shape: (yield* Effect.flip(surreal.query(Schema.Array(Schema.Finite), "RETURN ['x']"))).reason
        }
      })
      const answers = yield* story(remote)
      assert.deepStrictEqual(answers, yield* story(embedded))
      assert.deepStrictEqual(answers.twice, [["a"], ["b"]])
      assert.strictEqual(answers.again._tag, "AlreadyExists")
      assert.strictEqual(answers.syntax._tag, "QueryFailed")
      assert.strictEqual(answers.thrown._tag, "QueryFailed")
      yield* remote.execute("CREATE counter:1 SET v = 0")
      yield* Effect.forEach(Arr.range(1, 8), () => remote.transaction([{ sql: "UPDATE counter:1 SET v += 1" }]), {
        concurrency: "unbounded"
      })
      assert.strictEqual(yield* remote.query(Schema.Finite, "RETURN counter:1.v"), 8)
    }))

  it.live("refuses a wrong password at once and does not repeat it", () =>
    Effect.gen(function*() {
      const { server } = yield* served()
      const error = yield* Effect.flip(opened(server, { open: "1 minute", call: "1 minute" }, "not-the-password"))
      assert.strictEqual(error._tag, "SurrealError")
      assert.strictEqual(error.reason._tag, "StoreUnavailable")
      assert.match(error.message, /authentication/)
      assert.notMatch(JSON.stringify(error) + error.message + error.stack, /not-the-password/)
    }))

  it.live("a daemon waits for a server that comes later, and refuses a wrong password at once all the same", () =>
    Effect.gen(function*() {
      const { server } = yield* served()
      yield* server.stop
      const limits = { open: "400 millis", call: "1 minute" } as const
      const waiting = yield* Effect.forkScoped(opened(server, limits, server.password, Surreal.layerPatient))
      yield* Effect.sleep("600 millis")
      assert.isUndefined(waiting.pollUnsafe())
      yield* server.start
      const surreal = Context.get(yield* Fiber.join(waiting), Surreal)
      assert.strictEqual(yield* surreal.query(Schema.Finite, "RETURN 1"), 1)
      const error = yield* Effect.flip(opened(server, limits, "not-the-password", Surreal.layerPatient))
      assert.match(error.message, /authentication/)
    }))

  it.live("says that the store is not available when no server is there, in the time given", () =>
    Effect.gen(function*() {
      const { server } = yield* served()
      yield* server.stop
      const [time, error] = yield* Effect.timed(Effect.flip(opened(server, { open: "400 millis", call: "1 minute" })))
      assert.strictEqual(error.reason._tag, "StoreUnavailable")
      assert.match(error.message, /cannot be reached/)
      assert.isBelow(Duration.toMillis(time), 3000)
    }))

  it.live("says so too when the server takes the connection and keeps silent", () =>
    Effect.gen(function*() {
      const { server } = yield* served()
      yield* server.mute(true)
      const [time, error] = yield* Effect.timed(Effect.flip(opened(server, { open: "400 millis", call: "1 minute" })))
      assert.strictEqual(error.reason._tag, "StoreUnavailable")
      assert.isBelow(Duration.toMillis(time), 3000)
    }))

  it.live("opens when the server comes up within the time given", () =>
    Effect.gen(function*() {
      const { server } = yield* served()
      yield* server.stop
      const opening = yield* Effect.forkChild(opened(server), { startImmediately: true })
      yield* server.start
      const store = yield* Fiber.join(opening)
      assert.strictEqual(yield* one(Context.get(store, Surreal)), 1)
    }))

  it.live("commits a thousand records in a few round trips, signed in once", () =>
    Effect.gen(function*() {
      const { commit, server, surreal } = yield* served()
      yield* surreal.execute(define)
      const before = yield* server.seen
      assert.deepStrictEqual(before, { connections: 1, signIns: 1, queries: 1 })
      assert.strictEqual((yield* commit.page(page(1, 1000))).created, 1000)
      const after = yield* server.seen
      assert.deepStrictEqual(after, { connections: 1, signIns: 1, queries: before.queries + 3 })
      assert.deepStrictEqual(yield* stored(surreal), { keys: 1000, distinct: 1000, cursor: [1] })
    }))

  it.live("has every page of a series once although connections are cut before and after its commits", () =>
    Effect.gen(function*() {
      const { commit, server, surreal } = yield* served()
      yield* surreal.execute(define)
      // a page asks what is there, then commits
      const cuts: ReadonlyArray<ReadonlyArray<Cut>> = [
        ["none", "before"],
        ["none", "after"],
        ["after"],
        ["before", "none", "after"],
        ["none", "after", "before"],
        []
      ]
      for (const number of Arr.range(1, 6)) {
        yield* server.cut(cuts[number % cuts.length] ?? [])
        yield* commit.page(page(number, 50))
      }
      assert.deepStrictEqual(yield* stored(surreal), { keys: 300, distinct: 300, cursor: [6] })
      const seen = yield* server.seen
      assert.strictEqual(seen.signIns, seen.connections)
    }))

  it.live("carries commits under way over a restart of the server", () =>
    Effect.gen(function*() {
      const { commit, server, surreal } = yield* served()
      yield* surreal.execute(define)
      const series = yield* Effect.forkChild(
        Effect.forEach(Arr.range(1, 30), (number) => commit.page(page(number, 20)))
      )
      yield* Effect.repeat(server.seen, { until: ({ queries }) => queries > 20 })
      yield* server.stop
      yield* server.start
      yield* Fiber.join(series)
      assert.deepStrictEqual(yield* stored(surreal), { keys: 600, distinct: 600, cursor: [30] })
      assert.strictEqual((yield* server.seen).connections, 2)
    }))

  it.live("fails in time while the server is away, and answers again once it is back", () =>
    Effect.gen(function*() {
      const { commit, server, surreal } = yield* served(hasty)
      yield* surreal.execute(define)
      yield* server.stop
      const [time, errors] = yield* Effect.timed(Effect.all([
        Effect.flip(one(surreal)),
        Effect.flip(surreal.execute("CREATE tally")),
        Effect.flip(commit.page(page(1, 5)))
      ], { concurrency: "unbounded" }))
      for (const { reason } of errors) assert.strictEqual(reason._tag, "StoreUnavailable")
      assert.isBelow(Duration.toMillis(time), 5000)
      yield* server.start
      assert.strictEqual((yield* commit.page(page(2, 5))).created, 5)
      assert.deepStrictEqual(yield* stored(surreal), { keys: 5, distinct: 5, cursor: [2] })
    }))

  it.live("never sends later what its caller was told has failed", () =>
    Effect.gen(function*() {
      const { server, surreal } = yield* served(hasty)
      yield* surreal.execute(define)
      yield* server.mute(true)
      const error = yield* Effect.flip(surreal.execute("CREATE tally:late"))
      assert.strictEqual(error.reason._tag, "StoreUnavailable")
      yield* server.mute(false)
      yield* server.drop
      assert.strictEqual(yield* one(surreal), 1)
      assert.deepStrictEqual(yield* surreal.query(Schema.Array(Schema.Unknown), "SELECT * FROM tally"), [])
    }))

  it.live("leaves a connection on which nothing answers any more", () =>
    Effect.gen(function*() {
      const { server, surreal } = yield* served(hasty)
      yield* server.mute(true)
      const waiting = yield* Effect.forkChild(
        Effect.all([Effect.flip(one(surreal)), Effect.flip(one(surreal))], { concurrency: "unbounded" })
      )
      for (const { reason } of yield* Fiber.join(waiting)) assert.strictEqual(reason._tag, "StoreUnavailable")
      yield* server.mute(false)
      assert.strictEqual(yield* one(surreal), 1)
      assert.isAtLeast((yield* server.seen).connections, 2)
    }))

  it.live("is not lost for good when a sign-in after a restart is refused", () =>
    Effect.gen(function*() {
      const { server, surreal } = yield* served()
      yield* server.administer("DEFINE USER OVERWRITE root ON ROOT PASSWORD 'another' ROLES OWNER")
      yield* server.stop
      yield* server.start
      const error = yield* Effect.flip(one(surreal))
      assert.strictEqual(error.reason._tag, "StoreUnavailable")
      assert.notMatch(error.message, new RegExp(server.password))
      yield* server.administer(`DEFINE USER OVERWRITE root ON ROOT PASSWORD '${server.password}' ROLES OWNER`)
      assert.strictEqual(yield* one(surreal), 1)
    }))

  it.live("closes although the server is away or silent", () =>
    Effect.gen(function*() {
      const { server } = yield* served()
      for (const leave of [server.mute(true), server.stop]) {
        yield* server.mute(false)
        const scope = yield* Scope.make()
        const store = yield* Scope.provide(opened(server), scope)
        yield* leave
        const asking = yield* Effect.forkChild(one(Context.get(store, Surreal)), { startImmediately: true })
        yield* Fiber.interrupt(asking)
        const [time] = yield* Effect.timed(Scope.close(scope, Exit.void))
        assert.isBelow(Duration.toMillis(time), 4000)
      }
    }))
})
