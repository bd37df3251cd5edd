import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { filesIn } from "../docs/Repository.ts"
import { builtGlider, compileCache } from "../support/BuiltGlider.ts"

const { version }: { readonly version: string } = JSON.parse(readFileSync("package.json", "utf8"))

const glider = (...args: ReadonlyArray<string>): string =>
  spawnSync(process.execPath, [builtGlider, ...args], {
    encoding: "utf8",
    env: { HOME: "/nowhere", NODE_COMPILE_CACHE: compileCache }
  }).stdout

describe("glider version", () => {
  it("names the version of the package, the newest step of the schema, and what it runs on", () => {
    assert.strictEqual(glider("--version"), `glider ${version}\n`)
    assert.deepStrictEqual(JSON.parse(glider("version", "--output", "json")), {
      version,
      schema: filesIn("src/store/migrations", ".ts").length,
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch
    })
  })
})
