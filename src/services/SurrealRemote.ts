import { Deferred, type Duration, Effect, Option, Schedule, SynchronizedRef } from "effect"
import type * as Sdk from "surrealdb"
import { StoreUnavailable, SurrealError } from "./SurrealError.ts"

/** What a call asks of the connected client. */
export type Ask = <A>(
  operation: string,
  run: (client: Sdk.Surreal) => Promise<A>
) => Effect.Effect<A, SurrealError>

interface Connection {
  readonly client: Sdk.Surreal
  /** Fails the calls that wait on a connection which is given up. */
  readonly lost: Deferred.Deferred<never, SurrealError>
}

/** A closing handshake that nobody answers must not hold anything up. */
const farewell = "500 millis"

/** Closes a client, whatever state its connection is in. */
export const leave = (client: Sdk.Surreal): Effect.Effect<void> =>
  Effect.promise(() => client.close()).pipe(Effect.timeoutOption(farewell), Effect.ignoreCause)

const unavailable = (operation: string, message: string): SurrealError =>
  new SurrealError({ operation, reason: new StoreUnavailable({ message }) })

/** Twice more, when the connection was lost and could be made again. */
const lostConnections = Schedule.spaced("50 millis").pipe(
  Schedule.upTo({ times: 2 }),
  Schedule.setInputType<SurrealError>(),
  Schedule.while(({ input }) => input.reason._tag === "StoreUnavailable" && input.operation !== "open")
)

/**
 * Calls over one connection to a server, made anew by the first call that finds it lost.
 *
 * A call that was under way is sent again, so it may take effect twice: what is written has ids of its own. One that
 * took too long fails, is never sent again, and its connection is given up, for a peer that vanished looks just so. The
 * SDK's own reconnecting would send abandoned calls at any later time, and ends for good when a sign-in is refused.
 */
export const remoteCalls = Effect.fnUntraced(function*(
  connect: Effect.Effect<Sdk.Surreal, SurrealError>,
  ask: (client: Sdk.Surreal) => Ask,
  limit: Duration.Duration
) {
  const connection: Effect.Effect<Connection, SurrealError> = Effect.zipWith(
    connect,
    Deferred.make<never, SurrealError>(),
    (client, lost) => ({ client, lost })
  )
  const scope = yield* Effect.scope
  const current = yield* Effect.acquireRelease(
    Effect.flatMap(connection, (first) => SynchronizedRef.make(first)),
    (current) => Effect.flatMap(SynchronizedRef.get(current), ({ client }) => leave(client))
  )
  const connected = SynchronizedRef.updateAndGetEffect(
    current,
    (now) => now.client.isConnected && !Deferred.isDoneUnsafe(now.lost) ? Effect.succeed(now) : connection
  )
  const giveUp = Effect.fnUntraced(function*(operation: string, { client, lost }: Connection) {
    yield* Deferred.fail(lost, unavailable(operation, "nothing answered on the connection, it was given up"))
    yield* Effect.forkIn(leave(client), scope)
  })

  const call: Ask = (operation, run) =>
    Effect.suspend(() => {
      let used = Option.none<Connection>()
      return connected.pipe(
        Effect.flatMap((connection) => {
          used = Option.some(connection)
          return Effect.raceFirst(ask(connection.client)(operation, run), Deferred.await(connection.lost))
        }),
        Effect.retry(lostConnections),
        Effect.timeoutOrElse({
          duration: limit,
          orElse: Effect.fnUntraced(function*() {
            if (Option.isSome(used)) yield* giveUp(operation, used.value)
            return yield* unavailable(operation, "the store does not answer in time")
          })
        })
      )
    })
  return call
})
