/** Runs in the store, written as the engine writes them. */
import { DateTime, Effect, Layer, Option, Result } from "effect"
import { type Entry, noted } from "../../src/domain/RunEntry.ts"
import type { Change, DeadLetterRow } from "../../src/engine/Journal.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import type { RunRow } from "../../src/store/RunColumns.ts"
import { Runs } from "../../src/store/Runs.ts"
import { storeTest } from "./StoreTest.ts"

export const runsTest = Layer.mergeAll(Runs.layer, RunJournal.layer).pipe(Layer.provideMerge(storeTest))

export const millis = (text: string): number => DateTime.makeUnsafe(text).epochMilliseconds

/** A completed run that took a second. */
export const runRow = (id: string, startedAt: string, fields: Partial<RunRow> = {}): RunRow => ({
  id,
  workflow: "spotify",
  version: 1,
  state: "completed",
  trigger: "schedule",
  schedule: undefined,
  tick: undefined,
  attempt: 1,
  original: undefined,
  parent: undefined,
  attributes: {},
  recency: -millis(startedAt) * 1000,
  startedAt: millis(startedAt),
  finishedAt: millis(startedAt) + 1_000,
  error: undefined,
  due: undefined,
  cancel: undefined,
  progress: undefined,
  report: undefined,
  ...fields
})

/** A run that is not over. */
export const open = { state: "running", finishedAt: undefined } as const

export const changeOf = (row: RunRow, entries: ReadonlyArray<Entry> = [], letter?: Partial<DeadLetterRow>): Change => ({
  run: row.id,
  create: row,
  patch: undefined,
  segment: entries.length === 0
    ? undefined
    : { number: 0, entries: entries.map((entry) => Result.getOrThrow(noted(entry, "an entry"))) },
  attributes: Object.keys(row.attributes).length === 0
    ? undefined
    : { before: {}, after: row.attributes, recency: row.recency },
  wakes: [],
  writes: [],
  deadLetter: letter === undefined ? undefined : {
    run: row.id,
    workflow: row.workflow,
    recency: row.recency,
    at: row.finishedAt ?? row.startedAt,
    attempts: row.attempt,
    error: { tag: "Unavailable", message: "the provider is down", fix: null },
    chain: [],
    ...letter
  }
})

/** Commits the runs, five hundred at a time. */
export const commit = Effect.fnUntraced(function*(changes: ReadonlyArray<Change>) {
  const journal = yield* RunJournal
  for (let at = 0; at < changes.length; at += 500) yield* journal.commit(changes.slice(at, at + 500))
})

export const commitRows = (...rows: ReadonlyArray<RunRow>) => commit(rows.map((row) => changeOf(row)))

/** Every page of a list, as ids. */
export const pages = Effect.fnUntraced(
  function*(limit: number, query: Parameters<Runs["Service"]["list"]>[0]["query"]) {
    const runs = yield* Runs
    const listed: Array<ReadonlyArray<string>> = []
    let after = Option.none<number>()
    do {
      const page = yield* runs.list({ query, after, limit })
      listed.push(page.runs.map(({ id }) => id))
      after = page.next
    } while (Option.isSome(after))
    return listed
  }
)
