/** Records that could not be read when they came, read again by the code of today. */
import { Option, Result, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { HeartRateFromOura } from "../domain/HeartRate.ts"
import { OuraDocument, type OuraRecord } from "../domain/OuraDocument.ts"
import { PlayFromSpotify } from "../domain/Play.ts"
import { StreamedPlayFromExport } from "../domain/StreamedPlay.ts"
import { OuraDataType } from "../domain/Task.ts"
import { eventsTable } from "../store/GoogleEvents.ts"
import { documentRow, heartRateRow, ouraTable } from "../store/OuraRecords.ts"
import { playRow, playsTable } from "../store/Plays.ts"
import { streamedRow, streamedTable } from "../store/StreamedPlays.ts"
import { type Row, Write } from "../store/Write.ts"
import { readRecords } from "./ReadRecords.ts"

const rowOf = <A>(
  schema: Schema.ConstraintDecoder<A>,
  raw: unknown,
  row: (record: A, raw: object) => Row
): Result.Result<Row, string> => {
  const { records: [read], unreadable: [unread] } = readRecords(schema, [raw])
  return read === undefined
    ? Result.fail(`it still cannot be read: ${unread?.problem ?? "nothing came of it"}`)
    : Result.succeed(row(read.record, read.raw))
}

/** The write that puts the record where it belongs, or why that cannot be done. */
export const reread = (stream: string, connection: ConnectionId, text: string): Result.Result<Write, string> => {
  const raw = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))(text)
  if (Option.isNone(raw)) return Result.fail("what was kept of it is not JSON")
  const upsert = (row: Result.Result<Row, string>) =>
    Result.map(row, (row) => Write.Upsert({ table: stream, rows: [row], listing: Option.none() }))
  if (stream === playsTable) {
    return upsert(rowOf(PlayFromSpotify, raw.value, (play, raw) => playRow(connection, play, raw)))
  }
  if (stream === streamedTable) {
    return upsert(rowOf(StreamedPlayFromExport, raw.value, (play, raw) => streamedRow(connection, play, raw)))
  }
  if (stream === ouraTable("heartrate")) {
    return upsert(rowOf(HeartRateFromOura, raw.value, (sample, raw) => heartRateRow(connection, sample, raw)))
  }
  const type = OuraDataType.literals.find((type) => ouraTable(type) === stream)
  if (type === undefined && stream !== eventsTable) return Result.fail(`nothing reads a record of ${stream} again`)
  if (type === undefined || type === "heartrate") {
    return Result.fail(`its calendar is not known; list it anew with: glider sync google_calendar --ignore-sync-token`)
  }
  const schema: Schema.ConstraintDecoder<OuraRecord> = OuraDocument[type]
  return upsert(rowOf(schema, raw.value, (document, raw) => documentRow(connection, document, raw)))
}
