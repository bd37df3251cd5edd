/**
 * Backups of stores whose schema was that of an earlier Glider: made by `migrate(surreal, number)`, a few rows as they were written
 * then, and `dump`. A step that rewrites rows gets a further one, of the schema before it.
 */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { load } from "../../src/backup/Load.ts"
import { readable } from "../../src/backup/Restore.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { schemaVersion } from "../../src/store/Migrations.ts"

const empty = Surreal.layer({ url: "mem://", namespace: "glider", database: "glider", credentials: Option.none() })

const Rows = Schema.Array(Schema.Record(Schema.String, Schema.Unknown))

const query = (surreal: Surreal["Service"]) => (sql: string) => surreal.query(Rows, sql)

/** Restores the fixture into a store of its own, and looks at what has become of it. */
const restored = <A, E>(schema: string, look: (rows: ReturnType<typeof query>) => Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const backup = yield* readable(`test/fixtures/data/schema-${schema}.jsonl.gz`)
    const applied = yield* load(surreal, backup)
    assert.strictEqual(applied.length, schemaVersion - Number(schema))
    return yield* look(query(surreal))
  }).pipe(Effect.provide(Layer.provideMerge(Layer.fresh(empty), NodeServices.layer)))

describe("older schemas", () => {
  for (const schema of ["0004", "0008", "0012"]) {
    it.live(`rows of schema ${schema} are there, and shown, after a restore`, () =>
      restored(
        schema,
        Effect.fnUntraced(function*(rows) {
          const [play, ...plays] = yield* rows("SELECT * FROM spotify_listening_history")
          assert.deepStrictEqual(plays, [])
          assert.deepInclude(play, { track_name: "Teardrop", _raw: { kept: [1, null, "as sent"] } })
          assert.strictEqual((yield* rows("SELECT * FROM connection WHERE access_token = 'v1.sealed'")).length, 1)
          const [event] = yield* rows("SELECT * FROM google_calendar_events")
          assert.deepInclude(event, { summary: "Long stay", end_date: "2026-03-01" })
          assert.deepStrictEqual(yield* rows("SELECT age FROM quarantine"), [{ age: -1_767_607_200_000 }])
          assert.lengthOf(yield* rows("SELECT age FROM quarantine WHERE age < 0"), 1)
          if (schema === "0012") return // what is derived was made by then, or by nobody
          assert.strictEqual(event?.["long_until_date"], "2026-03-01")
          assert.strictEqual((yield* rows("SELECT * FROM listening_track")).length, 1)
        })
      ))
  }

  it.live("runs of before there was a durable engine are told as it tells its own", () =>
    restored(
      "0004",
      (rows) =>
        Effect.map(rows("SELECT state, workflow, schedule FROM run"), (runs) =>
          assert.deepStrictEqual(runs, [
            { state: "completed", workflow: "spotify", schedule: "spotify" },
            { state: "interrupted", workflow: "spotify", schedule: undefined }
          ]))
    ))
})
