/** Items of a history as rows; what cannot be read is kept as it is, with its place in the file. */
import { Option, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import { startOfStream, StreamedPlayFromExport } from "../domain/StreamedPlay.ts"
import { streamedRow, streamedTable } from "../store/StreamedPlays.ts"
import { type Page, type Row, Write } from "../store/Write.ts"
import { readRecords } from "../syncs/ReadRecords.ts"
import type { JsonItem } from "./JsonItems.ts"

/** What a chunk of a history comes to. */
export interface ReadChunk {
  readonly page: Page
  /** From the start of the first stream to the end of the last, in milliseconds; none where nothing could be read. */
  readonly from: number | undefined
  readonly to: number | undefined
}

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

/** Reads the items of a file of that name. */
export const readStreams = (connection: ConnectionId, file: string, items: ReadonlyArray<JsonItem>): ReadChunk => {
  const rows: Array<Row> = []
  const unreadable: Array<{ readonly raw: unknown; readonly problem: string }> = []
  let [from, to] = [Infinity, -Infinity]
  for (const { at, isCut, number, text } of items) {
    const place = `${file}, record ${number}, byte ${at}`
    const raw = isCut ? Option.none() : parse(text)
    if (Option.isNone(raw)) {
      const why = isCut ? "it is longer than 1 MB, and is cut off there" : "it is no JSON"
      unreadable.push({ raw: text, problem: `${place}: ${why}` })
      continue
    }
    const { records: [read], unreadable: [bad] } = readRecords(StreamedPlayFromExport, [raw.value])
    if (read === undefined) {
      unreadable.push({ raw: raw.value, problem: `${place}: ${bad?.problem ?? "nothing came of it"}` })
      continue
    }
    const [end, , millisPlayed] = read.record.key
    from = Math.min(from, startOfStream(end, millisPlayed))
    to = Math.max(to, end)
    rows.push(streamedRow(connection, read.record, read.raw))
  }
  return {
    page: {
      stream: streamedTable,
      read: items.length,
      writes: [
        ...rows.length === 0 ? [] : [Write.Upsert({ table: streamedTable, rows, listing: Option.none() })],
        ...unreadable.length === 0 ? [] : [Write.Quarantine({ stream: streamedTable, connection, records: unreadable })]
      ],
      cursor: Option.none(),
      fraction: Option.none()
    },
    from: rows.length === 0 ? undefined : from,
    to: rows.length === 0 ? undefined : to
  }
}
