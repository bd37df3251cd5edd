/** Gives standing jobs when they are due. After a pause of the process the last tick that was missed is caught up, and no other. */
import { Cause, Clock, DateTime, Duration, Effect, Layer, Option, Result } from "effect"
import { CurrentConfig } from "../Config.ts"
import { defaultDst } from "../domain/Dst.ts"
import { StandingTicks } from "../store/StandingTicks.ts"
import * as Timing from "../timing/Timing.ts"
import { type StandingJob, StandingJobs } from "./Standing.ts"

/** The clock is looked at so often at least: it may be set, and the machine may sleep. */
const longestRest = Duration.minutes(1)

/** What the store did not take is given again after so much. */
const afterFailure = Duration.seconds(10)

/** Milliseconds in which the last tick is looked for, the nearest first. */
const reaches = [3_600_000, 86_400_000, 32 * 86_400_000, Infinity]

/** The last tick after one instant, up to another. */
export const lastTick = (timing: Timing.Timing, after: number, now: number): Option.Option<number> => {
  for (const reach of reaches) {
    const from = Math.max(after, now - reach)
    const found = [...Timing.ticksBetween(timing, from, now)].at(-1)
    if (found !== undefined) return Option.some(found)
    if (from === after) return Option.none()
  }
  return Option.none()
}

/** As the config has it. */
export interface StandingState {
  readonly job: StandingJob
  readonly isEnabled: boolean
  readonly cron: string
  readonly timing: Option.Option<Timing.Timing>
}

/** All of them, each as the config has it. */
export const standing = Effect.gen(function*() {
  const { jobs, scheduler } = yield* CurrentConfig
  const zone = DateTime.zoneToString(scheduler.timezone)
  return (yield* StandingJobs).all().map((job): StandingState => {
    // where there is no config of jobs, nothing is given by the clock
    const { cron = job.cron, enabled: isEnabled = job.isEnabled && jobs !== undefined } = jobs?.standing[job.name] ?? {}
    return { job, isEnabled, cron, timing: Result.getSuccess(Timing.parse(cron, zone, defaultDst)) }
  })
})

/** Sees to one, from where the processes before have come to. */
const attended = Effect.fnUntraced(function*({ name, tick }: StandingJob, timing: Timing.Timing) {
  const { scheduler } = yield* CurrentConfig
  const ticks = yield* StandingTicks
  const note = (at: number) => Effect.flatMap(Clock.currentTimeMillis, (now) => ticks.note(name, at, now))
  const begun = yield* Clock.currentTimeMillis
  const before = yield* ticks.last(name)
  let last = Option.getOrElse(before, () => begun)
  if (Option.isNone(before)) yield* note(last)
  for (;;) {
    const due = lastTick(timing, last, yield* Clock.currentTimeMillis)
    if (Option.isSome(due)) {
      const at = DateTime.setZone(DateTime.makeUnsafe(due.value), scheduler.timezone)
      yield* tick(at).pipe(Effect.withSpan("standing_job", { attributes: { "glider.job.standing": name } }))
      // given first, noted then: what ends between the two gives it again, under the same key
      yield* note(due.value)
      last = due.value
    }
    const next = Option.getOrElse(Timing.nextAfter(timing, last), () => Infinity)
    const rest = Duration.millis(Math.max(0, next - (yield* Clock.currentTimeMillis)))
    yield* Effect.sleep(Duration.min(longestRest, rest))
  }
})

/** For as long as the scope is open. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const ticks = yield* StandingTicks
  for (const { isEnabled, job, timing } of yield* standing) {
    const quietly = <E, R>(work: Effect.Effect<void, E, R>) =>
      Effect.catchCause(work, (cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.interrupt
          : Effect.andThen(
            Effect.annotateLogs(Effect.logError("a standing job could not be given yet", cause), { name: job.name }),
            Effect.sleep(afterFailure)
          ))
    if (isEnabled && Option.isSome(timing)) {
      yield* Effect.forkScoped(Effect.forever(quietly(attended(job, timing.value))))
    } else yield* Effect.forkScoped(quietly(ticks.forget(job.name)))
  }
}))
