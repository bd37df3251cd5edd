/** The calendars that imports of this process have open: a chunk goes on where the one before has ended. */
import { Context, Effect, Exit, type FileSystem, Layer, Scope } from "effect"
import { type CalendarIndex, type CalendarOptions, indexOf } from "../imports/CalendarIndex.ts"
import { type CalendarPlace, type CalendarReader, open, type TakenEvents } from "../imports/CalendarReader.ts"
import type { ExportPart } from "../imports/ExportFile.ts"
import type { ImportError } from "../imports/ImportError.ts"

/** A calendar of an import, and how it is to be read. */
export interface CalendarPart {
  readonly path: string
  readonly part: ExportPart
  readonly options: CalendarOptions
}

interface Opened {
  readonly part: ExportPart
  readonly index: CalendarIndex
  readonly place: CalendarPlace
  readonly reader: CalendarReader
  readonly scope: Scope.Closeable
}

export class CalendarReaders extends Context.Service<CalendarReaders, {
  /** The next events of a calendar from that place on; opens it where it is not open at that very place. */
  readonly take: (
    run: string,
    of: CalendarPart,
    from: CalendarPlace,
    count: number
  ) => Effect.Effect<TakenEvents, ImportError, FileSystem.FileSystem>
  /** Closes what the run has open. */
  readonly close: (run: string) => Effect.Effect<void>
}>()("glider/workflows/CalendarReaders") {
  static readonly layer = Layer.effect(
    CalendarReaders,
    Effect.gen(function*() {
      const outer = yield* Effect.scope
      const opened = new Map<string, Opened>()
      const close = (run: string) =>
        Effect.suspend(() => {
          const known = opened.get(run)
          opened.delete(run)
          return known === undefined ? Effect.void : Scope.close(known.scope, Exit.void)
        })
      const opening = Effect.fnUntraced(
        function*(run: string, { options, part, path }: CalendarPart, place: CalendarPlace) {
          const known = opened.get(run)
          yield* close(run)
          const index = known?.part.name === part.name ? known.index : yield* indexOf(path, part, options)
          const scope = yield* Scope.fork(outer)
          const reader = yield* Effect.provideService(open(path, part, index, place), Scope.Scope, scope)
          return { part, index, place, reader, scope } satisfies Opened
        }
      )
      const take = Effect.fnUntraced(function*(run: string, of: CalendarPart, from: CalendarPlace, count: number) {
        const known = opened.get(run)
        const isThere = known?.part.name === of.part.name && known.place.components === from.components &&
          known.place.events === from.events
        const at = isThere ? known : yield* opening(run, of, from)
        opened.delete(run)
        const taken = yield* Effect.onError(at.reader.take(count), () => Scope.close(at.scope, Exit.void))
        if (taken.isEnd) yield* Scope.close(at.scope, Exit.void)
        else opened.set(run, { ...at, place: taken.place })
        return taken
      })
      return CalendarReaders.of({ take, close })
    })
  )
}
