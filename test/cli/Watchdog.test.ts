import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Logger, Option } from "effect"
import { TestClock } from "effect/testing"
import { watching } from "../../src/cli/Watchdog.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { Scheduler } from "../../src/Scheduler.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { StoreUnavailable, SurrealError } from "../../src/services/SurrealError.ts"
import { SystemdNotify } from "../../src/services/SystemdNotify.ts"
import { configOf } from "../api/Served.ts"

const away = new SurrealError({ operation: "test", reason: new StoreUnavailable({ message: "the store is away" }) })

/** A process that is watched, and of which parts may fall silent: what systemd and the log were told. */
const watched = Effect.fnUntraced(function*(
  {
    round = Effect.void,
    store = Effect.die("it was asked for an answer"),
    url = "rocksdb:///data/store",
    watchdog = Option.some(
      Duration.seconds(60)
    )
  }: {
    readonly round?: Effect.Effect<void>
    readonly store?: Effect.Effect<never, SurrealError>
    readonly url?: string
    readonly watchdog?: Option.Option<Duration.Duration>
  },
  duration: Duration.Input
) {
  const told: Array<string> = []
  const logged: Array<unknown> = []
  const config = configOf({})
  const fiber = yield* Effect.forkChild(Effect.provide(
    watching,
    Layer.mergeAll(
      Layer.mock(Scheduler, { round }),
      Layer.mock(Surreal, { query: () => store }),
      Layer.succeed(CurrentConfig, { ...config, store: { ...config.store, url: Option.some(url) } }),
      Layer.succeed(SystemdNotify, {
        tell: (...assignments) => Effect.sync(() => void told.push(...assignments)),
        listens: true,
        watchdog
      }),
      Logger.layer([Logger.make(({ message }) => logged.push(message))])
    )
  ))
  yield* TestClock.adjust(duration)
  yield* Fiber.interrupt(fiber)
  return { told, logged: logged.flat() }
})

describe("watchdog", () => {
  it.effect("is fed each half of the time that it waits, while supervisor and store answer, were it with an error", () =>
    Effect.gen(function*() {
      const { logged, told } = yield* watched({ store: Effect.fail(away) }, "2 minutes")
      assert.deepStrictEqual(told, Array.from({ length: 4 }, () => "WATCHDOG=1"))
      assert.deepStrictEqual(logged, [])
    }))

  it.effect("gets no sign of life of a process whose supervisor no longer comes round", () =>
    Effect.gen(function*() {
      let rounds = 0
      const round = Effect.suspend(() => ++rounds > 1 ? Effect.never : Effect.void)
      const { logged, told } = yield* watched({ round, store: Effect.fail(away) }, "10 minutes")
      assert.deepStrictEqual(told, ["WATCHDOG=1"])
      assert.deepStrictEqual(logged, ["the supervisor gives no sign of life; systemd will begin this service again"])
    }))

  it.effect("gets none of one whose own store no longer answers, and is not told of one elsewhere", () =>
    Effect.gen(function*() {
      const own = yield* watched({ store: Effect.never }, "10 minutes")
      assert.deepStrictEqual(own.told, [])
      assert.deepStrictEqual(own.logged, ["the store gives no sign of life; systemd will begin this service again"])
      const elsewhere = yield* watched({ store: Effect.never, url: "wss://db.example" }, "1 minute")
      assert.deepStrictEqual(elsewhere.told, ["WATCHDOG=1", "WATCHDOG=1"])
    }))

  it.effect("takes an answer that comes late", () =>
    Effect.gen(function*() {
      const { told } = yield* watched({ round: Effect.sleep("29 seconds"), store: Effect.fail(away) }, "59 seconds")
      assert.deepStrictEqual(told, ["WATCHDOG=1"])
    }))

  it.effect("is not fed where there is none", () =>
    Effect.gen(function*() {
      const { told } = yield* watched({ watchdog: Option.none() }, "1 hour")
      assert.deepStrictEqual(told, [])
    }))
})
