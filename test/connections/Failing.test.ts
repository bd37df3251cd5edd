import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Connections } from "../../src/store/Connections.ts"
import { Runs } from "../../src/store/Runs.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { furtherAccount, pass, signIn, world } from "../support/World.ts"
import { attempted, further } from "./Support.ts"

const start = "2026-03-01T08:00:00Z"

describe("an account whose syncs fail", () => {
  it.effect("is left alone after five failures in three hours, until a person releases it or signs in again", () =>
    Effect.gen(function*() {
      const runs = yield* SourceRuns
      const sandbox = yield* Sandbox
      const ring = yield* further("oura", "second-ring")
      let job = 0
      const tried = (kind = "scheduled") =>
        attempted("connector.sync", { connection: ring.id, kind, due: 0 }, { id: `job${job++}` })
      yield* sandbox.tokens.revokeTokens("oura")
      yield* sandbox.tokens.expireAccessTokens("oura")
      const failed = yield* tried()
      assert.strictEqual(failed._tag === "Failed" && failed.isRetryable, false)
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
      // a person has to sign in, and no provider is asked for nothing
      const again = yield* tried()
      assert.include(JSON.stringify(again), "glider auth oura --connection work")
      assert.lengthOf(yield* runs.list(ring.id, 10), 1)

      yield* further("oura", "second-ring")
      yield* runs.quarantine(ring.id, Date.parse(start) + 10 * 3_600_000)
      const left = yield* tried()
      assert.include(JSON.stringify(left), "\\\"skipped\\\":\\\"quarantined\\\"")
      const byHand = yield* tried("manual")
      assert.strictEqual(byHand._tag, "Succeeded", JSON.stringify(byHand))
      yield* runs.release(ring.id)
      yield* pass("1 minute")
      assert.notInclude(JSON.stringify(yield* tried()), "quarantined")
    }).pipe(Effect.provide(world({ start, connections: [furtherAccount("work", "oura")] }))))

  it.effect("of nobody, or switched off, is said and not tried again", () =>
    Effect.gen(function*() {
      const unknown = yield* attempted("connector.sync", { connection: "spotify:nobody", kind: "scheduled", due: 0 })
      assert.strictEqual(unknown._tag === "Failed" && !unknown.isRetryable, true)
      assert.include(JSON.stringify(unknown), "spotify:nobody is not connected")
      const main = yield* signIn("spotify")
      const off = yield* further("spotify", "second-listener")
      assert.include(
        JSON.stringify(yield* attempted("connector.sync", { connection: off.id, kind: "scheduled", due: 0 })),
        "disabled"
      )
      assert.strictEqual(
        (yield* attempted("connector.sync", { connection: main.id, kind: "recovery", due: 0 }, { id: "other" }))._tag,
        "Succeeded"
      )
    }).pipe(
      Effect.provide(world({ start, connections: [{ ...furtherAccount("work", "spotify"), enabled: false }] }))
    ))
})
