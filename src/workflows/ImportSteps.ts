/** The steps of an import: each chunk of a file is one activity, whose rows and journal entry are one commit. */
import { Context, Effect, FileSystem, Schema } from "effect"
import { Activity } from "effect/workflow"
import type { ConnectionId } from "../domain/Connection.ts"
import { StreamCounts } from "../domain/Run.ts"
import * as TransactionalActivity from "../engine/TransactionalActivity.ts"
import { Candidates } from "../imports/Candidates.ts"
import { ExportPart, follows, partsOf } from "../imports/ExportFile.ts"
import { readStreams } from "../imports/ReadStreams.ts"
import type { Surreal } from "../services/Surreal.ts"
import { Commit } from "../store/Commit.ts"
import { covers } from "../store/ImportCoverage.ts"
import { playsTable } from "../store/Plays.ts"
import * as RunProgress from "../workflow/RunProgress.ts"
import { ImportReaders } from "./ImportReaders.ts"
import { RunFailed, told } from "./RunResult.ts"

/** What the steps ask for. */
export const world = Effect.context<Candidates | Commit | FileSystem.FileSystem | ImportReaders | Surreal>()

type World = Effect.Success<typeof world>

/** An import as its steps see it. */
export interface Import {
  readonly run: string
  /** Where the file is, and what the person calls it. */
  readonly path: string
  readonly file: string
  readonly connection: ConnectionId
}

/** How many records are committed at once: with all that is sent of a thousand a megabyte. */
export const ChunkSize = Context.Reference<number>("glider/workflows/ImportSteps/ChunkSize", {
  defaultValue: () => 1_000
})

export const parts = (world: World, { file, path }: Import) =>
  Activity.make({
    name: "look into the file",
    success: Schema.Array(ExportPart),
    error: RunFailed,
    execute: told(partsOf(file, path))
  }).pipe(Effect.provideContext(world))

/** What a chunk did, as journalled. */
const ChunkDone = Schema.Struct({
  counts: StreamCounts,
  /** How many records of the part are read. */
  number: Schema.Natural,
  bytes: Schema.Natural,
  isEnd: Schema.Boolean,
  /** Why the rest of the part cannot be read. */
  fault: Schema.NullOr(Schema.String),
  from: Schema.NullOr(Schema.Finite),
  to: Schema.NullOr(Schema.Finite)
})
export type ChunkDone = typeof ChunkDone.Type

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)}`

/** Where a chunk stands in its import: what was read before, and how much there is in all. */
export interface Standing {
  readonly part: number
  readonly after: number
  readonly records: number
  readonly bytes: number
  readonly totalBytes: number
}

/** Reads and commits the next records of a part. */
export const readChunk = Effect.fnUntraced(
  function*(_: World, of: Import, part: ExportPart, number: number, standing: Standing) {
    const commit = yield* Commit
    const readers = yield* ImportReaders
    const size = yield* ChunkSize
    return yield* TransactionalActivity.make({
      name: `read file ${standing.part + 1}, chunk ${number}`,
      success: ChunkDone,
      error: RunFailed,
      prepare: told(
        readers.take(of.run, { part: standing.part, after: standing.after, path: of.path, of: part }, size)
      ),
      plan: Effect.fnUntraced(function*({ bytes, fault, isEnd, items, number }) {
        const { from, page, to } = readStreams(of.connection, part.name, items)
        const plan = yield* commit.plan(page)
        const read = Math.min(bytes, part.size)
        const done = standing.bytes + read
        const records = standing.records + items.length
        return {
          writes: plan.statements,
          success: {
            counts: plan.counts,
            number,
            bytes: read,
            isEnd,
            fault: fault === undefined ? null : `${part.name}, byte ${fault.at}: ${fault.why}`,
            from: from ?? null,
            to: to ?? null
          },
          committed: Effect.andThen(
            commit.committed(plan),
            RunProgress.set({
              step: "read",
              done,
              total: standing.totalBytes,
              message: `${records} records, ${megabytes(done)} of ${megabytes(standing.totalBytes)} MB`
            })
          )
        }
      })
    })
  },
  (chunk, world) => told(Effect.provideContext(chunk, world))
)

/** A part that was read to its end, and from when until when it tells. */
export interface WholePart {
  readonly name: string
  readonly number: number | null
  readonly from: number
  readonly to: number
}

/** Stretches of which the parts tell all there was: one part goes on where the one of the number before ends. */
export const stretchesOf = (
  parts: ReadonlyArray<WholePart>
): ReadonlyArray<{ readonly from: number; readonly to: number; readonly files: ReadonlyArray<string> }> => {
  const found: Array<{ from: number; to: number; files: Array<string>; number: number | null }> = []
  for (const { from, name, number, to } of parts.toSorted((one, other) => (one.number ?? 0) - (other.number ?? 0))) {
    const last = found.at(-1)
    if (last !== undefined && follows(last.number, number)) {
      last.from = Math.min(last.from, from)
      last.to = Math.max(last.to, to)
      last.files.push(name)
      last.number = number
    } else found.push({ from, to, files: [name], number })
  }
  return found.map(({ files, from, to }) => ({ from, to, files }))
}

/** Notes of which time the import is whole. */
export const cover = (world: World, { connection, run }: Import, parts: ReadonlyArray<WholePart>) =>
  told(
    TransactionalActivity.make({
      name: "note what it covers",
      success: Schema.Void,
      error: RunFailed,
      prepare: Effect.void,
      plan: () =>
        Effect.succeed({
          writes: stretchesOf(parts).map((stretch) => covers(connection, playsTable, { ...stretch, run })),
          success: undefined
        })
    }).pipe(Effect.provideContext(world))
  )

const Decided = Schema.Struct({
  merged: Schema.Natural,
  counted: Schema.Natural,
  skipped: Schema.Natural,
  review: Schema.Natural,
  failed: Schema.Natural
})

/** Compares what is new with the plays of the feed. What it has done before the process ends is done, and not counted again. */
export const compare = (world: World, { run }: Pick<Import, "run">) =>
  Activity.make({
    name: "compare with the plays there are",
    success: Decided,
    error: RunFailed,
    execute: told(Effect.andThen(
      RunProgress.set({
        step: "compare",
        done: 0,
        total: 1,
        message: "all is read; it is compared with the plays there are"
      }),
      Effect.flatMap(Candidates, ({ processAll }) => processAll(run))
    ))
  }).pipe(Effect.provideContext(world))

/** The file is not needed any more: each record of it is in the store, as it was sent. */
export const discard = (world: World, { path }: Import) =>
  Activity.make({
    name: "remove the file",
    success: Schema.Void,
    error: RunFailed,
    execute: told(Effect.flatMap(FileSystem.FileSystem, (fs) => fs.remove(path, { force: true })))
  }).pipe(Effect.provideContext(world))
