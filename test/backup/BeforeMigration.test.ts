import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { backupsIn } from "../../src/backup/Backups.ts"
import { beforeMigration } from "../../src/backup/BeforeMigration.ts"
import { verify } from "../../src/backup/ReadBackup.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { BeforeMigration, migrate, schemaVersion } from "../../src/store/Migrations.ts"
import { surrealTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const migrated = (folder: string, upTo?: number) =>
  Effect.gen(function*() {
    const before = yield* beforeMigration(folder, { glider: "0.1.0", project: "glider" })
    return yield* Effect.provideService(migrate(yield* Surreal, upTo), BeforeMigration, before)
  })

describe("a backup before a migration", () => {
  it.effect("is made of a store that has rows and lacks steps, and of no other", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const surreal = yield* Surreal
      yield* migrated(folder, 4)
      yield* migrated(folder, 5) // no rows yet
      assert.deepStrictEqual(yield* backupsIn(folder), [])
      yield* surreal.execute("CREATE provider_gate:spotify SET shut_until = d'2026-11-01T00:00:00Z'")
      yield* migrated(folder)
      assert.deepStrictEqual(yield* migrated(folder), [])
      const [made, ...others] = yield* backupsIn(folder)
      assert.deepStrictEqual(others, [])
      assert.match(String(made?.path), /\/before-schema-0005-[\dTZ-]+\.jsonl\.gz$/)
      const { header, manifest } = yield* verify(String(made?.path))
      assert.strictEqual(header.schema, 5)
      assert.strictEqual(manifest.tables["provider_gate"]?.rows, 1)
    }).pipe(Effect.provide([surrealTest, NodeServices.layer])))

  it.effect("that cannot be made leaves the schema as it was", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      const surreal = yield* Surreal
      yield* migrated(folder, 5)
      yield* surreal.execute("CREATE provider_gate:spotify SET shut_until = d'2026-11-01T00:00:00Z'")
      yield* fs.writeFileString(`${folder}/file`, "in the way")
      const error = yield* Effect.flip(migrated(`${folder}/file/backups`))
      assert.strictEqual(error._tag, "MigrationHeld")
      assert.include(error.message, "no backup could be made before")
      assert.strictEqual((yield* migrate(surreal)).length, schemaVersion - 5)
    }).pipe(Effect.provide([surrealTest, NodeServices.layer])))
})
