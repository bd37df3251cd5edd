/** The files that imports of this process have open: a chunk goes on where the one before has ended. */
import { Context, Effect, Exit, type FileSystem, Layer, Scope } from "effect"
import type { ExportPart } from "../imports/ExportFile.ts"
import type { ImportError } from "../imports/ImportError.ts"
import { open, type PartReader, type Taken } from "../imports/PartReader.ts"

/** A place in an import: which part, and how many of its items are read. */
export interface ImportPlace {
  readonly part: number
  readonly after: number
}

interface Opened extends ImportPlace {
  readonly reader: PartReader
  readonly scope: Scope.Closeable
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
    Effect.gen(function*() {
      const outer = yield* Effect.scope
      const opened = new Map<string, Opened>()
      const close = (run: string) =>
        Effect.suspend(() => {
          const known = opened.get(run)
          opened.delete(run)
          return known === undefined ? Effect.void : Scope.close(known.scope, Exit.void)
        })
      const take = Effect.fnUntraced(
        function*(
          run: string,
          { after, of, part, path }: ImportPlace & { readonly path: string; readonly of: ExportPart },
          count: number
        ) {
          let known = opened.get(run)
          if (known?.part !== part || known.after !== after) {
            yield* close(run)
            const scope = yield* Scope.fork(outer)
            known = {
              part,
              after,
              scope,
              reader: yield* Effect.provideService(open(path, of, after), Scope.Scope, scope)
            }
          }
          opened.delete(run)
          const { reader, scope } = known
          const taken = yield* Effect.onError(reader.take(count), () => Scope.close(scope, Exit.void))
          if (taken.isEnd) yield* Scope.close(scope, Exit.void)
          else opened.set(run, { part, after: taken.number, reader, scope })
          return taken
        }
      )
      return ImportReaders.of({ take, close })
    })
  )
}
