import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { TaskState } from "../../../src/api/Messages.ts"
import { sentence, standingOf, toneOfAll } from "../../../src/dashboard/machine/Standing.ts"
import type { ConnectionState } from "../../../src/domain/Connection.ts"
import type { Provider } from "../../../src/domain/Provider.ts"
import type { RecordKind } from "../../../src/domain/RecordKind.ts"
import { accountOf, checkOf, failure, minutesAgo, owner, runOf, taskOf } from "./MachineFixtures.ts"

const calm = { letterRuns: 0, letterRecords: 0, parkedRuns: 0, pausedByFailure: 0 }

const names = { google: "google_calendar", spotify: "spotify", oura: "oura" } as const

const well = Option.some(runOf("r"))

const standing = (provider: Provider, {
  enabled = true,
  lastRun = well,
  paused = [],
  state = "connected",
  until = Option.none(),
  behind = [],
  interval = Option.some(600)
}: {
  readonly enabled?: boolean
  readonly lastRun?: TaskState["lastRun"]
  readonly paused?: ReadonlyArray<string>
  readonly state?: ConnectionState | "none"
  readonly until?: Parameters<typeof standingOf>[4]
  readonly behind?: ReadonlyArray<RecordKind>
  readonly interval?: TaskState["intervalSeconds"]
} = {}) =>
  standingOf(
    owner,
    accountOf(provider, state === "none" ? undefined : state),
    [new TaskState({ ...taskOf(names[provider], lastRun, enabled), intervalSeconds: interval })],
    new Set(paused),
    until,
    new Set(behind)
  )

const three = [standing("google"), standing("spotify"), standing("oura")]

describe("the sentence of state", () => {
  it("says in few words that all is well", () => {
    assert.strictEqual(sentence(owner, three, calm), "All 3 connections fresh.")
    assert.strictEqual(sentence(owner, [standing("spotify")], calm), "The connection is fresh.")
    assert.strictEqual(toneOfAll(three, calm, []), "ok")
  })

  it("names each connection that is not, and why", () => {
    const all = [standing("google"), standing("spotify", { state: "needs_auth" }), standing("oura", { state: "none" })]
    assert.strictEqual(
      sentence(owner, all, calm),
      "1 of 3 connections fresh. Spotify needs a new sign-in. Oura is not connected."
    )
    assert.strictEqual(toneOfAll(all, calm, []), "problem")
  })

  it("says so when none is fresh", () => {
    const lastRun = Option.some(runOf("r", { status: "failed", error: failure() }))
    const all = [standing("google", { lastRun }), standing("spotify", { lastRun })]
    assert.strictEqual(
      sentence(owner, all, calm),
      "None of 2 connections fresh. Google is behind. Spotify is behind."
    )
    assert.strictEqual(toneOfAll(all, calm, []), "warning")
  })

  it("expects nothing of a connection whose syncs are off", () => {
    assert.strictEqual(
      sentence(owner, [standing("google"), standing("oura", { enabled: false, state: "none" })], calm),
      "The connection is fresh."
    )
    assert.strictEqual(sentence(owner, [standing("google", { enabled: false })], calm), "No sync is on.")
    assert.strictEqual(
      sentence(owner, [standing("google", { enabled: false, state: "none" })], calm),
      "Nothing is connected yet."
    )
  })

  it("waits for the first sync of what was just connected", () => {
    const all = [standing("google"), standing("spotify", { lastRun: Option.none() })]
    assert.strictEqual(
      sentence(owner, all, calm),
      "1 of 2 connections fresh. Spotify waits for its first sync."
    )
    assert.strictEqual(toneOfAll(all, calm, []), "ok")
  })

  it("does not call behind what a person has paused", () => {
    const old = Option.some(runOf("r", { startedAt: minutesAgo(5000), finishedAt: Option.some(minutesAgo(5000)) }))
    const all = [standing("google"), standing("spotify", { lastRun: old, paused: ["spotify"] })]
    assert.strictEqual(sentence(owner, all, calm), "1 of 2 connections fresh. Spotify is paused.")
    assert.strictEqual(toneOfAll(all, calm, []), "ok")
  })

  it("counts what waits for the person, one and many", () => {
    const waiting = { letterRuns: 1, letterRecords: 0, parkedRuns: 2, pausedByFailure: 1 }
    assert.strictEqual(
      sentence(owner, three, waiting),
      "All 3 connections fresh. 1 run in the dead letters. 2 runs parked. 1 schedule paused after a failure."
    )
    assert.strictEqual(
      sentence(owner, three, { ...calm, letterRuns: 2, letterRecords: 1 }),
      "All 3 connections fresh. 2 runs and 1 record in the dead letters."
    )
    assert.strictEqual(toneOfAll(three, { ...calm, letterRecords: 1 }, []), "warning")
    assert.strictEqual(toneOfAll(three, { ...calm, parkedRuns: 1 }, []), "problem")
    assert.strictEqual(toneOfAll(three, calm, [checkOf("spotify app", "problem")]), "problem")
  })
})

describe("a connection", () => {
  it("is fresh while its last sync is not older than two of its intervals and five minutes", () => {
    const ended = (minutes: number) =>
      standing("spotify", {
        lastRun: Option.some(
          runOf("r", { startedAt: minutesAgo(minutes), finishedAt: Option.some(minutesAgo(minutes)) })
        )
      }).standing
    assert.strictEqual(ended(25), "fresh")
    assert.strictEqual(ended(26), "behind")
  })

  it("is as fresh as its data while a sync of it runs, waits or is parked", () => {
    const lastRun = Option.some(runOf("r", { status: "running", state: "parked", finishedAt: Option.none() }))
    const until = Option.some(minutesAgo(9))
    assert.strictEqual(standing("spotify", { lastRun, until }).standing, "fresh")
    assert.strictEqual(standing("spotify", { lastRun, until, behind: ["listening"] }).standing, "behind")
    assert.strictEqual(standing("spotify", { lastRun, until, behind: ["calendar"] }).standing, "fresh")
    assert.strictEqual(standing("spotify", { lastRun }).standing, "new")
  })

  it("is behind when the API says so, also by a cron expression, which has no interval", () => {
    const interval = Option.none()
    const lastRun = Option.some(runOf("r", { startedAt: minutesAgo(9999), finishedAt: Option.some(minutesAgo(9999)) }))
    assert.strictEqual(standing("spotify", { interval, lastRun }).standing, "fresh")
    assert.strictEqual(standing("spotify", { interval, lastRun, behind: ["listening"] }).standing, "behind")
  })

  it("tells until when its data go: by the records, else by its last sync that came to its end", () => {
    assert.deepStrictEqual(standing("spotify", { until: Option.some(minutesAgo(9)) }).until, Option.some(minutesAgo(9)))
    const [run] = [runOf("r")]
    assert.deepStrictEqual(standing("spotify", { lastRun: Option.some(run) }).until, run.finishedAt)
  })
})
