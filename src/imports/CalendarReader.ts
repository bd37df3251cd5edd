/** Reads a calendar event by event, and so many instances at once as are asked for. */
import { Effect, type FileSystem, Pull, Result, type Scope, Stream } from "effect"
import type { CalendarEvent } from "../domain/CalendarEvent.ts"
import { eventsOf, slotToldOf } from "./CalendarEvents.ts"
import { type CalendarIndex, lastingText, uidOf } from "./CalendarIndex.ts"
import { type CalendarItem, CalendarItems } from "./CalendarItems.ts"
import { componentOf } from "./ContentLines.ts"
import { bytesOf, type ExportPart } from "./ExportFile.ts"
import type { ExportDamaged, ImportError } from "./ImportError.ts"

/** How far a calendar is read: whole components, and so many events of the one after these. */
export interface CalendarPlace {
  readonly components: number
  readonly events: number
}

export interface ReadEvent {
  readonly event: CalendarEvent
  /** As it stands in the file, and which event it is for other calendars. */
  readonly raw: { readonly uid: string; readonly ics: string }
}

export interface TakenEvents {
  readonly place: CalendarPlace
  readonly events: ReadonlyArray<ReadEvent>
  /** Events of the file that were begun with, and such as cannot be read, which are named where they have a name. */
  readonly read: number
  readonly unreadable: ReadonlyArray<{ readonly raw: string; readonly problem: string; readonly uid: string }>
  readonly bytes: number
  readonly isEnd: boolean
  /** Why nothing more can be read, where that is no proper end. */
  readonly fault: string | undefined
}

export interface CalendarReader {
  /** About so many events, or fewer at the end. */
  readonly take: (count: number) => Effect.Effect<TakenEvents, Exclude<ImportError, ExportDamaged>>
}

/** A component without a single instance costs, too. */
const mostComponents = 200

/** Nor is more committed at once than this, in letters. */
const mostLetters = 8 * 1024 * 1024

interface Waiting {
  readonly events: ReadonlyArray<ReadEvent>
  at: number
}

/** Opens a calendar at a place, until the scope ends. What comes before is read and passed over. */
export const open = Effect.fnUntraced(
  function*(
    path: string,
    part: ExportPart,
    index: CalendarIndex,
    from: CalendarPlace
  ): Effect.fn.Return<CalendarReader, never, FileSystem.FileSystem | Scope.Scope> {
    const context = yield* Effect.context<FileSystem.FileSystem>()
    const pull = yield* Stream.toPull(bytesOf(path, part))
    const parser = new CalendarItems()
    let items: Array<CalendarItem> = []
    let waiting: Waiting | undefined
    let { components } = from
    let skipped = from.events
    let isRead = false
    let fault: string | undefined

    const add = (more: ReadonlyArray<CalendarItem>) => {
      for (const item of more) if (item.number > from.components) items.push(item)
    }
    const ended = () => {
      isRead = true
      const end = parser.end()
      add(end.items)
      fault ??= end.fault
    }
    const more = pull.pipe(
      Effect.map((pieces) => {
        for (const piece of pieces) add(parser.push(piece))
      }),
      Pull.catchDone(() => Effect.sync(ended)),
      // what was read of a part that is damaged stays read: the rest of it cannot be
      Effect.catchTag("ExportDamaged", ({ why }) =>
        Effect.sync(() => {
          fault = why
          ended()
        })),
      Effect.provideContext(context)
    )

    const read = (item: CalendarItem): Result.Result<ReadonlyArray<ReadEvent>, { uid: string; problem: string }> => {
      const component = componentOf(item.text)
      if (component === undefined) return Result.fail({ uid: "", problem: "it is no component" })
      const uid = uidOf(component, item.text)
      if (item.problem !== undefined) return Result.fail({ uid, problem: item.problem })
      if (!index.holds(item, component)) return Result.succeed([])
      const raw = { uid, ics: lastingText(item.text) }
      return slotToldOf(component, index.reading).pipe(
        Result.flatMap(() => eventsOf(component, uid, index.reading, index.toldOf(uid))),
        Result.mapBoth({
          onFailure: (problem) => ({ uid, problem }),
          onSuccess: (events) => events.map((event) => ({ event, raw }))
        })
      )
    }

    const take = (count: number) =>
      Effect.gen(function*() {
        const events: Array<ReadEvent> = []
        const unreadable: Array<TakenEvents["unreadable"][number]> = []
        let [begun, looked, letters] = [0, 0, 0]
        while (events.length < count && looked < mostComponents && letters < mostLetters) {
          if (waiting !== undefined) {
            const size = waiting.events[0]?.raw.ics.length ?? 0
            const room = Math.min(count - events.length, Math.ceil((mostLetters - letters) / (size + 1)))
            const taken = waiting.events.slice(waiting.at, waiting.at + room)
            letters += taken.length * size
            events.push(...taken)
            waiting.at += taken.length
            if (waiting.at < waiting.events.length) break
            waiting = undefined
            components++
            continue
          }
          const item = items.shift()
          if (item === undefined) {
            if (isRead) break
            yield* more
            continue
          }
          looked++
          if (item.kind !== "VEVENT") {
            components++
            continue
          }
          if (skipped === 0) begun++
          const found = read(item)
          if (Result.isFailure(found)) {
            const { problem, uid } = found.failure
            letters += item.text.length
            unreadable.push({ uid, raw: item.text, problem: `${part.name}, byte ${item.at}: ${problem}` })
            components++
            continue
          }
          waiting = { events: found.success, at: skipped }
          skipped = 0
        }
        const isEnd = isRead && items.length === 0 && waiting === undefined
        return {
          place: { components, events: waiting?.at ?? 0 },
          events,
          read: begun,
          unreadable,
          bytes: Math.min(parser.at, part.size),
          isEnd,
          fault: isEnd ? fault : undefined
        }
      })
    return { take }
  }
)
