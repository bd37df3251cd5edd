/** The calendars that imports of this process have open: a chunk goes on where the one before has ended. */
import { Context, Effect, type FileSystem, Layer } from "effect"
import { type CalendarIndex, type CalendarOptions, indexOf } from "../imports/CalendarIndex.ts"
import { type CalendarPlace, type CalendarReader, open, type TakenEvents } from "../imports/CalendarReader.ts"
import type { ExportPart } from "../imports/ExportFile.ts"
import type { ImportError } from "../imports/ImportError.ts"
import { openByRun } from "./OpenByRun.ts"

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
}

const isSame = (one: CalendarPlace, other: CalendarPlace): boolean =>
  one.components === other.components && one.events === other.events

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
    Effect.map(openByRun<Opened>(), ({ close, use }) =>
      CalendarReaders.of({
        close,
        take: (run, { options, part, path }, from, count) =>
          use(run, {
            isThere: (known) => known.part.name === part.name && isSame(known.place, from),
            open: Effect.fnUntraced(function*(before: Opened | undefined) {
              const index = before?.part.name === part.name ? before.index : yield* indexOf(path, part, options)
              return { part, index, place: from, reader: yield* open(path, part, index, from) }
            }),
            take: (known) =>
              Effect.map(
                known.reader.take(count),
                (taken) => [taken, taken.isEnd ? undefined : { ...known, place: taken.place }] as const
              )
          })
      }))
  )
}
