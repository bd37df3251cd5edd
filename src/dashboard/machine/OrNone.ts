import { Effect, type Option } from "effect"
import type { CallFailure } from "../ApiCalls.ts"

/** What the API gives; none where there is no such thing, which is no failure of the page around it. */
export const orNone = <A>(call: Effect.Effect<A, CallFailure>): Effect.Effect<Option.Option<A>, CallFailure> => {
  const found = Effect.asSome(call)
  return Effect.catchTag(found, "NotFound", () => Effect.succeedNone)
}
