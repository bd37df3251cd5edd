/** Reads a part of a history item by item, and so many at once as are asked for. */
import { Effect, type FileSystem, Pull, type Scope, Stream } from "effect"
import { bytesOf, type ExportPart } from "./ExportFile.ts"
import type { ExportDamaged, ImportError } from "./ImportError.ts"
import { type JsonFault, type JsonItem, JsonItems } from "./JsonItems.ts"

/** What was read, and how far the reader has come with it. */
export interface Taken {
  readonly items: ReadonlyArray<JsonItem>
  /** How many items of the part are read, and how many of its bytes. */
  readonly number: number
  readonly bytes: number
  readonly isEnd: boolean
  /** Why nothing more can be read of it, where that is no proper end. */
  readonly fault: JsonFault | undefined
}

export interface PartReader {
  /** The next items, this many or fewer at the end; in memory are these and the bytes of one read. */
  readonly take: (count: number) => Effect.Effect<Taken, Exclude<ImportError, ExportDamaged>>
}

/** Opens a part after so many of its items, until the scope ends. What comes before is read and passed over. */
export const open = Effect.fnUntraced(
  function*(
    path: string,
    part: ExportPart,
    after: number
  ): Effect.fn.Return<PartReader, never, FileSystem.FileSystem | Scope.Scope> {
    const context = yield* Effect.context<FileSystem.FileSystem>()
    const pull = yield* Stream.toPull(bytesOf(path, part))
    const parser = new JsonItems()
    let waiting: Array<JsonItem> = []
    let [number, bytes] = [after, 0]
    let isRead = false
    let fault: JsonFault | undefined

    const add = (items: ReadonlyArray<JsonItem>) => {
      for (const item of items) if (item.number > after) waiting.push(item)
    }
    const more = pull.pipe(
      Effect.map((pieces) => {
        for (const piece of pieces) {
          if (fault !== undefined) break
          bytes += piece.length
          const pushed = parser.push(piece)
          add(pushed.items)
          fault = pushed.fault
        }
        if (fault !== undefined) isRead = true
      }),
      Pull.catchDone(() =>
        Effect.sync(() => {
          isRead = true
          const end = parser.end()
          if (end.rest !== undefined) add([end.rest])
          fault = end.fault
        })
      ),
      // what was read of a part that is damaged stays read: the rest of it cannot be
      Effect.catchTag("ExportDamaged", ({ why }) =>
        Effect.sync(() => {
          isRead = true
          fault ??= { at: bytes, why }
        })),
      Effect.provideContext(context)
    )

    const take = (count: number) =>
      Effect.gen(function*() {
        while (waiting.length < count) {
          if (isRead) break
          yield* more
        }
        const items = waiting.slice(0, count)
        waiting = waiting.slice(count)
        number += items.length
        const isEnd = isRead && waiting.length === 0
        return { items, number, bytes, isEnd, fault: isEnd ? fault : undefined }
      })
    return { take }
  }
)
