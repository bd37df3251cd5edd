import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { builtGlider, compileCache } from "../support/BuiltGlider.ts"

const nowhere = join(tmpdir(), "glider-test-nowhere")

const health = (...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [builtGlider, "health", "--data-dir", nowhere, ...args], {
    encoding: "utf8",
    env: { HOME: "/nowhere", NODE_COMPILE_CACHE: compileCache }
  })

describe("glider health", () => {
  it("ends with 1 where no glider run is at work, says what to do, and makes no folder", () => {
    const { status, stderr, stdout } = health()
    assert.strictEqual(status, 1)
    assert.strictEqual(stdout, "")
    assert.include(stderr, `no glider run is at work on ${nowhere}`)
    assert.include(stderr, "mend it: glider run")
    assert.isFalse(existsSync(nowhere))
  })

  it("ends with 1 where nobody answers, and tells so as JSON, too", () => {
    const address = "http://127.0.0.1:1"
    const { status, stderr, stdout } = health("--server-url", address, "--output", "json")
    assert.strictEqual(status, 1)
    assert.deepStrictEqual(JSON.parse(stdout), { ok: false, address, detail: `nobody answers at ${address}` })
    assert.include(stderr, `not ready: nobody answers at ${address}`)
  })
})
