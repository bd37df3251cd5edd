import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Option } from "effect"
import type { ConnectionId } from "../../src/domain/Connection.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Connections } from "../../src/store/Connections.ts"
import { Runs } from "../../src/store/Runs.ts"
import { ledgerWrites, SourceRuns } from "../../src/store/SourceRuns.ts"
import { runRow } from "../support/RunRows.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { furtherAccount, pass, signIn, world } from "../support/World.ts"
import { attempted, further } from "./Support.ts"

const start = "2026-03-01T08:00:00Z"
const hour = 3_600_000
const minute = 60_000

describe("an account whose syncs fail", () => {
  it.effect("waits for a person when the sign-in has ended, without a dead letter, and says so to one who asks", () =>
    Effect.gen(function*() {
      const runs = yield* SourceRuns
      const sandbox = yield* Sandbox
      const ring = yield* further("oura", "second-ring")
      let job = 0
      const tried = (kind = "scheduled", due = 0) =>
        attempted("connector.sync", { connection: ring.id, kind, due }, { id: `job${job++}` })
      yield* sandbox.tokens.revokeTokens("oura")
      yield* sandbox.tokens.expireAccessTokens("oura")
      const failed = yield* tried()
      assert.strictEqual(failed._tag, "Succeeded")
      assert.include(JSON.stringify(failed), "\\\"kind\\\":\\\"auth\\\"")
      const [entry] = yield* runs.list(ring.id, 1)
      assert.deepStrictEqual([entry?.status, Option.getOrNull(entry?.failureClass ?? Option.none())], [
        "needs_auth",
        "auth"
      ])
      const command = "glider auth oura --connection work"
      const [row] = (yield* (yield* Connections).ofProvider("oura")).map(({ connection }) => connection)
      assert.include(Option.getOrThrow(row?.problem ?? Option.none()), command)
      const run = Option.getOrThrow(yield* (yield* Runs).get(entry?.run ?? ""))
      assert.deepStrictEqual(Option.flatMap(run.error, ({ fix }) => fix), Option.some(command))
      // no provider is asked for nothing
      assert.include(JSON.stringify(yield* tried()), "\\\"skipped\\\":\\\"needs_auth\\\"")
      const asked = yield* tried("manual")
      assert.strictEqual(asked._tag === "Failed" && asked.isRetryable, false)
      assert.include(JSON.stringify(asked), "glider auth oura --connection work")
      assert.lengthOf(yield* runs.list(ring.id, 10), 1)
    }).pipe(Effect.provide(world({ start, connections: [furtherAccount("work", "oura")] }))))

  it.effect("is left alone in a quarantine, unless a person asks, releases it or signs in again", () =>
    Effect.gen(function*() {
      const runs = yield* SourceRuns
      const listener = yield* further("spotify", "second-listener")
      let job = 0
      const tried = (kind = "scheduled") =>
        Effect.flatMap(
          DateTime.now,
          (now) =>
            attempted("connector.sync", { connection: listener.id, kind, due: now.epochMilliseconds }, {
              id: `job${job++}`
            })
        )
      const away = Effect.flatMap(
        DateTime.now,
        (now) => runs.quarantine(listener.id, now.epochMilliseconds + 6 * hour)
      )
      yield* away
      assert.include(JSON.stringify(yield* tried()), "\\\"skipped\\\":\\\"quarantined\\\"")
      const byHand = yield* tried("manual")
      assert.strictEqual(byHand._tag, "Succeeded", JSON.stringify(byHand))
      yield* runs.release(listener.id)
      yield* pass("1 minute")
      assert.include(JSON.stringify(yield* tried()), "\\\"skipped\\\":null")
      yield* away
      yield* pass("1 minute")
      yield* further("spotify", "second-listener")
      assert.include(JSON.stringify(yield* tried()), "\\\"skipped\\\":null")
    }).pipe(Effect.provide(world({ start, connections: [furtherAccount("work", "spotify")] }))))

  it.effect("of nobody, switched off, or already synced, is said", () =>
    Effect.gen(function*() {
      const unknown = yield* attempted("connector.sync", { connection: "spotify:nobody", kind: "scheduled", due: 0 })
      assert.strictEqual(unknown._tag === "Failed" && !unknown.isRetryable, true)
      assert.include(JSON.stringify(unknown), "spotify:nobody is not connected")
      const main = yield* signIn("spotify")
      const off = yield* further("spotify", "second-listener")
      const tried = (connection: ConnectionId, kind: string, id: string) =>
        Effect.map(attempted("connector.sync", { connection, kind, due: 0 }, { id }), JSON.stringify)
      assert.include(yield* tried(off.id, "scheduled", "a"), "disabled")
      assert.include(yield* tried(main.id, "recovery", "b"), "\\\"skipped\\\":null")
      assert.include(yield* tried(main.id, "recovery", "c"), "fresh")
    }).pipe(
      Effect.provide(world({ start, connections: [{ ...furtherAccount("work", "spotify"), enabled: false }] }))
    ))

  it.effect("whose job is cancelled stops its run", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const control = yield* RunControl
      const sandbox = yield* Sandbox
      const types = yield* JobTypes
      const main = yield* signIn("spotify")
      yield* sandbox.faults.script({ provider: "spotify", fault: { _tag: "Hang" }, times: "always" })
      const work = Option.getOrThrow(types.find("connector.sync")).attempt(
        { connection: main.id, kind: "manual", due: 0 },
        {
          id: "j",
          type: "connector.sync",
          attempt: 1,
          maxAttempts: 3,
          createdAt: yield* DateTime.now,
          isCancelled: Effect.succeed(true)
        }
      )
      const fiber = yield* Effect.forkChild(work)
      yield* Effect.repeat(runs.get("j.1"), { until: Option.isSome })
      yield* Fiber.interrupt(fiber)
      const ended = Option.getOrThrow(yield* control.ended("j.1"))
      assert.include(["cancelled", "interrupted"], ended.state)
    }).pipe(Effect.provide(world({ start }))))
})

