import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, FileSystem, Result, Schema } from "effect"
import { ConfigFileError } from "../../src/Config.ts"
import { defaultDst } from "../../src/domain/Dst.ts"
import { CronMistake } from "../../src/timing/CronMistake.ts"
import * as Timing from "../../src/timing/Timing.ts"
import { type Randomness, randomness } from "../support/RandomQueries.ts"
import { loadText } from "./Surroundings.ts"

const isMistake = Schema.is(CronMistake)
const isConfigError = Schema.is(ConfigFileError)

const pieces = [
  "*",
  "*/5",
  "0",
  "59",
  "60",
  "-1",
  "1-5",
  "5-1",
  "MON",
  "mon-fri",
  "JAN",
  "L",
  "W",
  "#",
  "?",
  ",",
  "-",
  "/",
  "*/0",
  "1/2/3",
  "@daily",
  "@every",
  "@every 1s",
  "@every -5m",
  "@reboot",
  "1e9",
  "٣",
  " ",
  "\t",
  "\u0000",
  "99999999999999999999",
  "0-59/7",
  "1,2,3",
  "0,,1",
  "*-*",
  "SUN-SAT",
  "7",
  "8",
  "13",
  "32",
  "💥",
  "'",
  "\"",
  "${x}",
  "NaN",
  "Infinity"
]

const fields = ["*", "*/5", "0", "3", "1-5", "7", "1,2", "*/2"]

/** Half of them look like an expression, and have at most one piece that does not belong. */
const expression = (random: Randomness): string => {
  if (random.below(2) === 0) {
    return Array.from({ length: random.below(9) }, () => random.pick(pieces)).join(
      random.pick([" ", " ", "", "  ", "\n"])
    )
  }
  const good = Array.from({ length: random.pick([5, 5, 6]) }, () => random.pick(fields))
  if (random.below(2) === 0) good[random.below(good.length)] = random.pick(pieces)
  return good.join(" ")
}

const values = [
  "0",
  "-1",
  "1",
  "1e400",
  "nan",
  "true",
  "\"\"",
  "\"@daily\"",
  "\"* * * * *\"",
  "\"61 * * * *\"",
  "[]",
  "[1, \"a\"]",
  "{}",
  "{ gap = \"skip\" }",
  "1979-05-27",
  "1979-05-27T00:32:00Z",
  "\"1979-05-27T00:32:00\"",
  "\"2099-01-01T00:00:00Z\"",
  "\"-5s\"",
  "\"Local\"",
  "\"Europe/Berlin\"",
  "\"\\u0000\"",
  "99999999999999999999",
  "\"\"\"\nx\"\"\"",
  "'''",
  "=",
  ""
]

const keys = [
  "enabled",
  "interval_seconds",
  "cron",
  "timezone",
  "dst",
  "dst.gap",
  "jitter",
  "overlap_policy",
  "start_at",
  "end_at",
  "catch_up",
  "catch_up_window",
  "max_runs",
  "pause_on_failure",
  "workflow",
  "input",
  "input.key",
  "timeout_seconds",
  "__proto__",
  "constructor",
  "toString",
  "\"\"",
  "\"a b\"",
  "max_schedules",
  "min_interval_seconds",
  "host",
  "port"
]

const tables = [
  "[sync.spotify]",
  "[sync.oura]",
  "[sync]",
  "[schedule.a]",
  "[schedule.spotify]",
  "[schedule]",
  "[[schedule]]",
  "[scheduler]",
  "[schedule.__proto__]",
  "[schedule.\"a b\"]",
  "[server]",
  "[project]",
  "[schedule.a.input]",
  "[",
  "]",
  "# x",
  "[sync.oura_full]"
]

/** The shipped file with lines put in, taken out and torn; or a file of such lines alone. */
const file = (random: Randomness, shipped: ReadonlyArray<string>): string => {
  const lines = random.below(2) === 0 ? [...shipped] : []
  for (let edits = 1 + random.below(12); edits > 0; edits--) {
    const at = random.below(lines.length + 1)
    const line = random.below(3) === 0 ? random.pick(tables) : `${random.pick(keys)} = ${random.pick(values)}`
    const old = lines[at] ?? ""
    lines.splice(at, random.below(2), random.below(6) === 0 ? old.slice(0, random.below(old.length + 1)) : line)
  }
  return lines.join("\n")
}

describe("input that is nobody's intention", () => {
  it("of 20,000 texts each is a schedule whose next tick can be told, or a mistake that says what is wrong", () => {
    const random = randomness(11)
    let taken = 0
    for (let count = 0; count < 20_000; count++) {
      const text = expression(random)
      const zone = random.pick(["UTC", "Europe/Berlin", "Local", "+02:00", "", "Etc/Unknown"])
      const timing = Timing.parse(text, zone, defaultDst)
      if (Result.isSuccess(timing)) {
        taken++
        Timing.nextAfter(timing.success, 1.7e12)
      } else {
        assert.isTrue(isMistake(timing.failure))
        assert.isAbove(timing.failure.message.length, 10, text)
      }
    }
    assert.isAbove(taken, 1000)
  })

  it.effect("of 1,500 config files each is read, or refused with its mistakes and their places", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const shipped = (yield* fs.readFileString("config.toml")).split("\n")
      const random = randomness(12)
      let taken = 0
      for (let count = 0; count < 1500; count++) {
        const text = file(random, shipped)
        const exit = yield* Effect.exit(loadText(text))
        if (Exit.isSuccess(exit)) {
          taken++
          continue
        }
        const [reason] = exit.cause.reasons
        assert.isTrue(reason?._tag === "Fail" && isConfigError(reason.error) && reason.error.mistakes.length > 0, text)
      }
      assert.isAbove(taken, 10)
    }).pipe(Effect.provide(NodeServices.layer)))
})
