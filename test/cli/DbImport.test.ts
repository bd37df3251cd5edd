import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { TableReport } from "../../src/earlier/Import.ts"
import { expected, fixture, lines } from "../earlier/EarlierWorld.ts"
import { builtGlider, compileCache } from "../support/BuiltGlider.ts"

const Printed = Schema.fromJsonString(Schema.Struct({ dryRun: Schema.Boolean, tables: Schema.Array(TableReport) }))

describe("glider db import-earlier", () => {
  it("takes the records over for the accounts that are named, and tells what has become of each table", () => {
    const home = mkdtempSync(join(tmpdir(), "glider-test-"))
    const glider = (...args: ReadonlyArray<string>) =>
      spawnSync(
        process.execPath,
        [
          builtGlider,
          "db",
          "import-earlier",
          fixture,
          "--config",
          "config.toml",
          "--data-dir",
          `${home}/data`,
          ...args
        ],
        { encoding: "utf8", env: { HOME: home, NODE_COMPILE_CACHE: compileCache } }
      )
    try {
      const done = glider("--google", "me@example.org", "--spotify", "u1", "--oura", "o1", "--output", "json")
      assert.strictEqual(done.status, 0, done.stderr)
      const { dryRun, tables } = Schema.decodeUnknownSync(Printed)(done.stdout)
      assert.isFalse(dryRun)
      assert.deepStrictEqual(lines(tables), expected)
      assert.include(done.stderr, "What could not be read is kept as it was: glider dlq list")
    } finally {
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    }
  }, 30_000)
})
