import { Context, type Effect, Layer, Semaphore } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { SyncStream } from "../syncs/Sync.ts"

/**
 * Streams that several tasks fill (`oura_heartrate`, `oura_full`) are read by one run at a time: what one has fetched is
 * old by the time the other has committed, and would undo it.
 */
export class StreamTurns extends Context.Service<StreamTurns, {
  readonly withTurn: (
    account: ConnectionId,
    stream: SyncStream
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}>()("glider/workflows/StreamTurns") {
  static readonly layer = Layer.sync(StreamTurns, () => {
    const turns = new Map<string, Semaphore.Semaphore>()
    return StreamTurns.of({
      withTurn: (account, { name, turn: of = "" }) => {
        const key = `${account} ${name} ${of}`
        const turn = turns.get(key) ?? Semaphore.makeUnsafe(1)
        turns.set(key, turn)
        return turn.withPermits(1)
      }
    })
  })
}
