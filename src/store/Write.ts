import { Data, type DateTime, type Option } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"

/** The parts of a record's id: never one interpolated string, so ids may hold any character. */
export type Key = ReadonlyArray<string | number>

/**
 * One record of a synced table.
 *
 * `fields` are the typed columns (strings, numbers, booleans, `DateTime.Utc`, arrays and plain objects of these;
 * `undefined` for none). `raw` is the provider's object as sent, kept as `_raw`.
 */
export interface Row {
  readonly key: Key
  readonly fields: { readonly [name: string]: unknown }
  readonly raw: unknown
}

/**
 * What a page asks of the store. `_synced_at` and `deleted_at` are the store's own business; so is telling new, changed
 * and unchanged rows apart.
 */
export type Write = Data.TaggedEnum<{
  /** Insert or replace; brings a tombstoned row back. `listing` marks the rows as seen by that full listing; without it their marks stay. */
  readonly Upsert: {
    readonly table: string
    readonly rows: ReadonlyArray<Row>
    readonly listing: Option.Option<string>
    /** Only inserts: what is there stays as it is, also what is tombstoned. For records that are older than the store. */
    readonly keepsOld?: boolean
  }
  /** The provider said that these records are gone; unknown keys are no mistake. */
  readonly Tombstone: {
    readonly table: string
    readonly keys: ReadonlyArray<Key>
    /** Who says so, when it is not the provider: `merge` of a row that another one stands for. */
    readonly by?: "merge"
  }
  /** Sets columns that are not the provider's, in rows that are there: all of them, or nothing of the page is written. */
  readonly Amend: {
    readonly table: string
    readonly rows: ReadonlyArray<Amendment>
    /** A condition that each of the rows has to meet, with its variables. */
    readonly where: string
    readonly vars: { readonly [name: string]: unknown }
  }
  /**
   * Tombstones the live rows of the key range that `listing` did not mark and that lie wholly in what it asked for:
   * `where` is a condition over the columns, with its variables.
   */
  readonly Sweep: {
    readonly table: string
    readonly prefix: Key
    readonly listing: string
    readonly where: string
    readonly vars: { readonly [name: string]: unknown }
  }
  /**
   * Tombstones the live rows of the key range for which `where` holds and whose key is not among `keep`. Nothing happens
   * when `keep` is empty.
   */
  readonly Retain: {
    readonly table: string
    readonly prefix: Key
    /** Narrows the key range to ids between `prefix ++ [from]` (inclusive) and `prefix ++ [to]` (exclusive). */
    readonly between?: readonly [from: string | number, to: string | number] | undefined
    readonly where: string
    readonly vars: { readonly [name: string]: unknown }
    readonly keep: ReadonlyArray<Key>
  }
  /** Records that could not be read, each with its raw text and why. */
  readonly Quarantine: {
    readonly stream: string
    readonly connection: ConnectionId
    readonly records: ReadonlyArray<{ readonly raw: unknown; readonly problem: string }>
  }
  /** A stretch of time whose records the provider can no longer give. */
  readonly Gap: {
    readonly stream: string
    readonly connection: ConnectionId
    readonly from: DateTime.Utc
    readonly to: DateTime.Utc
    readonly reason: string
  }
}>
export const Write = Data.taggedEnum<Write>()

/** Columns of a row that are set to these values. */
export interface Amendment {
  readonly key: Key
  readonly set: { readonly [name: string]: unknown }
  /** The row's own columns, as far as something is derived from them. */
  readonly fields: { readonly [name: string]: unknown }
}

/** Where a stream's sync stands: one row of a `*_sync_state` table, whole. */
export interface Cursor {
  readonly table: string
  readonly key: Key
  readonly fields: { readonly [name: string]: unknown }
}

/** A page of a stream: its writes and the cursor they justify, which commit together or not at all. */
export interface Page {
  readonly stream: string
  /** Records the provider listed on this page. */
  readonly read: number
  readonly writes: ReadonlyArray<Write>
  readonly cursor: Option.Option<Cursor>
  readonly fraction: Option.Option<number>
}
