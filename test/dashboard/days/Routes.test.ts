/** The pages of days over real HTTP, on an empty store. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { served } from "../../api/Served.ts"
import { visitor } from "../../support/Visitor.ts"

layer(served, { excludeTestServices: true })("the pages of days", (it) => {
  it.effect("answer whatever range or measure an address names", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      const paths = [
        "/year?of=constructor",
        "/month?of=__proto__",
        "/body?from=0000-01-01&to=0000-01-02",
        "/body?from=1990-01-01&to=2026-11-24",
        "/body?from=9999-12-30&to=9999-12-31",
        "/listening?from=0000-01-01&to=9999-12-31",
        "/listening?from=1990-01-01&to=2026-11-24",
        "/listening?range=all",
        "/listening?range=toString",
        "/listening"
      ]
      for (const path of paths) {
        const { body, status } = yield* ask(path)
        assert.strictEqual(status, 200, path)
        assert.notMatch(body, /\sstyle=|\son\w+="/, path)
      }
    }))

  it.effect("do not say of an empty store that nothing happened", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      for (const path of ["/daily", "/daily?day=1", "/listening", "/listening?range=all"]) {
        const { body } = yield* ask(path)
        assert.notMatch(body, /Nothing was played\.|Nothing is in the calendar\.|class="heat0"/, path)
        assert.include(body, "Not recorded.", path)
        assert.match(body, /<dt>Plays<\/dt><dd>– /, path)
      }
      assert.include((yield* ask("/?")).body, "Nothing was recorded of today so far.")
    }))
})
