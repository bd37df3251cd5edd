import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, DateTime, Duration, Effect, Layer, Option, Ref } from "effect"
import { TestClock } from "effect/testing"
import type { Task } from "../src/Config.ts"
import { ConfigFileError } from "../src/config/Mistake.ts"
import type { TaskName } from "../src/domain/Task.ts"
import { Scheduler, type Supervised } from "../src/Scheduler.ts"
import { RunOutcome } from "../src/workflows/SyncRunner.ts"

const spotify = (seconds: number, enabled = true): Task => ({
  name: "spotify",
  enabled,
  interval: Duration.seconds(seconds),
  timeout: Duration.minutes(15)
})

const calendar = (seconds: number, enabled = true): Task => ({
  ...spotify(seconds, enabled),
  name: "google_calendar",
  calendarIds: ["primary"],
  daysBack: 30
})

const outcome = (task: Task) => RunOutcome.Skipped({ task: task.name, runningId: "scripted" })

/** Remembers when each task started and ended, in virtual seconds. */
const ledger = Effect.gen(function*() {
  const spans = yield* Ref.make<
    ReadonlyArray<{ readonly name: TaskName; readonly start: number; readonly end: number }>
  >([])
  const seconds = Effect.map(Clock.currentTimeMillis, (millis) => millis / 1000)
  const run = (body: (task: Task) => Effect.Effect<void>) =>
    Effect.fnUntraced(function*(task: Task) {
      const start = yield* seconds
      yield* body(task).pipe(Effect.ensuring(Effect.flatMap(seconds, (end) =>
        Ref.update(spans, (all) => [...all, { name: task.name, start, end }]))))
      return outcome(task)
    })
  const of = (name: TaskName) => Effect.map(Ref.get(spans), (all) => all.filter((span) => span.name === name))
  return { run, of, starts: (name: TaskName) => Effect.map(of(name), (all) => all.map(({ start }) => start)) }
})

const supervising = (supervised: Partial<Supervised> & Pick<Supervised, "tasks" | "run">) =>
  Layer.build(Scheduler.layer(Effect.succeed({
    shutUntil: () => Effect.succeed(Option.none()),
    reread: Effect.succeed(supervised.tasks),
    grace: Duration.seconds(30),
    ...supervised
  }))).pipe(Effect.map(Context.get(Scheduler)))

