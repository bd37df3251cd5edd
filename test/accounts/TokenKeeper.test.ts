import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Equal, Fiber, Layer, Option, Redacted, Scope } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import type { ProviderError } from "../../src/domain/ProviderError.ts"
import type { FaultRule } from "../../src/sandbox/FaultRules.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { AccessTokens } from "../../src/services/AccessTokens.ts"
import { CrashPoint, type Place } from "../../src/services/CrashPoint.ts"
import { DamagedStore } from "../../src/services/DamagedStore.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { QueryFailed, StoreDamaged, SurrealError } from "../../src/services/SurrealError.ts"
import { Connections } from "../../src/store/Connections.ts"
import { grants, process, signIn, surroundings, world } from "./World.ts"

/** Our clock and the sandbox's go on together, in steps: long sleeps do not end on the fast clock. */
const pass = Effect.fnUntraced(function*(minutes: number) {
  const sandbox = yield* Sandbox
  for (let left = minutes; left > 0; left -= 30) {
    const step = `${Math.min(left, 30)} minutes` as const
    yield* sandbox.clock.advance(step)
    yield* Effect.sleep(step)
  }
})

const script = Effect.fnUntraced(function*(rule: FaultRule) {
  const sandbox = yield* Sandbox
  yield* sandbox.faults.script({ endpoint: "token", ...rule })
})

