/** A stream of events that many follow, and that one who was cut off goes on with where it was. */
import { DateTime, Effect, Option, PubSub, Schedule, Stream } from "effect"

/** Events that are kept for those who come back. */
const kept = 1000

/** How far a slow reader may fall behind, before it has to read everything again. */
const backlog = 1000

/** How often a stream in which nothing happens says that it is alive, besides at its beginning. */
const pulse = "15 seconds"

interface Event {
  readonly event: string
  readonly data: unknown
}

/** What was missed is no longer known: whoever shows something reads it again. */
interface Reset {
  readonly event: "reset"
  readonly data: Record<never, never>
}

/** Nothing new. */
interface Ping {
  readonly event: "ping"
  readonly data: { readonly at: DateTime.Utc }
}

export interface Feed<A extends Event> {
  readonly publish: (event: A) => Effect.Effect<void>
  /** From the event after that id on, or from now. */
  readonly follow: (lastId: string | undefined) => Stream.Stream<A & { readonly id: string } | Reset | Ping>
}

/** An event with the place where it stands. */
interface Placed<A> {
  readonly place: number
  readonly event: A & { readonly id: string }
}

const reset: Reset = { event: "reset", data: {} }

/** `epoch` tells this process from others, whose events are not known here. */
export const make = <A extends Event>(epoch: string): Effect.Effect<Feed<A>> =>
  Effect.gen(function*() {
    const ring: Array<Placed<A>> = []
    const live = yield* PubSub.sliding<Placed<A>>(backlog)
    let last = 0

    const publish = (event: A) =>
      Effect.suspend(() => {
        const place = ++last
        const placed = { place, event: { ...event, id: `${epoch}-${place}` } }
        ring.push(placed)
        if (ring.length > kept) ring.shift()
        return Effect.asVoid(PubSub.publish(live, placed))
      })

    /** The place of an id of this process; none of one that is not known any more. */
    const placeOf = (id: string): Option.Option<number> => {
      const place = id.startsWith(`${epoch}-`) ? Number(id.slice(epoch.length + 1)) : NaN
      const oldest = ring[0]?.place ?? last + 1
      return Number.isInteger(place) && place >= oldest - 1 && place <= last ? Option.some(place) : Option.none()
    }

    const follow = (lastId: string | undefined) =>
      Stream.unwrap(Effect.gen(function*() {
        // before what was missed is looked up: nothing falls in between
        const coming = yield* PubSub.subscribe(live)
        const from = lastId === undefined ? Option.some(last) : placeOf(lastId)
        const after = Option.getOrElse(from, () => last)
        const missed = ring.filter(({ place }) => place > after)
        let seen = missed.at(-1)?.place ?? after
        const later = Stream.fromSubscription(coming).pipe(
          Stream.filter(({ place }) => place > seen),
          Stream.flatMap((placed) => {
            const hasGap = placed.place !== seen + 1
            seen = placed.place
            return hasGap ? Stream.make(reset, placed.event) : Stream.make(placed.event)
          })
        )
        // the first at once: with it the answer begins, and who follows knows that nothing is missed from here on
        const alive = Stream.concat(Stream.make(0), Stream.fromSchedule(Schedule.spaced(pulse))).pipe(
          Stream.mapEffect(() => Effect.map(DateTime.now, (at): Ping => ({ event: "ping", data: { at } })))
        )
        const first: ReadonlyArray<A & { readonly id: string } | Reset> = Option.isNone(from)
          ? [reset]
          : missed.map(({ event }) => event)
        return Stream.fromIterable(first).pipe(
          Stream.concat(Stream.merge(later, alive))
        )
      }))

    return { publish, follow }
  })
