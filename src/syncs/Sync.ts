import { Effect, Option, Schema } from "effect"
import type { Connection } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Page } from "../store/Write.ts"

/** Where a stream stands: JSON that its sync alone reads, in this process or a later one. */
export type Position = Schema.Json

/** A step of a stream. */
export interface SyncStep<P = Position> {
  /** To commit before the next step; none when the step only found another way to go on. */
  readonly page: Option.Option<Page>
  /** None when the stream is at its end. */
  readonly next: Option.Option<P>
}

/**
 * A stream of a sync: pages to commit in order, each reached from a position alone, so that whoever keeps the positions
 * can go on after any of them. Its failure ends this stream and not its neighbours.
 */
export interface SyncStream {
  /** The table it fills. */
  readonly name: string
  /** Which part of the table, where several streams fill it: the id of a calendar. */
  readonly part?: string
  /** What of the table it fills, whoever else fills the same: one of them is read at a time. All of it without one. */
  readonly turn?: string
  /** Where the stream begins, by the store and the clock. */
  readonly begin: Effect.Effect<Position, ProviderError | SurrealError>
  /** The page at a position, and the position after it. */
  readonly next: (position: Position) => Effect.Effect<SyncStep, ProviderError | SurrealError>
}

/**
 * What the supervisor may know of a sync. A sync never writes: it yields pages, and the engine commits them.
 */
export interface Sync {
  readonly provider: Provider
  /** The name of its span: `sync_spotify`, `sync_google_calendar`, `sync_oura`. */
  readonly span: string
  /** The streams to bring up to date, one after the other: the same ones whenever the same is asked for. */
  readonly streams: (connection: Connection) => Effect.Effect<ReadonlyArray<SyncStream>, ProviderError | SurrealError>
}

interface StreamOptions<P> extends Pick<SyncStream, "name" | "part" | "turn"> {
  readonly position: Schema.Codec<P, Position>
  readonly begin: Effect.Effect<P, ProviderError | SurrealError>
  readonly next: (position: P) => Effect.Effect<SyncStep<P>, ProviderError | SurrealError>
}

/** A stream whose sync has a type for its positions. One that does not decode is a defect: nobody else makes them. */
export const stream = <P>({ begin, next, position, ...names }: StreamOptions<P>): SyncStream => {
  const encode = Schema.encodeEffect(position)
  const decode = Schema.decodeEffect(position)
  return {
    ...names,
    begin: Effect.flatMap(begin, (at) => Effect.orDie(encode(at))),
    next: Effect.fnUntraced(function*(at: Position) {
      const step = yield* next(yield* Effect.orDie(decode(at)))
      const after = Option.map(step.next, (at) => Effect.orDie(encode(at)))
      return { page: step.page, next: yield* Effect.transposeOption(after) }
    })
  }
}
