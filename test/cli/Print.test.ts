import { assert, it } from "@effect/vitest"
import { table } from "../../src/cli/Print.ts"

it("a table writes out the control characters of its cells, and is as wide as they are then", () => {
  assert.strictEqual(
    table(["RUN", "STATUS"], [["a\u001b[2J", "failed"], ["b", "completed"]]),
    ["RUN         STATUS", "a\\u001b[2J  failed", "b           completed"].join("\n")
  )
})
