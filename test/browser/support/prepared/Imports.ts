/** Imports of files, and streams of them that may be plays, all with texts that would do harm. */
import { DateTime, Effect, Option } from "effect"
import { PlayFromSpotify } from "../../../../src/domain/Play.ts"
import { StreamedPlayFromExport } from "../../../../src/domain/StreamedPlay.ts"
import { RunJournal } from "../../../../src/engine/JournalSurreal.ts"
import { Surreal } from "../../../../src/services/Surreal.ts"
import { opened } from "../../../../src/store/CandidateReviewRows.ts"
import { Commit } from "../../../../src/store/Commit.ts"
import { playRow } from "../../../../src/store/Plays.ts"
import { streamedRow, streamedTable } from "../../../../src/store/StreamedPlays.ts"
import { Write } from "../../../../src/store/Write.ts"
import { readRecords } from "../../../../src/syncs/ReadRecords.ts"
import { streamed } from "../../../support/Histories.ts"
import { changeOf, runRow } from "../../../support/RunRows.ts"
import { hostileStrings } from "../HostileStrings.ts"
import { accounts } from "./Accounts.ts"
import { plays } from "./Music.ts"

/** So many streams are asked about. */
const count = 12

const textAt = (index: number) => hostileStrings[index % hostileStrings.length] || "nothing"

const streams = Effect.gen(function*() {
  const commit = yield* Commit
  const surreal = yield* Surreal
  const at = yield* DateTime.now
  const heard = readRecords(PlayFromSpotify, plays.slice(-count)).records.map(({ raw, record }, index) => {
    const end = DateTime.toEpochMillis(DateTime.makeUnsafe(record.playedAt)) + 240_000
    const sent = streamed("hostile", end, 480_000, {
      master_metadata_track_name: textAt(3 * index),
      master_metadata_album_artist_name: textAt(3 * index + 1),
      master_metadata_album_album_name: textAt(3 * index + 2)
    })
    const [stream] = readRecords(StreamedPlayFromExport, [sent]).records
    if (stream === undefined) throw new Error("a stream cannot be read")
    return {
      stream: streamedRow(accounts.spotify, stream.record, sent),
      play: playRow(accounts.spotify, record, raw)
    }
  })
  yield* commit.page({
    stream: streamedTable,
    read: 0,
    writes: [Write.Upsert({ table: streamedTable, rows: heard.map(({ stream }) => stream), listing: Option.none() })],
    cursor: Option.none(),
    fraction: Option.none()
  })
  yield* surreal.transaction([
    { sql: `UPDATE ${streamedTable} SET status = 'processed' RETURN NONE`, vars: {} },
    ...heard.map(({ play, stream }) =>
      opened({ key: stream.key, play: play.key, similarity: 1, confidence: 0.75, stamp: "within" }, at)
    )
  ])
})

const runs = Effect.gen(function*() {
  const journal = yield* RunJournal
  const at = DateTime.toEpochMillis(yield* DateTime.now) - 7_200_000
  yield* journal.commit(Array.from({ length: count }, (_, index) => {
    const begun = at + index * 1000
    const text = textAt(index)
    const file = text.slice(0, 200)
    const row = runRow(`import-${index}`, DateTime.formatIso(DateTime.makeUnsafe(begun)), {
      workflow: index % 2 === 0 ? "import" : "import_calendar",
      state: "failed",
      attributes: { file, connection: accounts.spotify },
      error: { tag: "NotAnExport", message: text, fix: text }
    })
    return changeOf(row, [{ _tag: "Started", at: begun, payload: { key: file } }])
  }))
})

export const imports = Effect.andThen(streams, runs)
