import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Option } from "effect"
import { dump } from "../../src/backup/Dump.ts"
import { restore } from "../../src/backup/Restore.ts"
import { write } from "../../src/backup/WriteBackup.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { packed } from "../../src/services/SurrealCodec.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { SurrealServer, targetOf } from "../support/SurrealServer.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import * as RandomRows from "./RandomRows.ts"

const origin = { glider: "0.1.0", project: "glider" }

it.live(
  "a backup is restored into an empty database of a server, as it was, and into no other",
  () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const surreal = yield* Surreal
      const rows = packed(RandomRows.rows("anything", 200, 11))
      yield* surreal.execute("INSERT INTO anything encoding::cbor::decode($rows) RETURN NONE", { rows })
      const written = yield* write(`${folder}/one.jsonl.gz`, dump(surreal, origin))

      const server = Context.get(yield* Layer.build(Layer.fresh(SurrealServer.layer)), SurrealServer)
      const target = targetOf(server)
      const { applied, kept } = yield* restore(`${folder}/one.jsonl.gz`, target)
      assert.deepStrictEqual([applied, kept], [[], Option.none()])
      const again = yield* Effect.flatMap(
        Layer.build(Layer.fresh(Surreal.layer(target))),
        (context) => write(`${folder}/two.jsonl.gz`, dump(Context.get(context, Surreal), origin))
      )
      assert.deepStrictEqual(again.manifest.tables, written.manifest.tables)

      const refused = yield* Effect.flip(restore(`${folder}/one.jsonl.gz`, target))
      assert.strictEqual(refused._tag, "RestoreRefused")
      assert.include(refused.message, "the database glider of glider is not empty")
      // a restore that failed has left the server's other databases alone
      yield* restore(`${folder}/one.jsonl.gz`, { ...target, database: "other" })
    }).pipe(Effect.scoped, Effect.provide([memoryStoreTest, NodeServices.layer])),
  30_000
)
