import { Effect } from "effect"
import type { Client } from "./Client.ts"

/** Runs a command's work with the client of the API; what serves it is loaded only now. */
export const withClient = <A, E, R>(use: (client: Client) => Effect.Effect<A, E, R>) =>
  Effect.scoped(Effect.gen(function*() {
    const { connect } = yield* Effect.promise(() => import("./Client.ts"))
    return yield* use(yield* connect)
  }))
