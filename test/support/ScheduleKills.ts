/** A `glider run` with schedules of every kind that is killed again and again, and what its ledger must say afterwards. */
import { assert } from "@effect/vitest"
import { Effect, Option, Schedule, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { installation } from "./CommandLine.ts"
import { randomness } from "./RandomQueries.ts"

const tables = `
[schedule.beside]
workflow = "diagnostics"
input = { key = "a", pauseSeconds = 2 }
cron = "@every 1s"
overlap_policy = "allow"
catch_up = "latest"
catch_up_window = "30s"

[schedule.alone]
workflow = "diagnostics"
input = { key = "b", pauseSeconds = 2 }
cron = "* * * * * *"
jitter = "300ms"
overlap_policy = "skip"
catch_up = "none"

[schedule.waiting]
workflow = "diagnostics"
input = { key = "c", pauseSeconds = 2 }
cron = "*/2 * * * * *"
overlap_policy = "buffer_one"

[schedule.every_one]
workflow = "diagnostics"
input = { key = "d" }
cron = "@every 2s"
catch_up = "all"
catch_up_window = "10m"

[schedule.off]
workflow = "diagnostics"
input = { key = "e" }
cron = "@every 1s"
enabled = false
`

/** Each schedule with the distance between its ticks, in milliseconds. */
const schedules = { beside: 1000, alone: 1000, waiting: 2000, every_one: 2000, off: 1000 }

const Ticks = Schema.Struct({
  ticks: Schema.Array(Schema.Struct({
    nominal: Schema.DateTimeUtcFromString,
    state: Schema.Literals(["settled", "due", "open", "skipped"]),
    outcome: Schema.OptionFromNullOr(Schema.String),
    run: Schema.OptionFromNullOr(Schema.String)
  }))
})

const RunPage = Schema.Struct({
  runs: Schema.Array(
    Schema.Struct({ id: Schema.String, tick: Schema.OptionFromNullOr(Schema.String), attempt: Schema.Int })
  ),
  next: Schema.OptionFromNullOr(Schema.Finite)
})

const Info = Schema.Struct({ buffered: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString) })

/** Kills it so many times, at instants that the seed chooses, and checks what is left. */
export const killed = Effect.fnUntraced(function*({ kills, seed }: { readonly kills: number; readonly seed: number }) {
  const random = randomness(seed)
  const http = yield* HttpClient.HttpClient
  const glider = yield* installation({ syncs: `[sync.spotify]\ninterval_seconds = 3600\n${tables}` })
  for (let kill = 0; kill < kills; kill++) {
    const process_ = yield* glider.begin("run")
    yield* process_.said(/schedules reconciled/)
    yield* Effect.sleep(random.below(2500))
    process.kill(process_.pid, "SIGKILL")
    yield* Effect.exit(process_.ended)
  }
  const last = yield* glider.begin("run")
  yield* last.said(/schedules reconciled/)
  yield* last.said(/serving on/)
  const { address, token } = yield* glider.daemon
  const get = <S extends Schema.Top>(schema: S, path: string) =>
    http.execute(HttpClientRequest.get(`${address}/api/v0${path}`).pipe(HttpClientRequest.bearerToken(token))).pipe(
      Effect.tap((response) =>
        response.status === 200
          ? Effect.void
          : Effect.flatMap(response.text, (text) => Effect.die(new Error(`${path}: ${response.status} ${text}`)))
      ),
      Effect.flatMap(HttpClientResponse.schemaBodyJson(schema))
    )
  const range = "from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
  const pastOf = (id: string) =>
    Effect.map(
      get(Ticks, `/schedules/${id}/ticks?${range}`),
      ({ ticks }) => ticks.filter(({ state }) => state !== "due")
    )

  // what is caught up one by one takes its time, and a quick machine has made few ticks by now
  yield* pastOf("every_one").pipe(
    Effect.map((ticks) => ticks.length >= kills + 2 && ticks.slice(0, -2).every(({ state }) => state === "settled")),
    Effect.repeat({ schedule: Schedule.spaced("500 millis"), until: (isWhole) => isWhole })
  )
  let found = 0
  for (const [id, distance] of Object.entries(schedules)) {
    const { buffered } = yield* get(Info, `/schedules/${id}`)
    const past = yield* pastOf(id)
    // the last may be on their way
    const ticks = past.slice(0, -2)
    found += ticks.length
    assert.isAtLeast(ticks.length, kills)
    ticks.forEach(({ nominal, outcome, state }, at) => {
      const before = ticks[at - 1]
      const where = `${id} ${nominal}`
      if (before !== undefined) {
        assert.strictEqual(nominal.epochMilliseconds - before.nominal.epochMilliseconds, distance, where)
      }
      const waits = Option.exists(buffered, ({ epochMilliseconds }) => epochMilliseconds === nominal.epochMilliseconds)
      assert.strictEqual(state, waits ? "open" : "settled", where)
      if (id === "off") assert.deepStrictEqual(outcome, Option.some("disabled"), where)
    })
    const runs: Array<typeof RunPage.Type["runs"][number]> = []
    for (let after = Option.none<number>(), isFirst = true; isFirst || Option.isSome(after); isFirst = false) {
      const query = encodeURIComponent(`schedule = "schedule-glider-${id}"`)
      const cursor: string = Option.match(after, { onNone: () => "", onSome: (place) => `&after=${place}` })
      const page = yield* get(RunPage, `/runs?query=${query}&limit=500${cursor}`)
      runs.push(...page.runs)
      after = page.next
    }
    const started = past.flatMap(({ outcome, run }) => Option.contains(outcome, "started") ? Option.toArray(run) : [])
    const ofTicks = new Set(runs.filter(({ tick }) => Option.isSome(tick)).map(({ id: run }) => run))
    assert.strictEqual(ofTicks.size, runs.filter(({ tick }) => Option.isSome(tick)).length)
    assert.deepStrictEqual(started.filter((run) => !ofTicks.has(run)), [], id)
    assert.strictEqual(new Set(started).size, started.length)
  }
  yield* last.signal("SIGTERM")
  assert.strictEqual((yield* last.ended).code, 0)
  return found
})
