import { Context, Effect, Layer, Option } from "effect"
import { dayOf as localDay } from "../domain/LocalDay.ts"
import { excerpt, hasAll, plainText, wordsOf } from "../domain/Words.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { GoogleEvents } from "../store/GoogleEvents.ts"
import { OuraDays, type OuraRow } from "../store/OuraDays.ts"
import { type Candidates, SearchWords } from "../store/SearchWords.ts"
import type { Key } from "../store/Write.ts"
import { asActivity } from "./Body.ts"
import { dayOf, momentOf } from "./Calendar.ts"
import { eventsOnce } from "./Copies.ts"
import type { Found, Some } from "./Found.ts"
import { MusicSearch } from "./MusicSearch.ts"
import { Owner } from "./Owner.ts"

/** About so many characters of a text are shown around what was found in it. */
const excerptSize = 160

/** Texts that are looked at once more, at a time. */
const glance = 60

/**
 * Records by the words in them. All words must be there, each as the beginning of one, whatever their case and accents. Where
 * a few letters begin very many words, some of what has them is found, and `more` says so.
 */
export class Search extends Context.Service<Search, {
  /** Artists and tracks, those played most first, then activities and events, the latest first; of each a fair share. */
  readonly find: (text: string, limit: number) => Effect.Effect<Some<Found>, SurrealError>
}>()("glider/records/Search") {
  static readonly layer = Layer.effect(
    Search,
    Effect.gen(function*() {
      const events = yield* GoogleEvents
      const music = yield* MusicSearch
      const oura = yield* OuraDays
      const { zone } = yield* Owner
      const words = yield* SearchWords

      /** Reads what the keys stand for until there is enough that has the words. */
      const verified = Effect.fnUntraced(function*<A, B>(
        { keys, more }: Candidates,
        limit: number,
        read: (keys: ReadonlyArray<Key>) => Effect.Effect<ReadonlyArray<A>, SurrealError>,
        as: (record: A) => ReadonlyArray<B>
      ) {
        const found: Array<B> = []
        for (let at = 0; at < keys.length && found.length <= limit; at += glance) {
          found.push(...(yield* read(keys.slice(at, at + glance))).flatMap(as))
        }
        return { found: found.slice(0, limit), more: more || found.length > limit }
      })

      const eventsWith = Effect.fnUntraced(function*(asked: ReadonlyArray<string>, limit: number) {
        const candidates = yield* words.find("event", asked)
        const read = (keys: ReadonlyArray<Key>) => Effect.map(events.live(keys), eventsOnce)
        return yield* verified(candidates, limit, read, ({ event }): ReadonlyArray<Found> => {
          const title = filled(event.summary)
          const location = filled(event.location)
          const description = Option.map(filled(event.description), plainText)
          const text = [title, location, description].flatMap(Option.toArray).join("\n")
          if (!hasAll(wordsOf(text), asked)) return []
          const start = momentOf(event.start)
          return [{
            _tag: "Event",
            title,
            location,
            day: Option.match(start, {
              onNone: () => Option.getOrThrow(dayOf(event.start)),
              onSome: (start) => localDay(start, zone)
            }),
            start,
            excerpt: Option.flatMap(description, (text) => Option.fromUndefinedOr(excerpt(text, asked, excerptSize)))
          }]
        })
      })

      const activitiesWith = Effect.fnUntraced(
        function*(kind: "workout" | "session", asked: ReadonlyArray<string>, limit: number) {
          const candidates = yield* words.find(kind, asked)
          return yield* verified(candidates, limit, (keys) => oura.live(kind, keys), (row): ReadonlyArray<Found> => {
            if (!hasAll(wordsOf(activityText(row)), asked)) return []
            const { name, start } = asActivity(row)
            return [{ _tag: "Activity", name, kind, day: row.day, start }]
          })
        }
      )

      const find = Effect.fn("Search.find")(function*(text: string, limit: number) {
        const asked = [...new Set(wordsOf(text))]
        if (asked.length === 0) return { found: [], more: false }
        const { artists, tracks } = yield* music.find(asked, limit)
        return shared([
          artists,
          tracks,
          yield* activitiesWith("workout", asked, limit),
          yield* activitiesWith("session", asked, limit),
          yield* eventsWith(asked, limit)
        ], limit)
      })
      return Search.of({ find })
    })
  )
}

const filled = Option.filter((text: string) => text.trim() !== "")

/** What an activity is found by. */
const activityText = (row: OuraRow<"workout"> | OuraRow<"session">): string =>
  ("activity" in row
    ? [...Option.toArray(row.label), ...Option.toArray(row.activity), "workout"]
    : [...Option.toArray(row.type), "session"]).join("\n")

/** No kind takes the place of another while there is room: each gives in turn. */
const shared = (kinds: ReadonlyArray<Some<Found>>, limit: number): Some<Found> => {
  const counts = kinds.map(() => 0)
  let left = limit
  for (let turn = 0; left > 0 && kinds.some(({ found }) => found.length > turn); turn++) {
    for (const [index, { found }] of kinds.entries()) {
      if (left === 0 || found.length <= turn) continue
      counts[index] = turn + 1
      left--
    }
  }
  return {
    found: kinds.flatMap(({ found }, index) => found.slice(0, counts[index])),
    more: kinds.some(({ found, more }, index) => more || found.length > (counts[index] ?? 0))
  }
}
