import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { ConnectionName } from "../../src/domain/Connection.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { furtherAccount, live, signIn, sync, tasks, world } from "../support/World.ts"
import { attempted, further, work } from "./Support.ts"

const start = "2026-03-01T08:00:00Z"

const ofAccount = (id: string) => live("google_calendar_events", "record::id(id)[0] = $id", { id })

describe("several accounts of a provider", () => {
  it.effect("are signed in under names, each has its own records, and each sync is in the ledger", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const runs = yield* SourceRuns
      const main = yield* signIn("google")
      const other = yield* further("google", "alex@work.example")
      assert.deepStrictEqual([main.name, other.name], [Option.none(), Option.some(work)])
      assert.strictEqual(other.id, "google:alex@work.example")
      assert.deepStrictEqual(yield* accounts.find("google"), Option.some(main))
      assert.deepStrictEqual(yield* accounts.find("google", Option.some(work)), Option.some(other))

      assert.strictEqual((yield* sync(tasks.google_calendar)).status, "completed")
      assert.lengthOf(yield* ofAccount(other.id), 0)
      const ended = yield* attempted("connector.sync", { connection: other.id, kind: "manual", due: 0 })
      assert.strictEqual(ended._tag, "Succeeded", JSON.stringify(ended))
      assert.strictEqual((yield* ofAccount(other.id)).length, (yield* ofAccount(main.id)).length)

      const [entry, ...others] = yield* runs.list(other.id, 10)
      assert.lengthOf(others, 0)
      assert.strictEqual(entry?.kind, "manual")
      assert.strictEqual(entry?.status, "completed")
      assert.isAbove(entry?.bytes ?? 0, 1000)
      assert.strictEqual(entry?.records, (yield* ofAccount(other.id)).length)
      assert.deepStrictEqual(entry?.before, { streams: {}, watermark: Option.none() })
      const after = Option.getOrThrow(entry?.after ?? Option.none())
      assert.deepStrictEqual(Object.keys(after.streams), ["alex@work.example"])
      assert.isTrue(Option.isSome(after.watermark))
      assert.deepStrictEqual((yield* runs.list(main.id, 10)).map(({ kind }) => kind), ["manual"])
      assert.isTrue(Option.isSome((yield* runs.healthOf(other.id)).lastSuccessAt))
    }).pipe(Effect.provide(world({ start, connections: [furtherAccount("work", "google")] }))))

  it.effect("a name is of one account, an account has one name, and a new sign-in of the same is the same", () =>
    Effect.gen(function*() {
      const accounts = yield* Accounts
      const sandbox = yield* Sandbox
      yield* signIn("spotify")
      const listener = yield* further("spotify", "second-listener")
      const reason = (error: { readonly _tag: string; readonly reason?: { readonly _tag: string } }) =>
        error.reason?._tag

      const again = yield* Effect.flip(signIn("spotify", Option.some(ConnectionName.make("other"))))
      assert.strictEqual(reason(again), "NameTaken")
      assert.include(again.message, "glider auth spotify")
      const taken = yield* Effect.flip(accounts.begin("oura", Option.some(work)))
      assert.strictEqual(reason(taken), "NameTaken")
      const configured = yield* Effect.flip(accounts.begin("oura", Option.some(ConnectionName.make("home"))))
      assert.strictEqual(reason(configured), "NameTaken")
      yield* sandbox.tokens.consent("spotify", { user: "third-listener" })
      assert.strictEqual(reason(yield* Effect.flip(signIn("spotify", Option.some(work)))), "OtherUser")
      assert.strictEqual((yield* further("spotify", "second-listener")).id, listener.id)

      const status = yield* accounts.status
      assert.deepStrictEqual(
        status.map(({ connection, name, provider }) => [provider, Option.getOrNull(name), Option.isSome(connection)]),
        [["google", null, false], ["spotify", null, true], ["oura", null, false], ["home", "google"], [
          "work",
          "spotify"
        ]].map((row) => row.length === 3 ? row : [row[1], row[0], row[0] === "work"])
      )
      const { connection } = yield* accounts.revoke("spotify", Option.some(work))
      assert.strictEqual(connection.id, listener.id)
      assert.isTrue(Option.isNone(yield* accounts.find("spotify", Option.some(work))))
      assert.isTrue(Option.isSome(yield* accounts.find("spotify")))
      const gone = yield* Effect.flip(accounts.revoke("spotify", Option.some(work)))
      assert.strictEqual(reason(gone), "NotConnected")
    }).pipe(Effect.provide(world({ start, connections: [furtherAccount("home", "google")] }))))
})
