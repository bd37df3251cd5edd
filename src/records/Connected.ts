import { Context, Effect, Layer } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"

/** What all accounts of a provider have brought, together. */
export class Connected extends Context.Service<Connected, {
  /** Reads for one account after the other, in a fixed order; also for revoked ones, whose records stay. */
  readonly read: <A>(
    provider: Provider,
    ofOne: (connection: ConnectionId) => Effect.Effect<A, SurrealError>
  ) => Effect.Effect<ReadonlyArray<A>, SurrealError>
}>()("glider/records/Connected") {
  static readonly layer = Layer.effect(
    Connected,
    Effect.map(Connections, (connections) =>
      Connected.of({
        read: (provider, ofOne) =>
          Effect.flatMap(
            connections.ofProvider(provider),
            (accounts) => Effect.forEach(accounts, ({ connection: { id } }) => ofOne(id))
          )
      }))
  )
}
