/**
 * Which files a store consists of, by RocksDB's manifest: a log of edits, each of which adds and removes files. Whoever adds a
 * file has written all of it before, and whoever removes one says so first. See RocksDB's `db/version_edit.h`.
 */
import { Effect, FileSystem, Option } from "effect"
import { ByteCursor } from "./ByteCursor.ts"
import { recordsIn } from "./LogRecords.ts"
import { bytesFrom } from "./StoreFiles.ts"

/** The files that a manifest names. */
export interface Named {
  /** The tables and the files of large values, by name, with their sizes in bytes. */
  readonly files: ReadonlyMap<string, number>
  /** The number of the first write-ahead log whose records are in no table yet. */
  readonly firstLog: number
}

/** What an edit consists of: fields, each a tag and what belongs to it. */
const tags = {
  comparator: 1,
  logNumber: 2,
  nextFile: 3,
  lastSequence: 4,
  compactCursor: 5,
  deletedFile: 6,
  previousLog: 9,
  firstLogKept: 10,
  newFile: 103,
  columnFamily: 200,
  newColumnFamily: 201,
  mostColumnFamily: 203,
  atomicGroup: 300,
  newValues: 400,
  garbage: 401
} as const

/** Fields with this bit may be passed over by whoever does not know them. */
const ignorable = 1 << 13

/** Of what is said beside a table: the first file of values that it points to, and that nothing follows. */
const beside = { end: 1, firstValues: 4 } as const

/** What is said beside a file with this bit must be known, as that it is in another folder. */
const binding = 1 << 6

/** Of a file of values, the bytes that are no value: its head and its foot. */
const aroundValues = 30 + 32

interface Table {
  readonly size: number
  readonly firstValues: Option.Option<number>
}

interface Values {
  readonly size: number
  readonly count: number
  readonly garbage: number
}

interface State {
  readonly tables: Map<number, Table>
  readonly values: Map<number, Values>
  firstLog: number
}

const tableIn = (cursor: ByteCursor): Option.Option<readonly [number, Table]> => {
  cursor.varint() // level
  const number = cursor.varint()
  const size = cursor.varint()
  for (let key = 0; key < 2; key++) cursor.prefixed()
  for (let sequence = 0; sequence < 2; sequence++) cursor.varint()
  let firstValues = Option.none<number>()
  for (let tag = cursor.varint(); tag !== beside.end && !cursor.isBeyond; tag = cursor.varint()) {
    const field = cursor.prefixed()
    if ((tag & binding) !== 0) return Option.none()
    if (tag === beside.firstValues) firstValues = Option.some(new ByteCursor(field).varint())
  }
  return Option.some([number, { size, firstValues }])
}

/** Passes over what may follow a field about values, which ends with a zero; whether it may be passed over. */
const passFields = (cursor: ByteCursor): boolean => {
  for (let tag = cursor.varint(); tag !== 0 && !cursor.isBeyond; tag = cursor.varint()) {
    cursor.prefixed()
    if ((tag & binding) !== 0) return false
  }
  return true
}

/** Applies an edit; whether all of it was understood. */
const apply = (state: State, edit: Buffer): boolean => {
  const cursor = new ByteCursor(edit)
  while (!cursor.isDone) {
    const tag = cursor.varint()
    switch (tag) {
      case tags.comparator:
      case tags.newColumnFamily:
        cursor.prefixed()
        break
      case tags.nextFile:
      case tags.lastSequence:
      case tags.previousLog:
      case tags.mostColumnFamily:
      case tags.atomicGroup:
        cursor.varint()
        break
      case tags.logNumber:
      case tags.firstLogKept:
        state.firstLog = Math.max(state.firstLog, cursor.varint())
        break
      case tags.columnFamily:
        // what is in use is reckoned for each of them, and SurrealDB has one
        if (cursor.varint() !== 0) return false
        break
      case tags.compactCursor:
        cursor.varint()
        cursor.prefixed()
        break
      case tags.deletedFile:
        cursor.varint() // level
        state.tables.delete(cursor.varint())
        break
      case tags.newFile: {
        const table = tableIn(cursor)
        if (Option.isNone(table)) return false
        state.tables.set(...table.value)
        break
      }
      case tags.newValues: {
        const number = cursor.varint()
        const count = cursor.varint()
        const size = cursor.varint() + aroundValues
        for (let checksum = 0; checksum < 2; checksum++) cursor.prefixed()
        if (!passFields(cursor)) return false
        state.values.set(number, { size, count, garbage: 0 })
        break
      }
      case tags.garbage: {
        const number = cursor.varint()
        const count = cursor.varint()
        cursor.varint() // bytes
        if (!passFields(cursor)) return false
        const was = state.values.get(number)
        if (was !== undefined) state.values.set(number, { ...was, garbage: was.garbage + count })
        break
      }
      default:
        if ((tag & ignorable) === 0) return false
        cursor.prefixed()
    }
  }
  return !cursor.isBeyond
}

const nameOf = (number: number, kind: "sst" | "blob"): string => `${String(number).padStart(6, "0")}.${kind}`

/**
 * Which files of values are in use: those that a table points to, and later ones of which not all is garbage. One before the
 * first that any table points to is none any more.
 */
const valuesInUse = ({ tables, values }: State): ReadonlyArray<readonly [number, Values]> => {
  const pointedTo = new Set([...tables.values()].flatMap(({ firstValues }) => Option.toArray(firstValues)))
  const first = Math.min(...pointedTo)
  return [...values].filter(([number, { count, garbage }]) =>
    pointedTo.has(number) || (number > first && garbage < count)
  )
}

/** What a manifest names; none where it says what is not known here, as a later version of the engine may. */
export const namedBy = (manifest: Buffer): Option.Option<Named> => {
  const state: State = { tables: new Map(), values: new Map(), firstLog: 0 }
  for (const edit of recordsIn(manifest)) {
    if (!apply(state, edit)) return Option.none()
  }
  return Option.some({
    files: new Map([
      ...[...state.tables].map(([number, { size }]) => [nameOf(number, "sst"), size] as const),
      ...valuesInUse(state).map(([number, { size }]) => [nameOf(number, "blob"), size] as const)
    ]),
    firstLog: state.firstLog
  })
}

/** What the manifest in force names, of a folder with these files; none where there is none, or one that is not understood. */
export const namedIn = Effect.fnUntraced(function*(folder: string, files: ReadonlyMap<string, number>) {
  const fs = yield* FileSystem.FileSystem
  if (!files.has("CURRENT")) return Option.none<Named>()
  const current = (yield* fs.readFileString(`${folder}/CURRENT`)).trim()
  return files.has(current) ? namedBy(yield* bytesFrom(`${folder}/${current}`, 0)) : Option.none<Named>()
})
