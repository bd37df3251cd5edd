/** Rows that benchmarks write. */
import { Array as Arr, DateTime, Option } from "effect"
import { connectionId } from "../src/domain/Connection.ts"
import { HeartRateFromOura } from "../src/domain/HeartRate.ts"
import { heartRateRow } from "../src/store/OuraRecords.ts"
import { type Page, type Row, Write } from "../src/store/Write.ts"
import { readRecords } from "../src/syncs/ReadRecords.ts"

export interface Load {
  readonly table: string
  /** The rows of the page that begins with the given record. Not part of what is measured. */
  readonly rows: (from: number, count: number) => ReadonlyArray<Row>
}

const firstSample = DateTime.toEpochMillis(DateTime.makeUnsafe("2026-01-01T00:00:00Z"))

/** A sample every five minutes. As stored, with its id and the store's own columns, such a row has about 300 bytes. */
export const heartrate: Load = {
  table: "oura_heartrate",
  rows: (from, count) =>
    readRecords(
      HeartRateFromOura,
      Arr.makeBy(count, (index) => ({
        timestamp: DateTime.formatIso(DateTime.makeUnsafe(firstSample + (from + index) * 300_000)),
        bpm: 48 + (from + index) * 7 % 60,
        source: "awake"
      }))
    ).records.map(({ raw, record }) => heartRateRow(connectionId("oura", "bench"), record, raw))
}

export const pageOf = (table: string, rows: ReadonlyArray<Row>): Page => ({
  stream: table,
  read: rows.length,
  writes: [Write.Upsert({ table, rows, listing: Option.none() })],
  cursor: Option.none(),
  fraction: Option.none()
})
