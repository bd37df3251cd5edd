/** An import of calendars as a durable run: of any size, in chunks, each of them once, whatever ends the process when. */
import { Effect, Layer, Schema } from "effect"
import { Workflow } from "effect/workflow"
import { CalendarName } from "../domain/CalendarName.ts"
import { ImportResult } from "../domain/ImportResult.ts"
import { StreamCounts } from "../domain/Run.ts"
import { OutcomeOf } from "../engine/RunOptions.ts"
import { body } from "../workflow/Body.ts"
import { CalendarReaders } from "./CalendarReaders.ts"
import * as Steps from "./CalendarSteps.ts"
import { importOutcome, uploadFolder, UploadName } from "./Import.ts"
import { RunFailed } from "./RunResult.ts"

export const ImportCalendar = Workflow.make("import_calendar", {
  payload: {
    /** Requests with the same key are one run. */
    key: Schema.NonEmptyString,
    /** What it is called in the folder of uploads, and what the person calls it. */
    upload: UploadName,
    file: Schema.NonEmptyString,
    calendar: CalendarName,
    /** Where it was fetched, as a hash, and how its server told what it is like; none of a file. */
    fetched: Schema.NullOr(Schema.Struct({
      address: Schema.String,
      etag: Schema.NullOr(Schema.String),
      lastModified: Schema.NullOr(Schema.String)
    }))
  },
  success: ImportResult,
  error: RunFailed,
  idempotencyKey: ({ key }) => key
}).annotate(OutcomeOf, importOutcome)

type Payload = (typeof ImportCalendar)["payloadSchema"]["Type"]

/** So many names of unreadable events are kept apart; with more of them nothing is said to be gone. */
const mostUnreadable = 1_000

const run = (
  world: Effect.Success<typeof Steps.world>,
  folder: string,
  close: (run: string) => Effect.Effect<void>
) =>
  Effect.fnUntraced(
    function*({ calendar, fetched, file, upload }: Payload, run: string) {
      const of: Steps.CalendarImport = {
        run,
        path: `${folder}/${upload}`,
        file,
        calendar,
        address: fetched?.address ?? null
      }
      const looked: Steps.Looked = yield* Steps.look(world, of)
      yield* Steps.begin(world, of)
      const totalBytes = looked.parts.reduce((sum, { size }) => sum + size, 0)
      const faults: Array<string> = []
      const unreadable: Array<string> = []
      let counts = StreamCounts.none
      let [bytes, from] = [0, Infinity]
      for (const [index, part] of looked.parts.entries()) {
        let place: Steps.ChunkDone["place"] = { components: 0, events: 0 }
        for (let number = 1;; number++) {
          const standing = { part: index, place, records: counts.read, bytes, totalBytes }
          const done: Steps.ChunkDone = yield* Steps.readChunk(world, of, looked, part, number, standing)
          counts = counts.plus(done.counts)
          place = done.place
          from = Math.min(from, done.from ?? Infinity)
          unreadable.push(...done.unreadable)
          if (!done.isEnd) continue
          if (done.fault !== null) faults.push(done.fault)
          break
        }
        bytes += part.size
      }
      // what breaks off, or lists nothing, says nothing of what is gone
      if (fetched !== null && faults.length === 0 && from < Infinity && unreadable.length <= mostUnreadable) {
        counts = counts.plus(yield* Steps.mirror(world, of, { ...fetched, from, unreadable }))
      }
      yield* Steps.discard(world, of)
      const { created, deleted, quarantined, read, unchanged, updated } = counts
      return {
        kind: "calendar",
        files: looked.parts.length,
        records: read,
        created,
        updated,
        unchanged,
        deleted,
        quarantined,
        merged: 0,
        counted: 0,
        skipped: 0,
        review: 0,
        failed: 0,
        faults
      } satisfies ImportResult
    },
    (effect, _, run) => Effect.ensuring(effect, close(run))
  )

/** Registers it. */
export const layer = (dataFolder: string) =>
  Layer.unwrap(Effect.gen(function*() {
    const world = yield* Steps.world
    const readers = yield* CalendarReaders
    return ImportCalendar.toLayer(body(run(world, uploadFolder(dataFolder), readers.close)))
  })).pipe(Layer.provide(CalendarReaders.layer))
