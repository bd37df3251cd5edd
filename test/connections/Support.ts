/** Further accounts of the stand-in providers. */
import { DateTime, Effect, Option, type Schema } from "effect"
import { ConnectionName } from "../../src/domain/Connection.ts"
import type { Provider } from "../../src/domain/Provider.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { signIn } from "../support/World.ts"

export const work = ConnectionName.make("work")

/** Somebody else agrees, and the account is called so. */
export const further = Effect.fnUntraced(function*(provider: Provider, user: string, name = work) {
  const sandbox = yield* Sandbox
  yield* sandbox.tokens.consent(provider, { user })
  return yield* Effect.ensuring(signIn(provider, Option.some(name)), sandbox.tokens.consent(provider, {}))
})

/** A try of a job, as a worker makes it. */
export const attempted = Effect.fnUntraced(
  function*(type: string, payload: Schema.Json, { attempt = 1, id = "j" } = {}) {
    const types = yield* JobTypes
    return yield* Option.getOrThrow(types.find(type)).attempt(payload, {
      id,
      type,
      attempt,
      maxAttempts: 3,
      createdAt: yield* DateTime.now,
      isCancelled: Effect.succeed(false)
    })
  }
)
