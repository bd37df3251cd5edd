/** The files that imports of this process have open: a chunk goes on where the one before has ended. */
import { Context, Effect, type FileSystem, Layer } from "effect"
import type { ExportPart } from "../imports/ExportFile.ts"
import type { ImportError } from "../imports/ImportError.ts"
import { open, type PartReader, type Taken } from "../imports/PartReader.ts"
import { openByRun } from "./OpenByRun.ts"

/** A place in an import: which part, and how many of its items are read. */
export interface ImportPlace {
  readonly part: number
  readonly after: number
}

interface Opened extends ImportPlace {
  readonly reader: PartReader
}

export class ImportReaders extends Context.Service<ImportReaders, {
  /** The next items of a part from that place on; opens it where it is not open at that very place. */
  readonly take: (
    run: string,
    at: ImportPlace & { readonly path: string; readonly of: ExportPart },
    count: number
  ) => Effect.Effect<Taken, ImportError, FileSystem.FileSystem>
  /** Closes what the run has open. */
  readonly close: (run: string) => Effect.Effect<void>
}>()("glider/workflows/ImportReaders") {
  static readonly layer = Layer.effect(
    ImportReaders,
    Effect.map(openByRun<Opened>(), ({ close, use }) =>
      ImportReaders.of({
        close,
        take: (run, { after, of, part, path }, count) =>
          use(run, {
            isThere: (known) => known.part === part && known.after === after,
            open: () => Effect.map(open(path, of, after), (reader) => ({ part, after, reader })),
            take: ({ reader }) =>
              Effect.map(
                reader.take(count),
                (taken) => [taken, taken.isEnd ? undefined : { part, after: taken.number, reader }] as const
              )
          })
      }))
  )
}
