/** What a page of records tells to programs elsewhere: which were made, changed or removed. */
import type { DateTime } from "effect"
import { largestData, type WebhookEventType } from "../domain/WebhookEvent.ts"
import type { Statement } from "../services/Surreal.ts"
import { contentHash, keyText } from "./ContentHash.ts"
import { eventId, type Receiver, type Receivers, tell, type Telling } from "./Outbox.ts"
import type { Key, Row } from "./Write.ts"

/** What one write of a page does to records of a table. */
export interface Touched {
  readonly table: string
  readonly created: ReadonlyArray<Row>
  readonly updated: ReadonlyArray<Row>
  /** Of which only some columns have changed, and the others are not at hand. */
  readonly amended: ReadonlyArray<Key>
  readonly deleted: ReadonlyArray<Key>
}

/** A record that an event is about; without columns when it is gone, or they are not at hand. */
interface Told {
  readonly table: string
  readonly key: Key
  readonly row: Row | undefined
}

const ofKind: {
  readonly [T in WebhookEventType & `record.${string}`]: (touched: Touched) => ReadonlyArray<Told>
} = {
  "record.created": ({ created, table }) => created.map((row) => ({ table, key: row.key, row })),
  "record.updated": ({ amended, table, updated }) => [
    ...updated.map((row) => ({ table, key: row.key, row })),
    ...amended.map((key) => ({ table, key, row: undefined }))
  ],
  "record.deleted": ({ deleted, table }) => deleted.map((key) => ({ table, key, row: undefined }))
}

const kinds = ["record.created", "record.updated", "record.deleted"] as const

const sizeOf = (text: string): number => Buffer.byteLength(text, "utf8")

/** Those of one table and connection, in parts whose ids fit into a body. */
const parts = (all: ReadonlyArray<Told>): ReadonlyArray<ReadonlyArray<Told>> => {
  const open = new Map<string, { size: number; told: Array<Told> }>()
  const done: Array<ReadonlyArray<Told>> = []
  for (const one of all) {
    const group = JSON.stringify([one.table, one.key[0]])
    const size = sizeOf(JSON.stringify(one.key)) + 1
    const part = open.get(group)
    if (part !== undefined && part.size + size <= largestData - 1024) {
      part.size += size
      part.told.push(one)
      continue
    }
    if (part !== undefined) done.push(part.told)
    open.set(group, { size, told: [one] })
  }
  return [...done, ...[...open.values()].map(({ told }) => told)]
}

/** The columns of a record, where they fit. */
const columns = ({ row }: Told): { readonly record?: Row["fields"] } =>
  row === undefined || sizeOf(JSON.stringify(row.fields)) > largestData - 2048 ? {} : { record: row.fields }

const dataOf = (stream: string, told: ReadonlyArray<Told>, more: object): string => {
  const [first] = told
  return JSON.stringify({
    stream,
    table: first?.table,
    connection: first?.key[0],
    count: told.length,
    ids: told.map(({ key }) => key.slice(1)),
    ...more
  })
}

/** The statements that tell of a page; none where nobody wants to know. */
export const pageEvents = (
  outbox: Receivers,
  stream: string,
  touched: ReadonlyArray<Touched>,
  at: DateTime.Utc
): ReadonlyArray<Statement> =>
  tell(kinds.flatMap((type): ReadonlyArray<Telling> => {
    const wanting = outbox.receivers(type, stream)
    if (wanting.length === 0) return []
    const all = touched.flatMap(ofKind[type])
    const named = (per: Receiver["per"]) => wanting.flatMap((one) => one.per === per ? [one.name] : [])
    /** An event is known by what it says of which content, and when. */
    const telling = (per: Receiver["per"], told: ReadonlyArray<Told>, more: object): Telling => ({
      event: {
        id: eventId(
          at,
          type,
          per,
          stream,
          ...told.map(({ key, row, table }) => `${table} ${keyText(key)} ${row === undefined ? "" : contentHash(row)}`)
        ),
        type,
        subject: stream,
        at,
        data: dataOf(stream, told, more)
      },
      receivers: named(per)
    })
    return [
      ...named("page").length === 0 ? [] : parts(all).map((part) => telling("page", part, {})),
      ...named("record").length === 0 ? [] : all.map((one) => telling("record", [one], columns(one)))
    ]
  }))
