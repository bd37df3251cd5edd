/**
 * A process that holds very many schedules, of which none is due: `node HeldProcess.ts <HeldSetup as JSON>` says its
 * `HeldFigures` and stays. The first process of a folder stores them, the next finds them.
 */
import { Clock, DateTime, Effect, Layer, Option, Schedule } from "effect"
import { flushCompileCache } from "node:module"
import { Scheduler } from "../../src/Scheduler.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { ScheduleChanges } from "../../src/schedules/ScheduleChanges.ts"
import { round } from "../Report.ts"
import { collected, main, megabytes, say } from "../workflows/Process.ts"
import { mixed } from "./Definitions.ts"
import { HeldFigures, HeldSetup } from "./ScheduleFigures.ts"
import { glider, supervisor } from "./World.ts"

const resident = () => megabytes(process.memoryUsage.rss())

/** Until the supervisor has another next tick of it. */
const apply = Effect.fnUntraced(function*(id: string) {
  const changes = yield* ScheduleChanges
  const { nextStart } = yield* Scheduler
  const instant = Effect.map(nextStart(id), Option.map(({ epochMilliseconds }) => epochMilliseconds))
  const before = yield* instant
  const { minute } = DateTime.toPartsUtc(DateTime.makeUnsafe(Option.getOrElse(before, () => 0)))
  const cron = `${(minute + 30) % 60} * * * *`
  const from = performance.now()
  yield* changes.update(id, { cron }, { replace: false, revision: Option.none() })
  yield* Effect.repeat(instant, {
    schedule: Schedule.spaced("1 millis"),
    until: (now) => Option.getOrUndefined(now) !== Option.getOrUndefined(before)
  })
  return round(performance.now() - from)
})

main(HeldSetup, (setup) => {
  const before = Effect.sync(() => {
    flushCompileCache()
    return resident()
  })
  const supervised = Effect.gen(function*() {
    const book = yield* ScheduleBook
    const { nextStart } = yield* Scheduler
    const entries = yield* Effect.repeat(book.entries, {
      schedule: Schedule.spaced("20 millis"),
      until: (entries) => entries.length === setup.schedules
    })
    const last = entries.at(-1)?.id ?? ""
    yield* Effect.repeat(nextStart(last), { schedule: Schedule.spaced("5 millis"), until: Option.isSome })
    return round(performance.now())
  })
  return Effect.gen(function*() {
    const empty = yield* before
    const scheduling = Layer.mergeAll(supervisor(() => mixed(setup.schedules, setup.now)), ScheduleChanges.layer)
    const context = yield* Layer.build(scheduling)
    yield* Effect.gen(function*() {
      const supervisedMillis = yield* supervised
      const atMost = megabytes(process.resourceUsage().maxRSS * 1024)
      yield* Effect.sleep(`${setup.restSeconds} seconds`)
      const held = resident()
      const heap = megabytes(process.memoryUsage().heapTotal)
      const objects = megabytes(collected())
      const now = yield* Clock.currentTimeMillis
      const applyMillis = yield* apply(mixed(1, now)[0]?.id ?? "")
      yield* say(HeldFigures, { before: empty, supervisedMillis, atMost, held, heap, objects, applyMillis })
    }).pipe(Effect.provideContext(context))
    return yield* Effect.never
  }).pipe(Effect.scoped, Effect.provide(glider(setup.folder)))
})