describe("the ledger", () => {
  const account = "spotify:somebody"
  const at = Date.parse(start)

  const ended = Effect.fnUntraced(function*(
    state: "completed" | "failed",
    minutes: number,
    { kind, tag }: { readonly kind?: string; readonly tag?: string } = {}
  ) {
    const row = runRow(`run-${minutes}`, DateTime.formatIso(DateTime.makeUnsafe(at + minutes * minute)), {
      workflow: "connector_sync",
      state,
      finishedAt: at + minutes * minute + 1000,
      error: tag === undefined ? undefined : { tag, message: tag, fix: null },
      report: {
        pages: 0,
        streams: {},
        errors: {},
        source: {
          connection: account,
          bytes: 0,
          before: { streams: {}, watermark: null },
          ...kind === undefined ? {} : { kind }
        }
      }
    })
    yield* (yield* Surreal).transaction(ledgerWrites(row))
  })

  const health = Effect.gen(function*() {
    const all = yield* (yield* SourceRuns).health
    const [row] = [...all.values()]
    return {
      since: Option.getOrNull(Option.map(row?.lastSuccessAt ?? Option.none(), (end) => (end - at - 1000) / minute)),
      failures: (row?.failures ?? []).map((end) => (end - at - 1000) / minute)
    }
  })

  it.effect("counts what is the account's own, tries one after the other once, and no backfill", () =>
    Effect.gen(function*() {
      yield* ended("completed", 0)
      yield* ended("failed", 10, { tag: "NotFound" })
      yield* ended("failed", 11, { tag: "NotFound" })
      yield* ended("failed", 14, { tag: "NotFound" })
      yield* ended("failed", 16, { tag: "TypeError" })
      for (const tag of ["Unavailable", "CircuitOpen", "RateLimited", "StoreUnavailable"]) {
        yield* ended("failed", 30, { tag })
      }
      yield* ended("failed", 40, { tag: "NotFound", kind: "backfill" })
      yield* ended("completed", 41, { kind: "backfill" })
      assert.deepStrictEqual(yield* health, { since: 0, failures: [16, 10] })
      yield* ended("completed", 50)
      assert.deepStrictEqual(yield* health, { since: 50, failures: [] })
      // the clock was set back
      yield* ended("completed", 20)
      assert.deepStrictEqual((yield* health).since, 20)
    }).pipe(Effect.provide(SourceRuns.layer), Effect.provide(memoryStoreTest)))
})
