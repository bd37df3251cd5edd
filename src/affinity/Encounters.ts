import { Context, type DateTime, Effect, Layer, Option, Stream } from "effect"
import type { AffinityKind } from "../domain/Affinity.ts"
import type { Provider } from "../domain/Provider.ts"
import { folded } from "../domain/Words.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { type Attendee, EventCompany, type Gathering } from "../store/EventCompany.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { Tracks } from "../store/Tracks.ts"

/** Something that was met, how often, and when lastly. */
export interface Encounter {
  readonly name: string
  readonly artists: ReadonlyArray<string>
  readonly uses: number
  /** Epoch milliseconds. */
  readonly last: number
}

/** By their keys: addresses of tracks, names of artists, places in small letters, addresses of people. */
export type Encounters = ReadonlyMap<string, Encounter>

/** What the owner's records say was met, of all accounts together. */
export class Met extends Context.Service<Met, {
  readonly all: (now: DateTime.Utc) => Effect.Effect<{ readonly [K in AffinityKind]: Encounters }, SurrealError>
}>()("glider/affinity/Encounters/Met") {
  static readonly layer = Layer.effect(
    Met,
    Effect.gen(function*() {
      const company = yield* EventCompany
      const connections = yield* Connections
      const imported = yield* ImportedCalendars
      const played = yield* Tracks

      const accounts = (provider: Provider) =>
        Effect.map(connections.ofProvider(provider), (rows) => rows.map(({ connection: { id } }) => id))

      const music = Effect.gen(function*() {
        const track = new Map<string, Encounter>()
        const artist = new Map<string, Encounter>()
        for (const account of yield* accounts("spotify")) {
          for (const { artists, last, name, plays, uri } of yield* played.all(account)) {
            const title = Option.getOrElse(name, () => uri)
            meet(track, uri, { name: title, artists, uses: plays, last })
            for (const one of new Set(artists)) meet(artist, one, { name: one, artists: [], uses: plays, last })
          }
        }
        return { track, artist }
      })

      const life = Effect.fnUntraced(function*(now: DateTime.Utc) {
        const place = new Map<string, Encounter>()
        const person = new Map<string, Encounter>()
        // a meeting that stands in two calendars is one
        const seen = new Set<string>()
        const own = new Set(
          (yield* connections.ofProvider("google")).map(({ connection: { userId } }) => userId.toLowerCase())
        )
        const calendars = (yield* imported.all).map(({ connection }) => connection)
        for (const account of [...yield* accounts("google"), ...calendars]) {
          yield* Stream.runForEach(company.before(account, now), (part) =>
            Effect.sync(() => {
              for (const gathering of part) {
                const id = `${gathering.uid} ${gathering.start}`
                if (seen.has(id)) continue
                seen.add(id)
                const last = Math.min(Math.max(gathering.end, gathering.start), now.epochMilliseconds)
                for (const { key, name } of placesOf(gathering)) meet(place, key, { name, artists: [], uses: 1, last })
                for (const { email, name } of gathering.attendees.filter((one) => isMet(one) && !own.has(one.email))) {
                  meet(person, email, { name: name ?? email, artists: [], uses: 1, last })
                }
              }
            }))
        }
        return { place, person }
      })

      const all = Effect.fn("Met.all")(function*(now: DateTime.Utc) {
        return { ...yield* music, ...yield* life(now) }
      })
      return Met.of({ all })
    })
  )
}

/** What was met lastly says what it is called. */
const meet = (known: Map<string, Encounter>, key: string, met: Encounter): void => {
  const before = known.get(key)
  if (before === undefined) {
    known.set(key, met)
    return
  }
  const { artists, name } = met.last >= before.last ? met : before
  known.set(key, { name, artists, uses: before.uses + met.uses, last: Math.max(before.last, met.last) })
}

const isMet = ({ hasDeclined, isResource, isSelf }: Attendee): boolean => !hasDeclined && !isResource && !isSelf

/** A link to a meeting is no place. */
const placesOf = ({ location }: Gathering): ReadonlyArray<{ readonly key: string; readonly name: string }> => {
  const name = location?.replaceAll(/\s+/g, " ").trim().slice(0, longest) ?? ""
  return name === "" || /^https?:\/\//i.test(name) ? [] : [{ key: folded(name), name }]
}

/** Nobody's address is longer. */
const longest = 300
