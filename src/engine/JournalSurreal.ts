import { Context, Effect, Layer, Schema } from "effect"
import { RunState, unfinishedStates } from "../domain/Run.ts"
import { Segment, segmentText } from "../domain/RunEntry.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import { packed } from "../services/SurrealCodec.ts"
import { recordId } from "../services/SurrealValue.ts"
import { attributeStatements } from "../store/RunAttributes.ts"
import { columnsOf, patchColumns, rowOf, RunColumns, runId, type RunPatch } from "../store/RunColumns.ts"
import { tickStatements } from "../store/TickRows.ts"
import type { Change, DeadLetterRow, Journal } from "./Journal.ts"

/** The journals in SurrealDB: a row of `run` for each run, and a row of `journal` for each segment, `[run, number]`. */
export class RunJournal extends Context.Service<RunJournal, Journal>()("glider/engine/JournalSurreal/RunJournal") {
  static readonly layer = Layer.effect(
    RunJournal,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const crashPoint = yield* CrashPoint
      const decodeSegment = Schema.decodeEffect(Segment)

      const rows = (ids: ReadonlyArray<string>) =>
        surreal.query(Schema.Array(RunColumns), "SELECT *, record::id(id)[0] AS run FROM $ids WHERE id != NONE", {
          ids: ids.map(runId)
        }).pipe(Effect.map((found) => found.map(rowOf)))

      const load = Effect.fnUntraced(function*(id: string) {
        const [row] = yield* rows([id])
        if (row === undefined) return undefined
        const stored = yield* surreal.query(
          Schema.Array(StoredSegment),
          "SELECT record::id(id)[1] AS number, text FROM journal:[$run]..[$run, ..]",
          { run: id }
        )
        const entries = yield* Effect.orDie(Effect.forEach(stored, ({ text }) => decodeSegment(text)))
        return { row, entries: entries.flat(), segment: (stored.at(-1)?.number ?? -1) + 1 }
      })

      /** Whether these very changes are there: the answer to their commit was lost, and they come a second time. */
      const areThere = Effect.fnUntraced(function*(changes: ReadonlyArray<Change>) {
        const segments = segmentsOf(changes)
        const stored = yield* surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE text FROM $ids WHERE id != NONE",
          { ids: segments.map(({ id }) => id) }
        )
        const texts = new Set(stored)
        return segments.length > 0 && segments.every(({ text }) => texts.has(text))
      })

      const commit = Effect.fnUntraced(function*(changes: ReadonlyArray<Change>) {
        yield* crashPoint("commit.before")
        yield* surreal.transaction(statementsOf(changes)).pipe(
          Effect.catchIf(
            ({ reason }) => reason._tag === "AlreadyExists",
            (error) => Effect.flatMap(areThere(changes), (there) => there ? Effect.void : Effect.fail(error))
          )
        )
        yield* crashPoint("commit.after")
      })

      const unfinished = Effect.fnUntraced(function*(workflow: string) {
        const found = yield* Effect.forEach(unfinishedStates, (state) =>
          surreal.query(
            Schema.Array(UnfinishedRow),
            "SELECT record::id(id)[0] AS run, state, due, error.tag AS tag FROM run WITH INDEX run_by_state " +
              "WHERE state = $state AND workflow = $workflow",
            { state, workflow }
          ))
        return found.flat().map(({ due, run, state, tag }) => ({
          id: run,
          state,
          due: due ?? undefined,
          errorTag: tag ?? undefined
        }))
      })

      return RunJournal.of({ commit, rows, load, unfinished })
    })
  )
}

const StoredSegment = Schema.Struct({ number: Schema.Finite, text: Schema.String })

const UnfinishedRow = Schema.Struct({
  run: Schema.String,
  state: RunState,
  due: Schema.optional(Schema.NullOr(Schema.Finite)),
  tag: Schema.optional(Schema.NullOr(Schema.String))
})

const segmentsOf = (changes: ReadonlyArray<Change>) =>
  changes.flatMap(({ run, segment }) =>
    segment === undefined
      ? []
      : [{ id: recordId("journal", [run, segment.number]), text: segmentText(segment.entries) }]
  )

/** Few and large statements: inserts of all rows of a kind, and one update for all runs that change alike. */
const statementsOf = (changes: ReadonlyArray<Change>): ReadonlyArray<Statement> => {
  const created = changes.flatMap(({ create }) => create === undefined ? [] : [columnsOf(create)])
  const segments = segmentsOf(changes)
  const letters = changes.flatMap(({ deadLetter }) => deadLetter === undefined ? [] : [letterColumns(deadLetter)])
  return [
    ...created.length === 0 ? [] : [insert("run", created)],
    ...segments.length === 0 ? [] : [insert("journal", segments)],
    ...changes.flatMap(({ writes }) => writes),
    ...tickStatements(changes.flatMap(({ tick }) => tick === undefined ? [] : [tick])),
    ...patches(changes),
    ...changes.flatMap(({ attributes, run }) =>
      attributes === undefined
        ? []
        : attributeStatements(run, attributes.recency, attributes.before, attributes.after)
    ),
    ...letters.length === 0 ? [] : [{
      sql: "INSERT INTO dead_letter $rows ON DUPLICATE KEY UPDATE error = $input.error, chain = $input.chain, " +
        "attempts = $input.attempts, at = $input.at, recency = $input.recency RETURN NONE",
      vars: { rows: letters }
    }]
  ]
}

const insert = (table: string, rows: ReadonlyArray<unknown>): Statement => ({
  sql: `INSERT INTO ${table} encoding::cbor::decode($rows) RETURN NONE`,
  vars: { rows: packed(rows) }
})

const letterColumns = ({ run, ...letter }: DeadLetterRow) => ({ ...letter, id: recordId("dead_letter", [run]) })

const patches = (changes: ReadonlyArray<Change>): ReadonlyArray<Statement> => {
  const alike = new Map<string, { readonly patch: RunPatch; readonly runs: Array<string> }>()
  const add = (run: string, patch: RunPatch, kind: string) => {
    const key = `${kind}${JSON.stringify(patch)}${Object.keys(patch).join()}`
    const known = alike.get(key)
    if (known === undefined) alike.set(key, { patch, runs: [run] })
    else known.runs.push(run)
  }
  for (const { create, patch, run } of changes) if (patch !== undefined && create === undefined) add(run, patch, "own ")
  const own = alike.size
  for (const { wakes } of changes) for (const { patch, run } of wakes) add(run, patch, "wake ")
  return [...alike.values()].map(({ patch, runs }, index) => update(patch, runs, index >= own))
}

/** A run that is over is not woken; one that is parked waits for people. */
const wakeable = unfinishedStates.filter((state) => state !== "parked")

const update = (patch: RunPatch, runs: ReadonlyArray<string>, wakes: boolean): Statement => {
  const columns = patchColumns(patch)
  const set = Object.keys(columns).map((name) => `${name} = $set_${name}`).join(", ")
  const where = wakes ? ` WHERE state IN ['${wakeable.join("', '")}']` : ""
  return {
    sql: `UPDATE $ids SET ${set}${where} RETURN NONE`,
    vars: {
      ids: runs.map(runId),
      ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [`set_${name}`, value]))
    }
  }
}
