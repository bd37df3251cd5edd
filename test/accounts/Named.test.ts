import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { ConnectionName } from "../../src/domain/Connection.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { browse, world } from "./World.ts"

const work = Option.some(ConnectionName.make("work"))
const command = "glider auth google --connection work"

/** A sign-in of a further account, and where the browser came back to. */
const begun = Effect.gen(function*() {
  const { authorizeUrl, state } = yield* (yield* Accounts).begin("google", work)
  return { state, redirected: yield* browse(authorizeUrl) }
})

const ended = ({ redirected, state }: { readonly redirected: string; readonly state: string }) =>
  Effect.flatMap(Accounts, (accounts) => Effect.flip(accounts.complete({ provider: "google", state, redirected })))

describe("a further account that is not signed in", () => {
  it.effect("is asked for again under its name, whatever went wrong", () =>
    Effect.gen(function*() {
      const { tokens } = yield* Sandbox
      yield* tokens.consent("google", { deny: true })
      assert.include((yield* Effect.flatMap(begun, ended)).message, command)

      yield* tokens.consent("google", { scope: "openid" })
      assert.include((yield* Effect.flatMap(begun, ended)).message, command)

      yield* tokens.consent("google", {})
      const { redirected, state } = yield* begun
      const foreign = redirected.replace(/state=[^&]*/, "state=another")
      assert.include((yield* ended({ state, redirected: foreign })).message, command)

      const gone = yield* ended({ state: "never begun", redirected: "the-bare-code" })
      assert.include(gone.message, "--connection <name>")
      const unconnected = yield* Effect.flip((yield* Accounts).revoke("google", work))
      assert.include(unconnected.message, command)
    }).pipe(Effect.provide(world())))
})