describe("Scheduler", () => {
  it.effect("runs each enabled task at start and then per interval", () =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      yield* supervising({ tasks: [spotify(120), calendar(1800)], run: run(() => Effect.void) })
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual((yield* starts("spotify")).slice(0, 4), [0, 120, 240, 360])
      assert.deepStrictEqual(yield* starts("google_calendar"), [0, 1800, 3600])
    }))

  it.effect("starts exactly one interval after the end before it, for 1,000 ticks of each of two tasks", () =>
    Effect.gen(function*() {
      const { of, run } = yield* ledger
      const length = (task: Task) => task.name === "spotify" ? "7 seconds" : "41 seconds"
      yield* supervising({ tasks: [spotify(120), calendar(300)], run: run((task) => Effect.sleep(length(task))) })
      yield* TestClock.adjust(Duration.seconds(1000 * 341))
      for (const [name, interval] of [["spotify", 120], ["google_calendar", 300]] as const) {
        const spans = yield* of(name)
        assert.isAtLeast(spans.length, 1000)
        spans.slice(1).forEach(({ start }, index) => assert.strictEqual(start, (spans[index]?.end ?? NaN) + interval))
      }
    }))

  it.effect.each([
    { how: "dies", body: Effect.die(new Error("a bug")) },
    {
      how: "throws",
      body: Effect.sync((): void => {
        throw new Error("thrown")
      })
    },
    { how: "hangs", body: Effect.never }
  ])("a task that $how every time leaves the other's ticks untouched", ({ body }) =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      yield* supervising({
        tasks: [spotify(120), calendar(300)],
        run: run((task) => task.name === "spotify" ? Effect.void : body)
      })
      yield* TestClock.adjust(Duration.seconds(120 * 999))
      assert.deepStrictEqual(yield* starts("spotify"), Array.from({ length: 1000 }, (_, tick) => tick * 120))
    }))

  it.effect("goes on after a defect, one interval after its end", () =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      yield* supervising({ tasks: [spotify(60)], run: run(() => Effect.die("bug")) })
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(yield* starts("spotify"), [0, 60, 120, 180])
    }))

  it.effect("does not start disabled tasks", () =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      yield* supervising({ tasks: [spotify(60, false), calendar(60)], run: run(() => Effect.void) })
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* starts("spotify"), [])
      assert.lengthOf(yield* starts("google_calendar"), 3)
    }))

  it.effect("waits for as long as a provider asked, also at start, and only for that provider's tasks", () =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      const until = DateTime.makeUnsafe(86_400_000)
      yield* supervising({
        tasks: [spotify(120), calendar(3600)],
        run: run(() => Effect.void),
        shutUntil: (provider) =>
          Effect.map(
            Clock.currentTimeMillis,
            (now) => provider === "spotify" && now < until.epochMilliseconds ? Option.some(until) : Option.none()
          )
      })
      yield* TestClock.adjust("25 hours")
      assert.deepStrictEqual((yield* starts("spotify")).slice(0, 2), [86_400, 86_520])
      assert.deepStrictEqual((yield* starts("google_calendar")).slice(0, 2), [0, 3600])
    }))

  it.effect("says when each task starts next", () =>
    Effect.gen(function*() {
      const { run } = yield* ledger
      const scheduler = yield* supervising({
        tasks: [spotify(120), calendar(300)],
        run: run((task) => task.name === "spotify" ? Effect.void : Effect.never)
      })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual([...yield* scheduler.nextStarts], [["spotify", DateTime.makeUnsafe(120_000)]])
    }))

  it.effect("takes over a changed interval, a new task and a disabled one at reload, and lets running syncs end", () =>
    Effect.gen(function*() {
      const { of, run, starts } = yield* ledger
      const file = yield* Ref.make<ReadonlyArray<Task>>([spotify(120), calendar(60)])
      const scheduler = yield* supervising({
        tasks: yield* Ref.get(file),
        run: run((task) => task.name === "google_calendar" ? Effect.sleep("10 seconds") : Effect.void),
        reread: Ref.get(file)
      })
      yield* TestClock.adjust("5 seconds")
      yield* Ref.set(file, [spotify(30), calendar(60, false)])
      assert.deepStrictEqual(yield* scheduler.reload, {
        started: [],
        stopped: ["google_calendar"],
        changed: ["spotify"]
      })
      yield* TestClock.adjust("95 seconds")
      assert.deepStrictEqual(yield* starts("spotify"), [0, 30, 60, 90])
      assert.deepStrictEqual(yield* of("google_calendar"), [{ name: "google_calendar", start: 0, end: 10 }])
      yield* Ref.set(file, [spotify(30), calendar(60)])
      assert.deepStrictEqual(yield* scheduler.reload, { started: ["google_calendar"], stopped: [], changed: [] })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* of("google_calendar"), [{ name: "google_calendar", start: 0, end: 10 }])
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* starts("google_calendar"), [0, 100])
    }))

  it.effect("keeps going as before when the new config is wrong", () =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      const scheduler = yield* supervising({
        tasks: [spotify(60)],
        run: run(() => Effect.void),
        reread: Effect.fail(new ConfigFileError({ path: "config.toml", mistakes: [] }))
      })
      yield* TestClock.adjust("1 second")
      yield* Effect.flip(scheduler.reload)
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* starts("spotify"), [0, 60, 120])
    }))

  it.effect("goes on after a run that interrupted itself", () =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      yield* supervising({ tasks: [spotify(60)], run: run(() => Effect.interrupt) })
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* starts("spotify"), [0, 60, 120])
    }))

  it.effect("looks at the provider's gate again when a start is due", () =>
    Effect.gen(function*() {
      const { run, starts } = yield* ledger
      const shut = yield* Ref.make(Option.none<DateTime.Utc>())
      yield* supervising({
        tasks: [spotify(60)],
        run: run(() => Effect.void),
        shutUntil: () =>
          Effect.zipWith(Ref.get(shut), Clock.currentTimeMillis, (until, now) =>
            Option.filter(until, ({ epochMilliseconds }) =>
              epochMilliseconds > now))
      })
      yield* TestClock.adjust("30 seconds")
      yield* Ref.set(shut, Option.some(DateTime.makeUnsafe(600_000)))
      yield* TestClock.adjust("11 minutes")
      assert.deepStrictEqual(yield* starts("spotify"), [0, 600, 660])
    }))

  it.effect.each([
    { run: 5, ends: 6 },
    { run: 300, ends: 31 }
  ])(
    "waits at shutdown for the safe point of a run of $run s, at most the grace period",
    ({ ends, run: length }) =>
      Effect.gen(function*() {
        const { run } = yield* ledger
        const stopped = yield* Ref.make(Option.none<number>())
        const daemon = Effect.scoped(Effect.gen(function*() {
          yield* supervising({
            tasks: [spotify(60)],
            grace: Duration.seconds(30),
            run: run(() => Effect.uninterruptible(Effect.sleep(Duration.seconds(length + 1))))
          })
          yield* Effect.sleep("1 second")
        }))
        yield* Effect.forkChild(Effect.andThen(
          daemon,
          Effect.flatMap(Clock.currentTimeMillis, (now) => Ref.set(stopped, Option.some(now / 1000)))
        ))
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(yield* Ref.get(stopped), Option.some(ends))
      })
  )
})
