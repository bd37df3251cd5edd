/** Six weeks of the sandbox's year, played through the real syncs in fast motion. */
import { Console, DateTime, Effect, HashMap, Option, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { Accounts } from "../accounts/Accounts.ts"
import { listen } from "../accounts/Callback.ts"
import { CurrentConfig } from "../Config.ts"
import { type Provider, providerTitle } from "../domain/Provider.ts"
import type { Run } from "../domain/Run.ts"
import type { Sandbox } from "../sandbox/Sandbox.ts"
import { Surreal } from "../services/Surreal.ts"
import { SyncRunner } from "../workflows/SyncRunner.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { say, table } from "./Print.ts"

/** How many days are played: a week, and the four before it that reports compare it with, are among them. */
export const demoDays = 42

/** Hours between two polls of Spotify: few enough that no more than its last 50 plays come between. */
const step = 4

/** Connects an account as a person does, with a browser that agrees at once and follows the redirect to this machine. */
const connect = Effect.fnUntraced(
  function*(provider: Provider) {
    const accounts = yield* Accounts
    const browser = yield* HttpClient.HttpClient
    const { authorizeUrl, redirectUri, state } = yield* accounts.begin(provider)
    const arrived = yield* listen({ provider, redirectUri, state })
    yield* Effect.forkChild(browser.get(authorizeUrl))
    const connection = yield* accounts.complete({ provider, state, redirected: yield* arrived })
    yield* say(`  ${providerTitle[provider]} connected as ${connection.userId}`)
  },
  Effect.provide(FetchHttpClient.layer),
  Effect.scoped
)

/** Which tasks are due at a step of the replay: listening at each, the calendar once a day, the ring every other day. */
const due = (at: number, name: string): boolean => {
  const day = 24 / step
  return name === "spotify" || at % (name === "oura" ? 2 * day : day) === 0
}

/** Plays the days; `follow` sets Glider's clock by the sandbox's. */
export const replay = Effect.fnUntraced(function*(sandbox: Sandbox["Service"], follow: Effect.Effect<void>) {
  const runner = yield* SyncRunner
  const { tasks } = yield* CurrentConfig
  yield* say("Signing in to the stand-in providers:")
  yield* Effect.forEach(["google", "spotify", "oura"] as const, connect)
  yield* say(`\nPlaying ${demoDays} days through the syncs:`)
  let done = HashMap.empty<string, { readonly runs: number; readonly completed: number }>()
  const steps = demoDays * 24 / step
  for (let at = 0; at <= steps; at++) {
    for (const task of tasks) {
      if (!due(at, task.name) && at !== steps) continue
      const outcome = yield* runner.run({ task, trigger: "manual", onProgress: () => Effect.void })
      if (outcome._tag === "Skipped") continue
      yield* mustStand(outcome.run)
      done = HashMap.modifyAt(done, task.name, (before) => {
        const { completed, runs } = Option.getOrElse(before, () => ({ runs: 0, completed: 0 }))
        return Option.some({ runs: runs + 1, completed: completed + (outcome.run.status === "completed" ? 1 : 0) })
      })
    }
    if (at % (10 * 24 / step) === 0) {
      yield* say(`  ${DateTime.formatIsoDate(yield* sandbox.clock.now)}`)
    }
    if (at < steps) yield* sandbox.clock.advance(`${step} hours`)
    yield* follow
  }
  yield* Console.log(`\n${
    table(
      ["sync", "runs", "completed"],
      [...done].map(([task, { completed, runs }]) => [task, `${runs}`, `${completed}`])
    )
  }\n`)
  yield* Console.log(yield* arrivals)
})

const mustStand = Effect.fnUntraced(function*({ error, status, workflow }: Run) {
  if (status === "completed") return
  const why = Option.match(error, { onNone: () => status, onSome: ({ message }) => message })
  return yield* new CommandFailed({
    message: `the demo's ${workflow} did not complete: ${why}`,
    exitCode: exitCodes.failed
  })
})

const streams = [
  "google_calendar_events",
  "spotify_listening_history",
  "oura_heartrate",
  "oura_daily_stress",
  "oura_daily_activity",
  "oura_daily_readiness",
  "oura_daily_sleep",
  "oura_daily_spo2",
  "oura_sleep",
  "oura_session",
  "oura_workout",
  "sync_gap",
  "quarantine"
]

const Count = Schema.Array(Schema.Finite)

/** What is in the store, and a taste of it. */
const arrivals = Effect.gen(function*() {
  const surreal = yield* Surreal
  const count = (of: string, where = "") =>
    Effect.map(
      surreal.query(Count, `SELECT VALUE count FROM (SELECT count() FROM ${of} ${where} GROUP ALL)`),
      ([found]) => found ?? 0
    )
  const rows = yield* Effect.forEach(
    streams,
    (stream) =>
      Effect.map(
        count(stream, stream.includes("_") && stream !== "sync_gap" ? "WHERE deleted_at = NONE" : ""),
        (found) => [
          stream,
          `${found}`
        ]
      )
  )
  const favourites = yield* surreal.query(
    Schema.Array(Schema.Struct({ artist: Schema.String, plays: Schema.Finite })),
    "SELECT artist, count() AS plays FROM (SELECT VALUE { artist: artist_names[0] } FROM spotify_listening_history " +
      "WHERE artist_names[0] != NONE) GROUP BY artist ORDER BY plays DESC LIMIT 3"
  )
  return [
    table(["stream", "rows"], rows),
    "",
    `Most played: ${favourites.map(({ artist, plays }) => `${artist} (${plays})`).join(", ")}`
  ].join("\n")
})
