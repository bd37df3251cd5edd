import { type DateTime, Option } from "effect"
import { hash } from "node:crypto"
import type { Statement } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import { contentHash } from "./ContentHash.ts"
import type { Cursor, Key, Row, Write } from "./Write.ts"

type Of<Tag extends Write["_tag"]> = Extract<Write, { readonly _tag: Tag }>

/** A row with all its columns. */
export type Content = { readonly [column: string]: unknown }

/** The live row that stands for a record: what the provider said, and the store's own columns. */
export const content = (write: Of<"Upsert">, row: Row, at: DateTime.Utc): Content => ({
  connection: row.key[0],
  ...row.fields,
  id: recordId(write.table, row.key),
  _raw: row.raw,
  _hash: contentHash(row),
  // what marks nothing leaves the mark of a listing under way
  ...Option.match(write.listing, { onNone: () => ({}), onSome: (_listing) => ({ _listing }) }),
  _synced_at: at,
  deleted_at: undefined,
  deleted_by: undefined
})

/** Fails as a whole when one of the rows is there already. */
export const insert = (table: string, rows: ReadonlyArray<Content>): Statement => ({
  sql: `INSERT INTO ${table} $rows RETURN NONE`,
  vars: { rows }
})

export const replace = (table: string, rows: ReadonlyArray<Content>): Statement => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) => column !== "id")
  return {
    sql: `INSERT INTO ${table} $rows ON DUPLICATE KEY UPDATE ${
      columns.map((column) => `${column} = $input.${column}`).join(", ")
    } RETURN NONE`,
    vars: { rows }
  }
}

export const mark = (table: string, keys: ReadonlyArray<Key>, listing: string): Statement => ({
  sql: "UPDATE $ids SET _listing = $listing RETURN NONE",
  vars: { ids: keys.map((key) => recordId(table, key)), listing }
})

export const tombstone = (table: string, keys: ReadonlyArray<Key>, by: string, at: DateTime.Utc): Statement => ({
  sql: "UPDATE $ids SET deleted_at = $at, deleted_by = $by WHERE deleted_at = NONE RETURN NONE",
  vars: { ids: keys.map((key) => recordId(table, key)), at, by }
})

/** Fails as a whole, and is to be planned again, when one of the rows is not as the write expects it. */
export const amend = (
  { vars, where }: Of<"Amend">,
  rows: ReadonlyArray<{ readonly id: unknown; readonly set: Content }>
): Statement => ({
  sql: `FOR $row IN $rows { IF array::len((UPDATE $row.id MERGE $row.set WHERE (${where}) RETURN VALUE true)) = 0 ` +
    "{ THROW 'another state of the row already exists' } }",
  vars: { ...vars, rows }
})

/** Tombstones those of the keys that the listing has not marked meanwhile. */
export const sweep = (write: Of<"Sweep">, keys: ReadonlyArray<Key>, at: DateTime.Utc): Statement => ({
  sql: "UPDATE $ids SET deleted_at = $at, deleted_by = 'reconcile' " +
    `WHERE deleted_at = NONE AND ${unlisted(write)} RETURN NONE`,
  vars: { ...write.vars, ids: keys.map((key) => recordId(write.table, key)), listing: write.listing, at }
})

const unlisted = ({ where }: Of<"Sweep">): string => `_listing != $listing AND (${where})`

/** The keys of the live rows among these. */
export const liveAmong = (table: string, keys: ReadonlyArray<Key>): Statement => ({
  sql: "SELECT VALUE record::id(id) FROM $ids WHERE id != NONE AND deleted_at = NONE",
  vars: { ids: keys.map((key) => recordId(table, key)) }
})

/** The keys of the live rows that a `Sweep` is about. */
export const liveUnlisted = (write: Of<"Sweep">): Statement =>
  liveIn({ ...write, where: unlisted(write), vars: { ...write.vars, listing: write.listing } })

/** The keys of the live rows of the range that a `Retain` is about. */
export const liveIn = (
  { between, prefix, table, vars, where }: Pick<Of<"Retain">, "between" | "prefix" | "table" | "vars" | "where">
): Statement => ({
  sql: `SELECT VALUE record::id(id) FROM ${
    between === undefined
      ? range(table, prefix)
      : `${table}:[${parts(prefix)}, $betweenFrom]..[${parts(prefix)}, $betweenTo]`
  } WHERE deleted_at = NONE AND (${where})`,
  vars: {
    ...vars,
    ...prefixVars(prefix),
    ...(between === undefined ? {} : { betweenFrom: between[0], betweenTo: between[1] })
  }
})

/** All ids that begin with the prefix, as a range of the table. */
const range = (table: string, prefix: Key): string => `${table}:[${parts(prefix)}]..[${parts(prefix)}, ..]`

const parts = (prefix: Key): string => prefix.map((_, index) => `$prefix${index}`).join(", ")

const prefixVars = (prefix: Key): { readonly [name: string]: string | number } =>
  Object.fromEntries(prefix.map((part, index) => [`prefix${index}`, part]))

/** A record is quarantined once, however often it is read. */
export const quarantine = ({ connection, records, stream }: Of<"Quarantine">, at: DateTime.Utc): Statement => ({
  sql: "INSERT INTO quarantine $rows ON DUPLICATE KEY UPDATE last_seen_at = $input.last_seen_at, " +
    "problem = $input.problem RETURN NONE",
  vars: {
    rows: records.map(({ problem, raw }) => {
      const text = JSON.stringify(raw) ?? "undefined"
      return {
        id: recordId("quarantine", [connection, stream, hash("sha256", text, "base64url")]),
        stream,
        connection,
        problem,
        raw: text,
        first_seen_at: at,
        last_seen_at: at
      }
    })
  }
})

/** A gap is known by where it begins. */
export const gap = ({ connection, from, reason, stream, to }: Of<"Gap">, at: DateTime.Utc): Statement => ({
  sql: "INSERT IGNORE INTO sync_gap $row RETURN NONE",
  vars: {
    row: {
      id: recordId("sync_gap", [connection, stream, from.epochMilliseconds]),
      stream,
      connection,
      from,
      to,
      reason,
      found_at: at
    }
  }
})

export const advance = ({ fields, key, table }: Cursor): Statement => ({
  sql: "UPSERT $id CONTENT $fields RETURN NONE",
  vars: { id: recordId(table, key), fields }
})
