/** What reading a row of the earlier store comes to. */
import { Option, Predicate, Result, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { Row } from "../store/Write.ts"
import { type ReadRecord, readRecords } from "../syncs/ReadRecords.ts"

/** Whose a row is. */
export interface Owner {
  readonly connection: ConnectionId
  /** As the provider calls the account. */
  readonly userId: string
}

/**
 * What was mended: an instant in no form that can be read, the id of a track that was cut short, an event without its calendar, the id of a
 * document with other signs in it, or all of a record whose object as sent is missing, out of its columns.
 */
export type Repair = "instant" | "track_id" | "calendar" | "document_id" | "columns"

/** A row as the syncs write it, or why it cannot be one. */
export type Outcome = Result.Result<{ readonly row: Row; readonly repairs: ReadonlyArray<Repair> }, string>

/** An object with its columns; text of JSON counts as what it says. */
export const objectOf = (value: unknown): { readonly [key: string]: unknown } | undefined => {
  const object = typeof value === "string" ? Option.getOrUndefined(parse(value)) : value
  return Predicate.isObject(object) ? { ...object } : undefined
}

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

/** Reads one object as the syncs do. */
export const readOne = <A>(schema: Schema.ConstraintDecoder<A>, raw: unknown): Result.Result<ReadRecord<A>, string> => {
  const { records: [read], unreadable: [unread] } = readRecords(schema, [raw])
  return read === undefined ? Result.fail(unread?.problem ?? "nothing came of it") : Result.succeed(read)
}

/** The names of those that hold. */
export const those = (repairs: { readonly [R in Repair]?: boolean }): ReadonlyArray<Repair> =>
  names.filter((name) => repairs[name] === true)

const names: ReadonlyArray<Repair> = ["instant", "track_id", "calendar", "document_id", "columns"]
