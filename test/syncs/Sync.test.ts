import { assert, describe, it } from "@effect/vitest"
import { Cause, DateTime, Effect, Exit, Option, Queue, Schema, Stream } from "effect"
import { LocalDay, plusDays } from "../../src/domain/LocalDay.ts"
import { EventsWalk } from "../../src/syncs/EventsPlace.ts"
import { Reading } from "../../src/syncs/OuraWindows.ts"
import { type Position, stream } from "../../src/syncs/Sync.ts"
import { notePage, scriptedSync } from "../support/ScriptedSync.ts"
import { connected, reread } from "./SyncTest.ts"

const Millis = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_000_000_000_000 }))
const Days = Schema.Int.check(Schema.isBetween({ minimum: -20_000, maximum: 20_000 }))

/** What a step is given after its position was written down by an earlier one and by the beginning. */
const given = Effect.fnUntraced(function*<P>(position: Schema.Codec<P, Position>, at: P) {
  const seen: Array<P> = []
  const { begin, next } = stream({
    name: "note",
    position,
    begin: Effect.succeed(at),
    next: (after) =>
      Effect.sync(() => {
        seen.push(after)
        return { page: Option.none(), next: Option.some(after) }
      })
  })
  const first = yield* next(yield* reread(yield* begin))
  if (Option.isSome(first.next)) yield* next(yield* reread(first.next.value))
  return seen
})

const sync = scriptedSync({ note: Stream.make(notePage("a"), notePage("b"), notePage("c")) })

const onlyStream = (of: typeof sync) =>
  Effect.map(of.streams(connected("spotify", "me")), ([first]) => Option.getOrThrow(Option.fromUndefinedOr(first)))

describe("syncs/Sync", () => {
  it.effect.prop(
    "gives a walk through a calendar back as it was, after a trip through its text",
    { walk: EventsWalk },
    ({ walk }) => Effect.map(given(EventsWalk, walk), (seen) => assert.deepStrictEqual(seen, [walk, walk]))
  )

  it.effect.prop(
    "gives a reading of Oura back as it was, after a trip through its text",
    {
      instants: Schema.Tuple([Millis, Millis, Millis]),
      days: Schema.Tuple([Days, Days]),
      counts: Schema.Tuple([Schema.Natural, Schema.Natural, Schema.Natural])
    },
    ({ counts: [windows, fetched, stored], days: [fromDay, toDay], instants: [from, to, readUpTo] }) => {
      const day = LocalDay.make("2026-11-20")
      const reading = Reading.make({
        from: DateTime.makeUnsafe(from),
        to: DateTime.makeUnsafe(to),
        fromDay: plusDays(day, fromDay),
        toDay: plusDays(day, toDay),
        readUpTo: DateTime.makeUnsafe(readUpTo),
        windows,
        fetched,
        stored
      })
      return Effect.map(given(Reading, reading), (seen) => assert.deepStrictEqual(seen, [reading, reading]))
    }
  )

  it.effect("takes a position that it did not make for a bug", () =>
    Effect.gen(function*() {
      const { next } = stream({
        name: "note",
        position: Schema.Natural,
        begin: Effect.succeed(0),
        next: () => Effect.succeed({ page: Option.none(), next: Option.none() })
      })
      const exit = yield* Effect.exit(next({ windows: 2 }))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }))

  it.effect("plays a scripted stream on from any position, in another run too", () =>
    Effect.gen(function*() {
      const { begin, next } = yield* onlyStream(sync)
      const first = yield* next(yield* begin)
      const other = yield* onlyStream(sync)
      const second = yield* Effect.transposeOption(Option.map(first.next, other.next))
      const titles = [first.page, Option.flatMap(second, ({ page }) => page)].map(
        Option.map(({ cursor }) => Option.map(cursor, ({ fields }) => fields["at"]))
      )
      assert.deepStrictEqual(titles, [Option.some(Option.some("a")), Option.some(Option.some("b"))])
    }))

  it.effect("plays each step of a scripted stream once in a run", () =>
    Effect.gen(function*() {
      const steps = yield* Queue.make<string>()
      const noted = (id: string) => Stream.fromEffect(Effect.as(Queue.offer(steps, id), notePage(id)))
      const { begin, next } = yield* onlyStream(scriptedSync({ note: Stream.concat(noted("a"), noted("b")) }))
      let at = Option.some(yield* begin)
      while (Option.isSome(at)) at = (yield* next(at.value)).next
      assert.deepStrictEqual(yield* Queue.clear(steps), ["a", "b"])
    }))
})
