import { Effect, Option, Stream } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { OuraDataType } from "../domain/Task.ts"
import { Clock } from "../services/Clock.ts"
import { Oura } from "../services/Oura.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { ouraCursor, SyncStates } from "../store/SyncStates.ts"
import { type Page, Write } from "../store/Write.ts"
import { documentWindowsOf, heartRateWindowsOf, type ReadWindow, type WindowReader } from "./OuraReading.ts"
import { readingStart, readUpTo } from "./OuraWindows.ts"
import type { Sync } from "./Sync.ts"

export interface OuraOptions {
  readonly dataTypes: ReadonlyArray<OuraDataType>
  readonly lookbackDays: number
  /** Read exactly `lookbackDays`, wherever the last sync ended. */
  readonly forceLookback: boolean
}

/** How far a stream has come through its windows. */
interface Progress {
  readonly windows: number
  readonly fetched: number
  readonly stored: number
}

/**
 * What the ring measured: a stream for every data type, each with a state of its own, so that one that fails (a scope that
 * was not granted, say) holds up no other. Every sync reads a trailing stretch again, a page for each window of it.
 */
export const ouraSync = Effect.fnUntraced(function*(options: OuraOptions) {
  const oura = yield* Oura
  const states = yield* SyncStates
  const clock = yield* Clock

  const pages = (
    connection: ConnectionId,
    type: OuraDataType
  ): Stream.Stream<Page, ProviderError | SurrealError> =>
    Stream.unwrap(Effect.gen(function*() {
      const state = yield* states.oura(connection, type)
      const now = yield* clock.now
      const start = readingStart(state, { ...options, now })
      const windows: ReadonlyArray<WindowReader> = type === "heartrate"
        ? heartRateWindowsOf(oura, connection, { from: start, to: now })
        : documentWindowsOf(oura, connection, type, { from: clock.dayOf(start), to: clock.dayOf(now) })
      const cursor = ({ fetched, stored }: Progress) =>
        ouraCursor(connection, type, {
          lastSyncStart: start,
          lastSyncEnd: readUpTo(state, start, now),
          lastSyncAt: now,
          recordsFetched: fetched,
          recordsStored: stored
        })
      const pageOf = (window: ReadWindow, after: Progress): Page => {
        const stream = ouraTable(type)
        return {
          stream,
          read: window.listed,
          writes: [
            ...(window.rows.length === 0
              ? []
              : [Write.Upsert({ table: stream, rows: window.rows, listing: Option.none() })]),
            ...Option.toArray(window.retain),
            ...(window.unreadable.length === 0
              ? []
              : [Write.Quarantine({ stream, connection, records: window.unreadable })])
          ],
          cursor: after.windows === windows.length ? Option.some(cursor(after)) : Option.none(),
          fraction: Option.some(after.windows / windows.length)
        }
      }
      return Stream.fromIterable(windows).pipe(
        Stream.mapEffect((read) => read),
        Stream.mapAccum((): Progress => ({ windows: 0, fetched: 0, stored: 0 }), (before, window) => {
          const after = {
            windows: before.windows + 1,
            fetched: before.fetched + window.listed,
            stored: before.stored + window.rows.length
          }
          return [after, [pageOf(window, after)]]
        })
      )
    })).pipe(Stream.withSpan("sync_oura_type", { attributes: { data_type: type } }))

  const sync: Sync = {
    provider: "oura",
    span: "sync_oura",
    streams: (connection) =>
      Effect.succeed([...new Set(options.dataTypes)].map((type) => ({
        name: ouraTable(type),
        pages: pages(connection.id, type)
      })))
  }
  return sync
})
