import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Result } from "effect"
import { checkIfMatch, etagOf, parseIfMatch } from "../../src/api/Revisions.ts"

const check = (header: string | undefined) => Effect.runSync(Effect.result(checkIfMatch(header, 3)))

describe("api/Revisions", () => {
  it("a revision is a strong ETag", () => {
    assert.strictEqual(etagOf(3), "\"3\"")
  })

  it("a change goes on without If-Match, from any state, and from the state that it names", () => {
    for (
      const header of [undefined, "*", " * ", "\"3\"", "\"2\", \"3\"", "\"2\",\"3\"", ", ,\"3\" ,", "W/\"3\", \"3\""]
    ) {
      assert.isTrue(Result.isSuccess(check(header)), header)
    }
  })

  it("a change from another state, or from a weak one, is refused with what to do", () => {
    for (const header of ["\"2\"", "W/\"3\"", "\"2\", \"4\"", "\"*\"", "\"3\\\"\"", "\"\""]) {
      const refused = Result.flip(check(header))
      assert.isTrue(Result.isSuccess(refused), header)
      if (Result.isSuccess(refused)) {
        assert.deepStrictEqual(
          [refused.success.status, refused.success.code, refused.success.fix],
          [412, "precondition_failed", "read it again and repeat the change"]
        )
      }
    }
  })

  it("what is no list of entity tags is refused, never ignored", () => {
    for (const header of ["", "3", "\"3", "3\"", "\"3\" \"4\"", "*, \"3\"", ",", "w/\"3\"", "\"a b\"", "\"3\";"]) {
      assert.isTrue(Option.isNone(parseIfMatch(header)), header)
      assert.isTrue(Result.isFailure(check(header)), header)
    }
  })
})
