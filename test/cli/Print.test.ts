import { assert, it } from "@effect/vitest"
import { table, visibleLines } from "../../src/cli/Print.ts"

it("a text of several lines keeps them, and writes out what would steer the terminal", () => {
  assert.strictEqual(visibleLines("a\n\tb\u001b[2J\r"), "a\n\tb\\u001b[2J\\u000d")
})

it("a table writes out the control characters of its cells, and is as wide as they are then", () => {
  assert.strictEqual(
    table(["RUN", "STATUS"], [["a\u001b[2J", "failed"], ["b", "completed"]]),
    ["RUN         STATUS", "a\\u001b[2J  failed", "b           completed"].join("\n")
  )
})
