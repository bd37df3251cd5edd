/** An import as a durable run: a file of any size, read in chunks, each of them once, whatever ends the process when. */
import { Effect, Exit, Layer, Option, Schema } from "effect"
import { Workflow } from "effect/workflow"
import { ConnectionId } from "../domain/Connection.ts"
import { ImportResult } from "../domain/ImportResult.ts"
import { RunError, StreamCounts } from "../domain/Run.ts"
import { type Outcome, OutcomeOf, plainOutcome } from "../engine/RunOptions.ts"
import { body } from "../workflow/Body.ts"
import { ImportReaders } from "./ImportReaders.ts"
import * as Steps from "./ImportSteps.ts"
import { RunFailed } from "./RunResult.ts"

/** The folder of uploads within the data folder. */
export const uploadFolder = (dataFolder: string): string => `${dataFolder}/imports`

/** Names that are given here, and lead nowhere else. */
export const UploadName = Schema.String.check(
  Schema.isPattern(/^[a-z0-9-]{1,100}$/, { expected: "the name of a file that was uploaded" })
)

const isResult = Schema.is(ImportResult)

/** A file that breaks off has given what it could. */
export const importOutcome = (exit: Exit.Exit<unknown, unknown>): Outcome => {
  const outcome = plainOutcome(exit)
  if (Exit.isFailure(exit) || !isResult(exit.value)) return outcome
  const { faults } = exit.value
  const report = exit.value
  if (faults.length === 0) return { ...outcome, report }
  return {
    ...outcome,
    status: "partial",
    report,
    error: Option.some(
      new RunError({
        tag: "ImportBrokenOff",
        message: `not all could be read: ${faults.join("; ")}`,
        fix: Option.some("download the file again and import that: what has been read already is not read twice")
      })
    )
  }
}

export const Import = Workflow.make("import", {
  payload: {
    /** Requests with the same key are one run. */
    key: Schema.NonEmptyString,
    /** What it is called in the folder of uploads, and what the person calls it. */
    upload: UploadName,
    file: Schema.NonEmptyString,
    /** Whose records they are. */
    connection: ConnectionId
  },
  success: ImportResult,
  error: RunFailed,
  idempotencyKey: ({ key }) => key
}).annotate(OutcomeOf, importOutcome)

type Payload = (typeof Import)["payloadSchema"]["Type"]

const run = (
  world: Effect.Success<typeof Steps.world>,
  folder: string,
  close: (run: string) => Effect.Effect<void>
) =>
  Effect.fnUntraced(
    function*({ connection, file, upload }: Payload, run: string) {
      const of: Steps.Import = { run, path: `${folder}/${upload}`, file, connection }
      const parts = yield* Steps.parts(world, of)
      const totalBytes = parts.reduce((sum, { size }) => sum + size, 0)
      const whole: Array<Steps.WholePart> = []
      const faults: Array<string> = []
      let counts = StreamCounts.none
      let bytes = 0
      for (const [index, part] of parts.entries()) {
        let [from, to] = [Infinity, -Infinity]
        let after = 0
        for (let number = 1;; number++) {
          const standing = { part: index, after, records: counts.read, bytes, totalBytes }
          const done: Steps.ChunkDone = yield* Steps.readChunk(world, of, part, number, standing)
          counts = counts.plus(done.counts)
          from = Math.min(from, done.from ?? Infinity)
          to = Math.max(to, done.to ?? -Infinity)
          after = done.number
          if (!done.isEnd) continue
          if (done.fault !== null) faults.push(done.fault)
          else if (from < to) whole.push({ name: part.name, number: part.number, from, to })
          break
        }
        bytes += part.size
      }
      yield* Steps.cover(world, of, whole)
      const decided = yield* Steps.compare(world, of)
      yield* Steps.discard(world, of)
      const { created, quarantined, read, unchanged, updated } = counts
      return { files: parts.length, records: read, created, updated, unchanged, quarantined, ...decided, faults }
    },
    (effect, _, run) => Effect.ensuring(effect, close(run))
  )

/** Registers it. */
export const layer = (dataFolder: string) =>
  Layer.unwrap(Effect.gen(function*() {
    const world = yield* Steps.world
    const readers = yield* ImportReaders
    return Import.toLayer(body(run(world, uploadFolder(dataFolder), readers.close)))
  })).pipe(Layer.provide(ImportReaders.layer))
