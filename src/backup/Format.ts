/**
 * The form of a backup: lines of JSON, compressed. The first says what it is, the last what must have been in between:
 *
 * ```
 * {"format":"glider-backup","version":1,"glider":"0.1.0","schema":13,"at":"2026-11-27T02:00:00.000Z","project":"glider"}
 * {"table":"connection","id":["spotify:u1"],"row":{"connected_at":{"$datetime":"2026-11-01T08:00:00Z"},…}}
 * {"manifest":{"tables":{"connection":{"rows":1,"sha256":"…"},…},"rows":1,"sha256":"…"}}
 * ```
 */
import { Schema } from "effect"
import { createHash, type Hash } from "node:crypto"

export const formatName = "glider-backup"

/** Raised when an older Glider could no longer read what is written. */
export const formatVersion = 1

/** The first line. */
export const Header = Schema.Struct({
  format: Schema.Literal(formatName),
  version: Schema.Int,
  /** The Glider that made it. */
  glider: Schema.String,
  /** The newest step of the schema that its store had. */
  schema: Schema.Int,
  /** As of when it is. */
  at: Schema.String,
  project: Schema.String
})
export type Header = typeof Header.Type

/** Every line between the first and the last. */
export const RowLine = Schema.Struct({
  table: Schema.String,
  id: Schema.Unknown,
  row: Schema.Record(Schema.String, Schema.Unknown)
})
export type RowLine = typeof RowLine.Type

/** How many lines there are, and the SHA-256 of them with their line ends. */
const Sum = Schema.Struct({ rows: Schema.Natural, sha256: Schema.String })

/** The last line. `sha256` is that of all lines before it. */
export const Manifest = Schema.Struct({
  tables: Schema.Record(Schema.String, Sum),
  rows: Schema.Natural,
  sha256: Schema.String
})
export type Manifest = typeof Manifest.Type

export const LastLine = Schema.Struct({ manifest: Manifest })

const encodeHeader = Schema.encodeSync(Schema.fromJsonString(Header))
const encodeLast = Schema.encodeSync(Schema.fromJsonString(LastLine))

export const headerLine = (header: Header): string => `${encodeHeader(header)}\n`

/** Adds up lines to what the manifest says of them. */
export class Tally {
  readonly #all = createHash("sha256")
  readonly #tables = new Map<string, { rows: number; readonly hash: Hash }>()
  #rows = 0

  /** A line that belongs to no table. */
  line(line: string): void {
    this.#all.update(line)
  }

  /** A table, which may have no rows. */
  begin(table: string): void {
    if (!this.#tables.has(table)) this.#tables.set(table, { rows: 0, hash: createHash("sha256") })
  }

  row(table: string, line: string): void {
    this.begin(table)
    this.#all.update(line)
    this.#rows++
    const sum = this.#tables.get(table)
    if (sum === undefined) return
    sum.rows++
    sum.hash.update(line)
  }

  manifest(): Manifest {
    return {
      tables: Object.fromEntries(
        [...this.#tables].map(([table, { hash, rows }]) => [table, { rows, sha256: hash.copy().digest("hex") }])
      ),
      rows: this.#rows,
      sha256: this.#all.copy().digest("hex")
    }
  }
}

export const lastLine = (manifest: Manifest): string => `${encodeLast({ manifest })}\n`
