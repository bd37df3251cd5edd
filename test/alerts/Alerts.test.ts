import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Option, Ref } from "effect"
import { TestClock } from "effect/testing"
import { AlertDesk } from "../../src/alerts/AlertDesk.ts"
import { LatestConfig } from "../../src/Config.ts"
import { alertDefaults } from "../../src/config/AlertKeys.ts"
import { CircuitBreakers } from "../../src/services/CircuitBreakers.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { begun, ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { tasks } from "../support/World.ts"
import { Machine, Ntfy, phone, round, shown } from "./AlertWorld.ts"
import { alone, fails, gap, letter, noon, open, run, signedIn } from "./Causes.ts"

describe("alerts", () => {
  it.effect("there is one for each cause, told once however often it is seen, and said to be over once", () =>
    alone(
      Effect.gen(function*() {
        const { seen } = yield* Ntfy
        const machine = yield* Machine
        const connections = yield* Connections
        yield* letter("r1", "music_sync")
        yield* letter("r2", "music_sync")
        const connection = yield* signedIn(DateTime.add(noon, { days: 32 }))
        yield* fails
        yield* gap(DateTime.subtract(noon, { hours: 4 }))
        yield* Ref.set(machine.free, 5e8)
        yield* Ref.set(machine.backup, Option.some({ path: "b", at: noon, bytes: 1, scheduled: true }))
        yield* TestClock.adjust("3 days") // of which no sync came, and no backup
        yield* round
        const gapKey = "gap/spotify:me/spotify_listening_history/1772438400000"
        const causes = [
          "backup/old",
          "breaker_open/oura",
          `credential_expiring/spotify:me/${DateTime.add(noon, { days: 32 }).epochMilliseconds}`,
          "dead_letter/run/music_sync",
          "disk_low",
          gapKey,
          "stale/spotify"
        ]
        assert.deepStrictEqual(yield* open, causes)
        assert.lengthOf(seen, causes.length)
        yield* TestClock.adjust("2 hours")
        yield* round
        yield* round
        assert.lengthOf(seen, causes.length)

        yield* connections.needsAuth(connection, "invalid_grant")
        yield* (yield* DeadLetters).drop(["run:r1", "run:r2"])
        yield* (yield* CircuitBreakers).reset("oura")
        yield* Ref.set(machine.free, 1e12)
        yield* Ref.set(machine.backup, Option.some({ path: "b", at: yield* DateTime.now, bytes: 1, scheduled: true }))
        yield* round
        assert.deepStrictEqual((yield* shown).slice(causes.length).toSorted(), [
          "Over: Dead letters of the workflow music_sync",
          "Over: The disk of the store is almost full",
          "Over: The sign-in to Spotify ends soon",
          "Over: There is no recent backup",
          "Spotify needs a new sign-in"
        ])
        // what comes and goes is over once it has been gone for a while
        yield* TestClock.adjust("5 minutes")
        yield* round
        assert.strictEqual((yield* shown).at(-1), "Over: Oura is left alone")
        assert.deepStrictEqual(yield* open, [
          gapKey,
          "needs_auth/spotify:me",
          "stale/spotify"
        ])
        // nobody is told that a gap is no news any more
        const before = seen.length
        yield* TestClock.adjust("7 days")
        yield* run("good", "spotify", "completed")
        yield* round
        assert.deepStrictEqual(yield* open, ["backup/old", "needs_auth/spotify:me"])
        assert.deepStrictEqual((yield* shown).slice(before).toSorted(), [
          "Over: spotify has stopped bringing anything",
          "There is no recent backup"
        ])
      }),
      {
        more: {
          backup: { enabled: true, cron: "30 3 * * *", keep: 7, folder: Option.none(), beforeMigration: true },
          tasks: [tasks.spotify]
        }
      }
    ))

  it.effect("a backup that failed is told until one has not; that a task rests that is switched off is not", () =>
    alone(
      Effect.gen(function*() {
        yield* run("b1", "backup", "failed")
        yield* signedIn()
        yield* TestClock.adjust("1 day")
        yield* round
        assert.deepStrictEqual(yield* open, ["backup/failed"])
        yield* run("b2", "backup", "completed")
        yield* round
        assert.deepStrictEqual(yield* shown, ["The last backup failed", "Over: The last backup failed"])
      }),
      { more: { tasks: [{ ...tasks.spotify, enabled: false }] } }
    ))

  it.effect("a rule that is switched off ends its alerts without a word; one that cannot look leaves them as they are", () =>
    alone(Effect.gen(function*() {
      const config = yield* LatestConfig
      const surreal = yield* Surreal
      yield* letter("r1", "music_sync")
      yield* round
      yield* surreal.execute("REMOVE TABLE quarantine; REMOVE TABLE dead_letter")
      yield* round
      assert.deepStrictEqual(yield* open, ["dead_letter/run/music_sync"])
      const before = yield* config.get
      yield* config.set({
        ...before,
        alerts: { ...alertDefaults, rules: { ...alertDefaults.rules, dead_letter: false } }
      })
      yield* round
      assert.deepStrictEqual(yield* open, [])
      assert.deepStrictEqual(yield* shown, ["Dead letters of the workflow music_sync"])
    })))

  it.effect("a sign-in that ends is told 30, 7 and 1 days before, each time as worse", () =>
    alone(
      Effect.gen(function*() {
        yield* signedIn(DateTime.add(noon, { days: 180 }))
        const told: Array<string> = []
        for (const left of [31, 30, 29, 8, 7, 6, 2, 1]) {
          const before = (yield* shown).length
          yield* TestClock.setTime(DateTime.add(noon, { days: 180 - left }).epochMilliseconds)
          yield* round
          told.push(...(yield* shown).slice(before).map((title) => `${left}: ${String(title)}`))
        }
        assert.deepStrictEqual(told, [
          "30: The sign-in to Spotify ends soon",
          "7: Worse: The sign-in to Spotify ends soon",
          "1: Worse: The sign-in to Spotify ends soon"
        ])
      }),
      { rules: { ...alertDefaults.rules, stale: false } }
    ))

  it.effect("of a sign-in that is good for a week it is told a day before its end alone", () =>
    alone(
      Effect.gen(function*() {
        yield* signedIn(DateTime.add(noon, { days: 7 }))
        yield* round
        yield* TestClock.adjust("6 days")
        yield* round
        assert.deepStrictEqual(yield* shown, ["The sign-in to Spotify ends soon"])
      }),
      { rules: { ...alertDefaults.rules, stale: false } }
    ))

  it.effect("what lasts is told again when that is wanted, and what is less bad than a sink wants to know is not", () =>
    alone(
      Effect.gen(function*() {
        yield* letter("r1", "music_sync")
        yield* fails
        yield* round
        yield* TestClock.adjust("23 hours")
        yield* round
        yield* TestClock.adjust("1 hour")
        yield* round
        yield* round
        assert.deepStrictEqual(yield* shown, [
          "Dead letters of the workflow music_sync",
          "Still: Dead letters of the workflow music_sync"
        ])
      }),
      { remindAfter: Option.some(Duration.days(1)), sinks: ({ ntfy }) => [phone(ntfy, { severity: "critical" })] }
    ))

  it.effect("the owner's other programs are told by webhooks, in the transaction that raises and ends it", () =>
    alone(
      Effect.gen(function*() {
        const { list } = yield* WebhookDeliveries
        yield* letter("r1", "music_sync")
        yield* round
        yield* (yield* DeadLetters).drop(["run:r1"])
        yield* round
        const { deliveries } = yield* list({ endpoint: "home", status: Option.none(), after: Option.none(), limit: 9 })
        assert.deepStrictEqual(deliveries.map(({ type }) => type).toSorted(), ["alert.raised", "alert.resolved"])
        const { sinks } = yield* AlertDesk
        assert.deepStrictEqual((yield* sinks).map(({ kind, name }) => `${kind} ${name}`), ["webhook home"])
      }),
      {
        sinks: () => [],
        more: {
          webhooks: [{
            name: "home",
            enabled: true,
            url: "http://127.0.0.1:1/",
            events: ["alert.*"],
            streams: [],
            format: "standard",
            per: "page",
            timeout: Duration.seconds(5)
          }]
        }
      }
    ))

  it.effect("a calendar that was not read for three of its intervals is one, which ends when it is read", () =>
    alone(
      Effect.gen(function*() {
        const calendars = yield* ImportedCalendars
        const latest = yield* LatestConfig
        const source = { enabled: true, every: Duration.hours(6) }
        const names = ["home", "off", "unread"]
        yield* latest.set({
          ...latest.now(),
          tasks: [],
          calendars: names.map((name) => ({ ...source, name, enabled: name !== "off" }))
        })
        const surreal = yield* Surreal
        for (const name of ["home", "off"]) {
          yield* surreal.transaction([begun({ name, address: "hash", at: noon })])
          yield* calendars.unchanged(name, noon)
        }
        const ofCalendars = Effect.map(open, (keys) => keys.filter((key) => key.startsWith("stale/")))
        yield* TestClock.adjust("18 hours")
        yield* round
        assert.deepStrictEqual(yield* ofCalendars, [])
        yield* TestClock.adjust("1 minute")
        yield* round
        assert.deepStrictEqual(yield* ofCalendars, ["stale/calendar/home"])
        yield* calendars.unchanged("home", yield* DateTime.now)
        yield* round
        assert.deepStrictEqual(yield* ofCalendars, [])
      })
    ))
})
