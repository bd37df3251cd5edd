import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { ConnectionName } from "../../src/domain/Connection.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { live, signIn, sync, tasks, world } from "../support/World.ts"

const work = ConnectionName.make("work")

const second = Effect.fnUntraced(function*(provider: "google" | "spotify" | "oura", user: string) {
  const sandbox = yield* Sandbox
  yield* sandbox.tokens.consent(provider, { user })
  const connection = yield* signIn(provider, Option.some(work))
  yield* sandbox.tokens.consent(provider, {})
  return connection
})

/** Does a job of an account once, as a worker does. */
export const synced = Effect.fnUntraced(function*(connection: string, kind: string, id = "j") {
  const types = yield* JobTypes
  return yield* Option.getOrThrow(types.find("connector.sync")).attempt({ connection, kind, due: 0 }, {
    id,
    type: "connector.sync",
    attempt: 1,
    maxAttempts: 3,
    createdAt: yield* DateTime.now,
    isCancelled: Effect.succeed(false)
  })
})

describe("several accounts of a provider", () => {
  it.effect("are signed in under names, and each has its own records", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const main = yield* signIn("google")
      const other = yield* second("google", "alex@work.example")
      assert.deepStrictEqual([main.name, other.name], [Option.none(), Option.some(work)])
      assert.strictEqual(other.id, "google:alex@work.example")
      assert.deepStrictEqual(yield* accounts.find("google"), Option.some(main))
      assert.deepStrictEqual(yield* accounts.find("google", Option.some(work)), Option.some(other))
      const run = yield* sync(tasks.google_calendar)
      assert.strictEqual(run.status, "completed")
      const before = yield* live("google_calendar_events", "record::id(id)[0] = $id", { id: other.id })
      assert.strictEqual(before.length, 0)
      const ended = yield* synced(other.id, "manual")
      assert.strictEqual(ended._tag, "Succeeded", JSON.stringify(ended))
      const own = yield* live("google_calendar_events", "record::id(id)[0] = $id", { id: other.id })
      assert.isAbove(own.length, 0)
      const runs = yield* SourceRuns
      const [entry] = yield* runs.list(other.id, 10)
      assert.strictEqual(entry?.kind, "manual")
      assert.strictEqual(entry?.status, "completed")
      assert.isAbove(entry?.bytes ?? 0, 1000)
      assert.isAbove(entry?.records ?? 0, 0)
      assert.deepStrictEqual(entry?.before, { streams: {}, watermark: Option.none() })
      assert.isTrue(Option.exists(entry?.after ?? Option.none(), ({ watermark }) => Option.isSome(watermark)))
      assert.deepStrictEqual((yield* runs.list(main.id, 10)).map(({ kind }) => kind), ["manual"])
      assert.isTrue(Option.isSome((yield* runs.healthOf(other.id)).lastSuccessAt))
    }).pipe(Effect.provide(world({ start: "2026-03-01T08:00:00Z" }))))
})
