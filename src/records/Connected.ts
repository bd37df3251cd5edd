import { Context, Effect, Layer } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"

/** What all accounts of a provider have brought, together. */
export class Connected extends Context.Service<Connected, {
  /** Reads for one account after the other, in a fixed order; also for revoked ones, whose records stay. */
  readonly read: <A>(
    provider: Provider,
    ofOne: (connection: ConnectionId) => Effect.Effect<A, SurrealError>
  ) => Effect.Effect<ReadonlyArray<A>, SurrealError>
  /** The same for whatever has events: Google's accounts, then the calendars that were imported. */
  readonly calendars: <A>(
    ofOne: (connection: ConnectionId) => Effect.Effect<A, SurrealError>
  ) => Effect.Effect<ReadonlyArray<A>, SurrealError>
}>()("glider/records/Connected") {
  static readonly layer = Layer.effect(
    Connected,
    Effect.gen(function*() {
      const connections = yield* Connections
      const imported = yield* ImportedCalendars
      const accounts = (provider: Provider) =>
        Effect.map(connections.ofProvider(provider), (rows) => rows.map(({ connection: { id } }) => id))
      return Connected.of({
        read: (provider, ofOne) => Effect.flatMap(accounts(provider), Effect.forEach(ofOne)),
        calendars: Effect.fnUntraced(function*(ofOne) {
          const files = yield* imported.all
          return yield* Effect.forEach(
            [...yield* accounts("google"), ...files.map(({ connection }) => connection)],
            ofOne
          )
        })
      })
    })
  )
}
