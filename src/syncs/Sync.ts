import type { Effect, Stream } from "effect"
import type { Connection } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Page } from "../store/Write.ts"

/** A stream of a sync: pages to commit in order. Its failure ends this stream and not its neighbours. */
export interface SyncStream {
  /** The table it fills. */
  readonly name: string
  /** Which part of the table, where several streams fill it: the id of a calendar. */
  readonly part?: string
  readonly pages: Stream.Stream<Page, ProviderError | SurrealError>
}

/**
 * What the supervisor may know of a sync. A sync never writes: it yields pages, and one place (`engine/Runner.ts`)
 * commits them.
 */
export interface Sync {
  readonly provider: Provider
  /** The name of its span: `sync_spotify`, `sync_google_calendar`, `sync_oura`. */
  readonly span: string
  /** The streams to bring up to date, one after the other. */
  readonly streams: (connection: Connection) => Effect.Effect<ReadonlyArray<SyncStream>, ProviderError | SurrealError>
}
