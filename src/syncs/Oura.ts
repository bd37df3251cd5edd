import { Effect, Option } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { OuraDataType } from "../domain/Task.ts"
import { Clock } from "../services/Clock.ts"
import { Oura } from "../services/Oura.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { ouraCursor, SyncStates } from "../store/SyncStates.ts"
import { type Cursor, type Page, Write } from "../store/Write.ts"
import { documentWindowsOf, heartRateWindowsOf, type ReadWindow, type WindowReader } from "./OuraReading.ts"
import { Reading, readingStart, readUpTo } from "./OuraWindows.ts"
import { stream, type Sync, type SyncStep } from "./Sync.ts"
import type { SyncRange } from "./SyncRange.ts"

export interface OuraOptions {
  readonly dataTypes: ReadonlyArray<OuraDataType>
  readonly lookbackDays: number
  /** Read exactly `lookbackDays`, wherever the last sync ended. */
  readonly forceLookback: boolean
  /** Nothing but this; it moves no state. */
  readonly range?: SyncRange | undefined
}

/**
 * What the ring measured: a stream for every data type, each with a state of its own, so that one that fails (a scope that
 * was not granted, say) holds up no other. Every sync reads a trailing stretch again, a page for each window of it.
 */
export const ouraSync = Effect.fnUntraced(function*(options: OuraOptions) {
  const oura = yield* Oura
  const states = yield* SyncStates
  const clock = yield* Clock

  const begin = Effect.fnUntraced(function*(connection: ConnectionId, type: OuraDataType) {
    const state = yield* states.oura(connection, type)
    const to = options.range?.to ?? (yield* clock.now)
    const from = options.range?.from ?? readingStart(state, { ...options, now: to })
    return Reading.make({
      from,
      to,
      fromDay: clock.dayOf(from),
      toDay: clock.dayOf(to),
      readUpTo: readUpTo(state, from, to),
      windows: 0,
      fetched: 0,
      stored: 0
    })
  })

  const windowsOf = (connection: ConnectionId, type: OuraDataType, reading: Reading): ReadonlyArray<WindowReader> =>
    type === "heartrate"
      ? heartRateWindowsOf(oura, connection, reading)
      : documentWindowsOf(oura, connection, type, { from: reading.fromDay, to: reading.toDay })

  const step = Effect.fnUntraced(function*(
    connection: ConnectionId,
    type: OuraDataType,
    before: Reading
  ): Effect.fn.Return<SyncStep<Reading>, ProviderError> {
    const windows = windowsOf(connection, type, before)
    const read = windows[before.windows]
    if (read === undefined) return { page: Option.none(), next: Option.none() }
    const window = yield* read
    const after = {
      ...before,
      windows: before.windows + 1,
      fetched: before.fetched + window.listed,
      stored: before.stored + window.rows.length
    }
    const isLast = after.windows === windows.length
    return {
      page: Option.some({
        ...pageOf(connection, type, window),
        cursor: isLast && options.range === undefined
          ? Option.some(cursorOf(connection, type, after))
          : Option.none(),
        fraction: Option.some(after.windows / windows.length)
      }),
      next: isLast ? Option.none() : Option.some(after)
    }
  })

  const sync: Sync = {
    provider: "oura",
    span: "sync_oura",
    streams: (connection) =>
      Effect.succeed([...new Set(options.dataTypes)].map((type) =>
        stream({
          name: ouraTable(type),
          position: Reading,
          begin: begin(connection.id, type),
          next: (reading) =>
            step(connection.id, type, reading).pipe(
              Effect.withSpan("sync_oura_type", { attributes: { data_type: type } })
            )
        })
      ))
  }
  return sync
})

const pageOf = (
  connection: ConnectionId,
  type: OuraDataType,
  window: ReadWindow
): Pick<Page, "stream" | "read" | "writes"> => {
  const table = ouraTable(type)
  return {
    stream: table,
    read: window.listed,
    writes: [
      ...(window.rows.length === 0 ? [] : [Write.Upsert({ table, rows: window.rows, listing: Option.none() })]),
      ...Option.toArray(window.retain),
      ...(window.unreadable.length === 0
        ? []
        : [Write.Quarantine({ stream: table, connection, records: window.unreadable })])
    ]
  }
}

const cursorOf = (connection: ConnectionId, type: OuraDataType, done: Reading): Cursor =>
  ouraCursor(connection, type, {
    lastSyncStart: done.from,
    lastSyncEnd: done.readUpTo,
    lastSyncAt: done.to,
    recordsFetched: done.fetched,
    recordsStored: done.stored
  })
