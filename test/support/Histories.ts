/** Streaming histories as Spotify sends them, made up; and the plays that the feed would have given of the same listening. */
import { DateTime, Effect, FileSystem, Stream } from "effect"
import { Buffer } from "node:buffer"
import { crc32, deflateRawSync } from "node:zlib"
import { pack } from "../../src/imports/Pack.ts"

/** One object of `Streaming_History_Audio_*.json`. */
export interface Streamed {
  readonly ts: string
  readonly ms_played: number
  readonly [name: string]: unknown
}

/** A stream that stopped then; all else as in a real file. */
export const streamed = (
  name: string,
  ended: string | number,
  millis: number,
  more: { readonly [name: string]: unknown } = {}
): Streamed => ({
  ts: DateTime.formatIso(DateTime.makeUnsafe(ended)).replace(/\.\d{3}Z$/, "Z"),
  platform: "ios",
  ms_played: millis,
  conn_country: "DE",
  ip_addr: "203.0.113.7",
  master_metadata_track_name: name,
  master_metadata_album_artist_name: "Can",
  master_metadata_album_album_name: "Ege Bamyasi",
  spotify_track_uri: `spotify:track:${name}`,
  episode_name: null,
  episode_show_name: null,
  spotify_episode_uri: null,
  audiobook_title: null,
  audiobook_uri: null,
  audiobook_chapter_uri: null,
  audiobook_chapter_title: null,
  reason_start: "trackdone",
  reason_end: "trackdone",
  shuffle: false,
  skipped: false,
  offline: false,
  offline_timestamp: null,
  incognito_mode: false,
  ...more
})

/** A text as a file of an archive that `glider import` makes of a folder. */
export const packed = (files: { readonly [name: string]: string }) =>
  Stream.runFold(
    pack(Object.entries(files).map(([name, text]) => ({ name, bytes: Stream.make(new TextEncoder().encode(text)) }))),
    () => Buffer.alloc(0),
    (all, piece) => Buffer.concat([all, piece])
  )

/** How a hostile archive differs from an honest one. */
export interface Lies {
  readonly attributes?: number
  readonly madeBy?: number
  readonly flags?: number
  readonly method?: number
  readonly size?: number
  readonly at?: number
  readonly localName?: string
  readonly sum?: number
}

/** An archive of deflated files, as other programs write them; each may lie about itself. */
export const zipped = (files: ReadonlyArray<readonly [name: string, text: string | Buffer, lies?: Lies]>): Buffer => {
  const bodies: Array<Buffer> = []
  const table: Array<Buffer> = []
  let at = 0
  for (const [name, text, lies = {}] of files) {
    const bytes = Buffer.from(text)
    const body = deflateRawSync(bytes)
    const localName = Buffer.from(lies.localName ?? name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(lies.method ?? 8, 8)
    local.writeUInt16LE(localName.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(lies.madeBy ?? 0x0314, 4)
    entry.writeUInt16LE(lies.flags ?? 0, 8)
    entry.writeUInt16LE(lies.method ?? 8, 10)
    entry.writeUInt32LE(lies.sum ?? crc32(bytes), 16)
    entry.writeUInt32LE(body.length, 20)
    entry.writeUInt32LE(lies.size ?? bytes.length, 24)
    entry.writeUInt16LE(Buffer.byteLength(name), 28)
    entry.writeUInt32LE(lies.attributes ?? 0x81a40000, 38)
    entry.writeUInt32LE(lies.at ?? at, 42)
    bodies.push(local, localName, body)
    table.push(entry, Buffer.from(name))
    at += 30 + localName.length + body.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(table).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, ...table, end])
}

/** Puts bytes into a file of the folder; its path. */
export const fileIn = Effect.fnUntraced(function*(folder: string, name: string, bytes: Uint8Array | string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.makeDirectory(folder, { recursive: true })
  const path = `${folder}/${name}`
  yield* fs.writeFile(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes)
  return path
})