/** What one process makes of the tokens. */
const inProcess = <A, E>(use: (tokens: AccessTokens["Service"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(AccessTokens, use).pipe(Effect.provide(process))

const tag = (error: ProviderError) => error.reason._tag

describe("accounts/TokenKeeper", () => {
  it.effect("gives the stored token while it has more than its margin to live, and refreshes it then", () =>
    Effect.gen(function*() {
      for (const [provider, minutes] of [["google", 58], ["spotify", 57]] as const) {
        const { id } = yield* signIn(provider)
        const tokens = yield* AccessTokens
        const before = yield* grants("refresh_token")
        const first = yield* tokens.get(id)
        yield* pass(minutes)
        assert.strictEqual(Redacted.value(yield* tokens.get(id)), Redacted.value(first))
        assert.strictEqual((yield* grants("refresh_token")) - before, 0)
        yield* pass(1) // 59 min 59 s of life, less the margin of one minute or two
        assert.notStrictEqual(Redacted.value(yield* tokens.get(id)), Redacted.value(first))
        assert.strictEqual((yield* grants("refresh_token")) - before, 1)
      }
    }).pipe(Effect.provide(world())))

  it.effect("refreshes once for a hundred who ask at the same moment", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura")
      const tokens = yield* AccessTokens
      yield* pass(24 * 60)
      const given = yield* Effect.all(Array.from({ length: 100 }, () => tokens.get(id)), { concurrency: "unbounded" })
      assert.strictEqual(new Set(given.map(Redacted.value)).size, 1)
      assert.strictEqual(yield* grants("refresh_token"), 1)
    }).pipe(Effect.provide(world())))

  it.effect("refreshes once for two processes over one store", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura").pipe(Effect.provide(process))
      yield* pass(24 * 60)
      const both = yield* Effect.all(
        [1, 2].map(() =>
          inProcess((tokens) =>
            Effect.all(Array.from({ length: 10 }, () => tokens.get(id)), { concurrency: "unbounded" })
          )
        ),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(both.flat().map(Redacted.value)).size, 1)
      assert.strictEqual(yield* grants("refresh_token"), 1)
    }).pipe(Effect.provide(surroundings())))

  it.effect("renews once for all who were refused with the same token, whatever its age", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("spotify")
      const tokens = yield* AccessTokens
      const refused = yield* tokens.get(id)
      const renewed = yield* Effect.all(Array.from({ length: 20 }, () => tokens.renew(id, refused)), {
        concurrency: "unbounded"
      })
      assert.isFalse(Equal.equals(renewed[0], refused))
      assert.strictEqual(new Set(renewed.map(Redacted.value)).size, 1)
      assert.deepStrictEqual(yield* tokens.renew(id, refused), renewed[0]) // late, and no reason to ask again
      assert.strictEqual(yield* grants("refresh_token"), 1)
    }).pipe(Effect.provide(world())))

  it.effect("lives on rotated refresh tokens for thirty days", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura")
      for (let day = 0; day < 30; day++) {
        yield* pass(24 * 60)
        yield* inProcess((tokens) => tokens.get(id))
      }
      assert.strictEqual(yield* grants("refresh_token"), 30)
    }).pipe(Effect.provide(process), Effect.provide(surroundings())))

  it.effect("keeps Google's refresh token, which no answer repeats", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("google")
      const tokens = yield* AccessTokens
      for (let hour = 0; hour < 3; hour++) {
        yield* pass(60)
        yield* tokens.get(id)
      }
      assert.strictEqual(yield* grants("refresh_token"), 3)
    }).pipe(Effect.provide(world())))

  it.effect("after invalid_grant waits for a person: says the command, asks no more, deletes nothing", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura")
      const tokens = yield* AccessTokens
      const connections = yield* Connections
      const sandbox = yield* Sandbox
      const before = Option.getOrThrow(yield* connections.find(id))
      yield* sandbox.tokens.revokeTokens("oura")
      yield* pass(24 * 60)
      const all = yield* Effect.all(Array.from({ length: 10 }, () => Effect.flip(tokens.get(id))), {
        concurrency: "unbounded"
      })
      for (let again = 0; again < 10; again++) all.push(yield* Effect.flip(tokens.get(id)))
      assert.deepStrictEqual(new Set(all.map(tag)), new Set(["NeedsAuth"]))
      for (const { message } of all) assert.include(message, "glider auth oura")
      assert.strictEqual(yield* grants("refresh_token"), 1)
      const row = Option.getOrThrow(yield* connections.find(id))
      assert.strictEqual(row.connection.state, "needs_auth")
      assert.include(Option.getOrThrow(row.connection.problem), "glider auth oura")
      assert.deepStrictEqual([row.tokens, row.version], [before.tokens, before.version])
      assert.strictEqual((yield* signIn("oura")).state, "connected")
      yield* tokens.get(id)
    }).pipe(Effect.provide(world())))

  it.effect("comes through failures that pass, and gives up on those that do not without harm", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura")
      const tokens = yield* AccessTokens
      const connections = yield* Connections
      yield* pass(24 * 60)
      yield* script({ fault: { _tag: "Status", status: 503 }, times: "always" })
      assert.strictEqual(tag(yield* Effect.flip(tokens.get(id))), "Unavailable")
      assert.strictEqual(yield* grants("refresh_token"), 3)
      const row = Option.getOrThrow(yield* connections.find(id))
      assert.deepStrictEqual([row.connection.state, row.lease], ["connected", Option.none()])
      const sandbox = yield* Sandbox
      yield* sandbox.faults.clear
      yield* script({ fault: { _tag: "Reset" }, times: 2 })
      yield* tokens.get(id)
    }).pipe(Effect.provide(world())))

  for (const fault of ["ResetMidBody", "Truncated", "MalformedJson", "Html"] as const) {
    it.effect(`ends in a new sign-in, not in a loop, when the answer that burnt the token was lost (${fault})`, () =>
      Effect.gen(function*() {
        const { id } = yield* signIn("oura")
        const tokens = yield* AccessTokens
        yield* pass(24 * 60)
        yield* script({ fault: { _tag: fault } })
        const results = yield* Effect.forEach(Array.from({ length: 5 }), () => Effect.result(tokens.get(id)))
        const tags = new Set(results.map((result) => result._tag === "Success" ? "token" : tag(result.failure)))
        assert.lengthOf([...tags], 1)
        assert.isTrue(tags.has("NeedsAuth") || tags.has("token")) // a page in place of the answer burns nothing
        assert.strictEqual(yield* grants("refresh_token"), 2)
      }).pipe(Effect.provide(world())))
  }

  it.effect("heeds Retry-After of the token endpoint in every process", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("spotify").pipe(Effect.provide(process))
      yield* pass(60)
      yield* script({ fault: { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 7200 } } })
      const refused = yield* inProcess((tokens) => Effect.flip(tokens.get(id)))
      assert.strictEqual(tag(refused), "RateLimited")
      assert.strictEqual(tag(yield* inProcess((tokens) => Effect.flip(tokens.get(id)))), "RateLimited")
      assert.strictEqual(yield* grants("refresh_token"), 1)
      yield* pass(121)
      yield* inProcess((tokens) => tokens.get(id))
    }).pipe(Effect.provide(surroundings())))

  it.effect("finishes and stores a refresh whose caller is gone", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura")
      const tokens = yield* AccessTokens
      const sandbox = yield* Sandbox
      yield* pass(24 * 60)
      const caller = yield* Effect.forkChild(tokens.get(id), { startImmediately: true })
      while ((yield* grants("refresh_token")) === 0) {
        yield* Effect.promise(() => new Promise((done) => setImmediate(done)))
      }
      yield* Fiber.interrupt(caller)
      yield* tokens.get(id)
      assert.strictEqual((yield* sandbox.requests).filter(({ grantType }) => grantType === "refresh_token").length, 1)
    }).pipe(Effect.provide(world())))

  it.effect("stores what has arrived when the process is told to stop meanwhile", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura").pipe(Effect.provide(process))
      yield* pass(24 * 60)
      const asking = yield* Effect.forkChild(inProcess((tokens) => tokens.get(id)), { startImmediately: true })
      while ((yield* grants("refresh_token")) === 0) {
        yield* Effect.promise(() => new Promise((done) => setImmediate(done)))
      }
      yield* Fiber.interrupt(asking) // ends the layer too
      yield* inProcess((tokens) => tokens.get(id))
      assert.strictEqual(yield* grants("refresh_token"), 1)
    }).pipe(Effect.provide(surroundings())))

  /** A process that ends, as by kill -9, at a place: nothing of it runs from there on. */
  const killedAt = (place: Place) =>
    Effect.gen(function*() {
      const reached = yield* Deferred.make<void>()
      const crash = (at: Place) =>
        at === place ? Effect.andThen(Deferred.succeed(reached, void 0), Effect.never) : Effect.void
      const context = yield* Layer.buildWithScope(
        process.pipe(Layer.provide(Layer.succeed(CrashPoint, crash))),
        yield* Scope.make() // never closed, as nothing of a killed process is
      )
      return { tokens: Context.get(context, AccessTokens), reached: Deferred.await(reached) }
    })

  for (const place of ["token.received", "token.stored"] as const) {
    it.effect(`recovers, or asks for a new sign-in, after a kill at ${place}; never loops`, () =>
      Effect.gen(function*() {
        const { id } = yield* signIn("oura").pipe(Effect.provide(process))
        yield* pass(24 * 60)
        const { reached, tokens } = yield* killedAt(place)
        yield* Effect.forkChild(tokens.get(id))
        yield* reached
        const next = yield* inProcess((tokens) =>
          Effect.forEach(Array.from({ length: 5 }), () => Effect.result(tokens.get(id)))
        )
        const tags = next.map((result) => result._tag === "Success" ? "token" : tag(result.failure))
        const expected = place === "token.stored" ? "token" : "NeedsAuth"
        assert.deepStrictEqual(new Set(tags), new Set([expected]))
        assert.strictEqual(yield* grants("refresh_token"), place === "token.stored" ? 1 : 2)
      }).pipe(Effect.provide(surroundings())))
  }

  it.effect("stores received tokens as soon as the store works again, without asking twice", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura").pipe(Effect.provide(process))
      yield* pass(24 * 60)
      const surreal = yield* Surreal
      let broken = true
      const failing = Surreal.of({
        ...surreal,
        transaction: (statements) =>
          broken && statements.some(({ sql }) => sql.includes("$next"))
            ? Effect.fail(
              new SurrealError({ operation: "refresh", reason: new QueryFailed({ message: "the disk is full" }) })
            )
            : surreal.transaction(statements)
      })
      const connections = Layer.fresh(Connections.layer).pipe(Layer.provide(Layer.succeed(Surreal, failing)))
      yield* inProcess((tokens) =>
        Effect.gen(function*() {
          const error = yield* Effect.flip(tokens.get(id))
          assert.include(error.message, "the disk is full")
          broken = false
          yield* tokens.get(id)
        })
      ).pipe(Effect.provide(connections))
      assert.strictEqual(yield* grants("refresh_token"), 1)
      yield* inProcess((tokens) => tokens.get(id))
      assert.strictEqual(yield* grants("refresh_token"), 1)
    }).pipe(Effect.provide(surroundings())))

  it.effect("refuses tokens that were swapped between rows or columns, and asks the provider for nothing", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura")
      const { id: other } = yield* signIn("google")
      const surreal = yield* Surreal
      const tokens = yield* AccessTokens
      const swaps = [
        "UPDATE $id SET access_token = refresh_token",
        "UPDATE $id SET access_token = (SELECT VALUE access_token FROM ONLY $other)",
        "UPDATE $id SET token_version += 1"
      ]
      const { recordId } = yield* Effect.promise(() => import("../../src/services/SurrealValue.ts"))
      for (const swap of swaps) {
        yield* surreal.execute(swap, { id: recordId("connection", [id]), other: recordId("connection", [other]) })
        const error = yield* Effect.flip(tokens.get(id))
        assert.strictEqual(tag(error), "NeedsAuth")
        assert.include(error.message, "was changed or moved")
      }
      assert.strictEqual(yield* grants("refresh_token"), 0)
    }).pipe(Effect.provide(world())))

  it.effect("asks for no new token while the store is damaged: the old one, which the store still has, would be burnt", () =>
    Effect.gen(function*() {
      const { id } = yield* signIn("oura")
      const damaged = new StoreDamaged({ folder: "/data/store", damage: ["000017.sst is not as it was written"] })
      const reading = <A, E>(use: (tokens: AccessTokens["Service"]) => Effect.Effect<A, E>) =>
        Effect.provideService(inProcess(use), DamagedStore, Option.some(damaged))
      yield* reading((tokens) => tokens.get(id))
      yield* pass(24 * 60)
      const error = yield* Effect.flip(reading((tokens) => tokens.get(id)))
      assert.strictEqual(tag(error), "Unavailable")
      assert.include(error.message, "the store is damaged")
      assert.strictEqual(yield* grants("refresh_token"), 0)
      yield* inProcess((tokens) => tokens.get(id))
      assert.strictEqual(yield* grants("refresh_token"), 1)
    }).pipe(Effect.provide(world())))

  it.effect("asks for a sign-in where there never was one", () =>
    Effect.gen(function*() {
      const tokens = yield* AccessTokens
      const error = yield* Effect.flip(tokens.get(connectionId("spotify", "nobody")))
      assert.strictEqual(tag(error), "NeedsAuth")
      assert.include(error.message, "glider auth spotify")
    }).pipe(Effect.provide(world())))
})
