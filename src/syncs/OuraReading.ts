/** What a window of Oura's records means for the store. */
import { Effect, Option, type Schema, Stream } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { HeartRateFromOura } from "../domain/HeartRate.ts"
import { type LocalDay, plusDays } from "../domain/LocalDay.ts"
import { OuraDocument, type OuraDocumentType, type OuraRecord } from "../domain/OuraDocument.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { Oura } from "../services/Oura.ts"
import { documentRow, heartRateRow, ouraTable } from "../store/OuraRecords.ts"
import { type Row, Write } from "../store/Write.ts"
import { type DayWindow, dayWindows, heartRateWindows, type InstantWindow } from "./OuraWindows.ts"
import { idOf, readRecords, type UnreadableRecord } from "./ReadRecords.ts"

/** A window, read. */
export interface ReadWindow {
  /** Records on the answer. */
  readonly listed: number
  /** Every record that could be read, also those that belong to another window: a document may have moved there. */
  readonly rows: ReadonlyArray<Row>
  readonly unreadable: ReadonlyArray<UnreadableRecord>
  /** What the answer no longer lists; none where it says too little to tell. */
  readonly retain: Option.Option<Write>
}

/** Asks for a window and reads the answer. */
export type WindowReader = Effect.Effect<ReadWindow, ProviderError>

type OuraClient = Oura["Service"]

const collect = (
  pages: Stream.Stream<ReadonlyArray<unknown>, ProviderError>
): Effect.Effect<ReadonlyArray<unknown>, ProviderError> =>
  Effect.map(Stream.runCollect(pages), (pages) => [...pages].flat())

export const heartRateWindowsOf = (
  oura: OuraClient,
  connection: ConnectionId,
  range: InstantWindow
): ReadonlyArray<WindowReader> =>
  heartRateWindows(range.from, range.to).map((window) =>
    Effect.map(collect(oura.heartrate(connection, window)), (items) => readHeartRate(connection, window, items))
  )

export const documentWindowsOf = (
  oura: OuraClient,
  connection: ConnectionId,
  type: OuraDocumentType,
  range: { readonly from: LocalDay; readonly to: LocalDay }
): ReadonlyArray<WindowReader> =>
  // the wearer may be a day ahead of the configured zone
  dayWindows(range.from, plusDays(range.to, 1)).map((window) =>
    collect(oura.documents(connection, type, {
      // each type compares the bounds with an anchor of its own; this much lists every day of the window for all of them
      startDate: plusDays(window.first, -1),
      endDate: plusDays(window.last, 2)
    })).pipe(Effect.map((items) => readDocuments(connection, type, window, items)))
  )

const unique = (
  rows: ReadonlyArray<Row>
): ReadonlyArray<Row> => [...new Map(rows.map((row) => [JSON.stringify(row.key), row])).values()]

const readHeartRate = (connection: ConnectionId, window: InstantWindow, items: ReadonlyArray<unknown>): ReadWindow => {
  const { records, unreadable } = readRecords(HeartRateFromOura, items)
  const rows = unique(records.map(({ raw, record }) => heartRateRow(connection, record, raw)))
  const [from, to] = [window.from.epochMilliseconds + 1, window.to.epochMilliseconds]
  // a row that cannot be read has no key, so it might be any that is stored
  const tellsWhatIsGone = rows.length > 0 && unreadable.length === 0 && from < to
  return {
    listed: items.length,
    rows,
    unreadable,
    retain: tellsWhatIsGone
      ? Option.some(Write.Retain({
        table: ouraTable("heartrate"),
        prefix: [connection],
        // whether the provider counts the bounds in is not settled, so what stands on them is left alone
        between: [from, to],
        where: "true",
        vars: {},
        keep: rows.map(({ key }) => key)
      }))
      : Option.none()
  }
}

const readDocuments = (
  connection: ConnectionId,
  type: OuraDocumentType,
  window: DayWindow,
  items: ReadonlyArray<unknown>
): ReadWindow => {
  const schema: Schema.ConstraintDecoder<OuraRecord> = OuraDocument[type]
  const { records, unreadable } = readRecords(schema, items)
  const rows = unique(records.map(({ raw, record }) => documentRow(connection, record, raw)))
  const unread = unreadable.map(({ raw }) => idOf(raw))
  const tellsWhatIsGone = records.some(({ record: { day } }) => day >= window.first && day <= window.last) &&
    unread.every((ids) => ids.length > 0)
  return {
    listed: items.length,
    rows,
    unreadable,
    retain: tellsWhatIsGone
      ? Option.some(Write.Retain({
        table: ouraTable(type),
        prefix: [connection],
        where: "day >= $first_day AND day <= $last_day",
        vars: { first_day: window.first, last_day: window.last },
        keep: [...rows.map(({ key }) => key), ...unread.flat().map((id) => [connection, id])]
      }))
      : Option.none()
  }
}
