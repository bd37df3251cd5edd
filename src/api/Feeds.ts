import { Clock, Context, Effect, Layer, Option, PubSub, Stream } from "effect"
import type { Run } from "../domain/Run.ts"
import { ScheduleBook } from "../schedules/ScheduleBook.ts"
import { Ticks } from "../schedules/Ticks.ts"
import { runOfRow } from "../store/RunColumns.ts"
import { tickOfRow } from "../store/TickLedger.ts"
import { RunNews } from "../workflows/RunNews.ts"
import type { RunFeed, ScheduleFeed } from "./EventsGroup.ts"
import * as Feed from "./Feed.ts"
import { TooManyStreams } from "./Problems.ts"
import type { ScheduleInfo, TickLine } from "./ScheduleMessages.ts"
import { ScheduleViews, tickLine } from "./ScheduleViews.ts"

/** Streams that are open at the same time. */
const most = 100

type RunEvent = { readonly event: "begun" | "parked" | "ended"; readonly data: Run }

type ScheduleEvent =
  | { readonly event: "tick"; readonly data: { readonly schedule_id: string; readonly ticks: ReadonlyArray<TickLine> } }
  | { readonly event: "changed"; readonly data: ScheduleInfo }
  | { readonly event: "deleted"; readonly data: { readonly id: string } }

/** What happens to runs and schedules in this process, for those who watch. */
export class Feeds extends Context.Service<Feeds, {
  /** Goes on after the event of that id; without one, from now. */
  readonly runs: (lastId: string | undefined) => Effect.Effect<Stream.Stream<RunFeed>, TooManyStreams>
  readonly schedules: (lastId: string | undefined) => Effect.Effect<Stream.Stream<ScheduleFeed>, TooManyStreams>
}>()("glider/api/Feeds") {
  static readonly layer = Layer.effect(
    Feeds,
    Effect.gen(function*() {
      const book = yield* ScheduleBook
      const views = yield* ScheduleViews
      const epoch = (yield* Clock.currentTimeMillis).toString(36)
      const runs = yield* Feed.make<RunEvent>(epoch)
      const schedules = yield* Feed.make<ScheduleEvent>(epoch)
      const ofRuns = yield* (yield* RunNews).subscribe
      const ofTicks = yield* (yield* Ticks).news
      const ofChanges = yield* book.changes
      let open = 0

      const changed = Effect.fnUntraced(function*(id: string) {
        const entry = yield* Effect.option(book.get(id))
        const info = Option.isNone(entry) ? Option.none() : yield* Effect.option(views.info(entry.value))
        if (Option.isSome(info)) return yield* schedules.publish({ event: "changed", data: info.value })
        if (Option.isNone(entry)) yield* schedules.publish({ event: "deleted", data: { id } })
      })

      yield* Effect.forkScoped(
        Effect.forever(
          Effect.flatMap(PubSub.take(ofRuns), ({ kind, run }) => runs.publish({ event: kind, data: runOfRow(run) }))
        )
      )
      yield* Effect.forkScoped(
        Effect.forever(Effect.flatMap(PubSub.take(ofTicks), ({ schedule, ticks }) =>
          schedules.publish({
            event: "tick",
            data: {
              schedule_id: schedule,
              ticks: ticks.map((row) =>
                tickLine({
                  nominal: row.nominal,
                  effective: row.effective,
                  tick: Option.some(tickOfRow(row)),
                  state: "settled",
                  dst: Option.none()
                })
              )
            }
          })))
      )
      yield* Effect.forkScoped(Effect.forever(Effect.flatMap(PubSub.take(ofChanges), Effect.forEach(changed))))

      const bounded = <A>(stream: Stream.Stream<A>) =>
        Effect.suspend(() => {
          if (open >= most) {
            return Effect.fail(
              new TooManyStreams({ detail: `${most} streams are open already.`, fix: "close one that nobody reads" })
            )
          }
          return Effect.succeed(Stream.suspend(() => {
            open++
            return Stream.ensuring(
              stream,
              Effect.sync(() => {
                open--
              })
            )
          }))
        })

      return Feeds.of({
        runs: (lastId) => bounded(runs.follow(lastId)),
        schedules: (lastId) => bounded(schedules.follow(lastId))
      })
    })
  )
}
