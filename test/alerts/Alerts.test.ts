import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Exit, Layer, Option, Ref, Schema } from "effect"
import { TestClock } from "effect/testing"
import { AlertDesk } from "../../src/alerts/AlertDesk.ts"
import * as Alerting from "../../src/alerts/Alerting.ts"
import { LatestConfig } from "../../src/Config.ts"
import { alertDefaults } from "../../src/config/AlertKeys.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { Run } from "../../src/domain/Run.ts"
import { CircuitBreakers } from "../../src/services/CircuitBreakers.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import type { SurrealError } from "../../src/services/SurrealError.ts"
import { Alerts } from "../../src/store/Alerts.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { runOf, store } from "../api/Served.ts"
import { engineDefaults } from "../support/EngineConfig.ts"
import { turn, until } from "../support/Turns.ts"
import { tasks } from "../support/World.ts"
import {
  alertWorld,
  type AlertWorldOptions,
  letterbox,
  Machine,
  MailServer,
  Ntfy,
  phone,
  process,
  round,
  shown
} from "./AlertWorld.ts"

const noon = DateTime.makeUnsafe("2026-03-02T12:00:00Z")

const alone = <A, E, R>(test: Effect.Effect<A, E, R>, options?: AlertWorldOptions) =>
  Effect.andThen(TestClock.setTime(noon.epochMilliseconds), test).pipe(Effect.provide(alertWorld(options)))

const signedIn = Effect.fnUntraced(function*(ends?: DateTime.Utc) {
  const connections = yield* Connections
  const at = yield* DateTime.now
  const who = { id: connectionId("spotify", "me"), provider: "spotify", userId: "me", version: 0 } as const
  const row = yield* connections.signIn(who, {
    access_token: "a",
    refresh_token: "r",
    expiresAt: DateTime.add(at, { hours: 1 }),
    refreshExpiresAt: Option.fromUndefinedOr(ends),
    scopes: [],
    at
  })
  return Option.getOrThrow(row)
})

const run = Effect.fnUntraced(function*(id: string, workflow: string, status: Run["status"]) {
  const at = yield* DateTime.now
  const cursor = at.epochMilliseconds * 1000
  yield* store(
    new Run({ ...runOf(id, status), workflow, state: status, cursor, startedAt: at, finishedAt: Option.some(at) })
  )
})

const letter = Effect.fnUntraced(function*(id: string, workflow: string) {
  const surreal = yield* Surreal
  const at = (yield* DateTime.now).epochMilliseconds
  yield* surreal.execute("CREATE type::record('dead_letter', [$id]) CONTENT $row RETURN NONE", {
    id,
    row: { at, workflow, attempts: 1, error: { tag: "Forbidden", message: "no", fix: null }, chain: [] }
  })
})

const gap = Effect.fnUntraced(function*(from: DateTime.Utc) {
  const surreal = yield* Surreal
  yield* surreal.execute("CREATE sync_gap CONTENT $row RETURN NONE", {
    row: {
      stream: "spotify_listening_history",
      connection: "spotify:me",
      from,
      to: DateTime.add(from, { hours: 2 }),
      reason: "more than 50 plays between two polls",
      found_at: yield* DateTime.now
    }
  })
})

const fails = Effect.gen(function*() {
  const { protect } = yield* CircuitBreakers
  for (let call = 0; call < 5; call++) {
    yield* Effect.exit(protect("oura", () => "out of order")(Effect.fail("away")))
  }
})

const open = Effect.flatMap(Alerts, ({ open }) => Effect.map(open, (all) => all.map(({ key }) => key).toSorted()))

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
})

describe("sinks of alerts", () => {
  it.effect("ntfy is told as its documentation asks for, and mail is sent to whom it is for", () =>
    alone(
      Effect.gen(function*() {
        const ntfy = yield* Ntfy
        const mail = yield* MailServer
        yield* letter("r1", "music_sync")
        yield* round
        const [message] = ntfy.seen
        assert.strictEqual(message?.headers["authorization"], "Bearer tk_secret")
        assert.deepStrictEqual({ ...message?.body, sequence_id: "" }, {
          topic: "glider",
          title: "Dead letters of the workflow music_sync",
          message: "a run of the workflow music_sync failed for good and waits for you.\n" +
            "Since 2 Mar 2026, 12:00.\nWhat to do: glider dlq list --kind run",
          priority: 4,
          tags: ["rotating_light"],
          sequence_id: "",
          click: "https://glider.lan/alerts"
        })
        assert.lengthOf(mail.seen, 1)
        const [letterSent] = mail.seen
        assert.deepStrictEqual([letterSent?.user, letterSent?.from, letterSent?.to], [
          "glider",
          "FROM:<glider@example.com>",
          ["TO:<me@example.com>"]
        ])
        assert.include(letterSent?.text, "Subject: Dead letters of the workflow music_sync\n")
        assert.include(letterSent?.text, "What to do: glider dlq list --kind run\n\nhttps://glider.lan/alerts")
        assert.match(letterSent?.text ?? "", /Message-ID: <alr_\w+\.raised\.\w+@glider\.invalid>/)
        assert.match(letterSent?.text ?? "", /Date: Mon, 02 Mar 2026 12:00:00/)
      }),
      { page: Option.some("https://glider.lan"), sinks: ({ mail, ntfy }) => [phone(ntfy), letterbox(mail)] }
    ))

  it.effect("a daemon looks by itself, tells what it finds, tries again what was not taken, and removes what is over for long", () =>
    alone(
      Effect.gen(function*() {
        const ntfy = yield* Ntfy
        const alerts = yield* Alerts
        yield* Layer.build(Alerting.watch)
        yield* letter("r1", "music_sync")
        ntfy.replies.push({ status: 503 })
        const passes = (isDone: () => boolean | Effect.Effect<boolean, SurrealError>) =>
          Effect.raceFirst(until(isDone), Effect.forever(Effect.andThen(TestClock.adjust("1 second"), turn)))
        yield* passes(() => ntfy.seen.length === 1)
        const [told] = (yield* alerts.open).flatMap(({ tellings }) => tellings)
        assert.deepInclude(told, { status: "sent", attempts: 2 })
        yield* (yield* DeadLetters).drop(["run:r1"])
        yield* passes(() => ntfy.seen.length === 2)
        yield* TestClock.adjust("3 hours")
        const all = alerts.list({ open: false, after: Option.none(), limit: 9 })
        yield* until(() => Effect.map(all, (page) => page.alerts.every(({ key }) => !key.startsWith("dead_letter"))))
      }),
      { more: { engine: { ...engineDefaults, retention: Duration.hours(1) } } }
    ))

  it.effect("one that is down delays no other, and is told later, no sooner than it asks for", () =>
    alone(
      Effect.gen(function*() {
        const ntfy = yield* Ntfy
        const mail = yield* MailServer
        ntfy.replies.push({ status: 503 }, { status: 429, headers: { "retry-after": "600" } })
        yield* letter("r1", "music_sync")
        yield* round
        assert.deepStrictEqual([ntfy.seen.length, mail.seen.length], [0, 1])
        const { sinks } = yield* AlertDesk
        assert.deepStrictEqual((yield* sinks).map(({ problem }) => problem), [
          Option.some("it answered 503"),
          Option.none()
        ])
        yield* TestClock.adjust("35 seconds")
        yield* round
        yield* TestClock.adjust("9 minutes")
        yield* round
        assert.lengthOf(ntfy.seen, 0)
        yield* TestClock.adjust("1 minute")
        yield* round
        assert.deepStrictEqual([ntfy.seen.length, mail.seen.length], [1, 1])
      }),
      { sinks: ({ mail, ntfy }) => [phone(ntfy), letterbox(mail)] }
    ))

  it.effect("what is over before a sink could be told that it began is told as over alone", () =>
    alone(Effect.gen(function*() {
      const ntfy = yield* Ntfy
      ntfy.replies.push({ status: 503 })
      yield* letter("r1", "music_sync")
      yield* round
      yield* (yield* DeadLetters).drop(["run:r1"])
      yield* TestClock.adjust("1 hour")
      yield* round
      assert.deepStrictEqual(yield* shown, ["Over: Dead letters of the workflow music_sync"])
      const { alerts } = yield* (yield* Alerts).list({ open: false, after: Option.none(), limit: 9 })
      assert.deepStrictEqual(
        alerts.flatMap(({ tellings }) => tellings.map(({ saying, status }) => `${saying} ${status}`)),
        [
          "raised dropped",
          "resolved sent"
        ]
      )
    })))

  it.effect("a refusal of the message itself is not tried again, nor is anything for ever", () =>
    alone(
      Effect.gen(function*() {
        const ntfy = yield* Ntfy
        const mail = yield* MailServer
        mail.replies.push("550 no such person")
        ntfy.replies.push({ status: 400 })
        yield* letter("r1", "music_sync")
        yield* round
        const status = Effect.map(Alerts, ({ open }) => open).pipe(
          Effect.flatten,
          Effect.map((all) => all.flatMap(({ tellings }) => tellings.map(({ sink, status }) => `${sink} ${status}`)))
        )
        assert.deepStrictEqual(yield* status, ["letterbox failed", "phone failed"])
        yield* letter("r2", "spotify")
        let tries = 0
        do {
          ntfy.replies.push({ status: 403 })
          yield* round
          yield* TestClock.adjust("5 hours")
          tries++
        } while ((yield* status).includes("phone pending") && tries < 40)
        assert.isBelow(tries, 20)
        assert.lengthOf((yield* status).filter((one) => one === "phone failed"), 2)
      }),
      { sinks: ({ mail, ntfy }) => [phone(ntfy), letterbox(mail)] }
    ))

  it.effect("nothing is told twice after a restart, and what was cut short in between bears the same id", () =>
    alone(Effect.gen(function*() {
      const ntfy = yield* Ntfy
      yield* letter("r1", "music_sync")
      const killed = Layer.succeed(CrashPoint, (place) => place === "alert.sent" ? Effect.die("killed") : Effect.void)
      const another = Layer.fresh(process)
      assert.isTrue(Exit.isFailure(yield* Effect.exit(Effect.provide(round, Layer.provide(another, killed)))))
      yield* Effect.provide(round, another)
      assert.lengthOf(ntfy.seen, 1) // another process has the right to send it for a minute
      yield* TestClock.adjust("1 minute")
      yield* Effect.provide(round, another)
      yield* TestClock.adjust("1 hour")
      yield* Effect.provide(round, Layer.fresh(process))
      assert.lengthOf(ntfy.seen, 2)
      assert.strictEqual(new Set(ntfy.seen.map(({ body }) => body["sequence_id"])).size, 1)
    })))

  it.effect("what is at home is called only where the config allows it", () =>
    alone(
      Effect.gen(function*() {
        const { test } = yield* AlertDesk
        const trials = yield* test(Option.none())
        assert.deepStrictEqual(trials.map(({ problem, sink }) => [sink, Option.isSome(problem)]), [
          ["phone", true],
          ["letterbox", true]
        ])
        for (const { problem } of trials) {
          assert.include(Option.getOrThrow(problem), "name 127.0.0.1 or its network in [network] allowed_private")
        }
        assert.include((yield* Effect.flip(test(Option.some("phnoe")))).message, "is it phone?")
      }),
      { sinks: ({ mail, ntfy }) => [phone(ntfy), letterbox(mail)], more: { network: { allowedPrivate: [] } } }
    ))

  it.effect("a test says what came of it, now and once", () =>
    alone(
      Effect.gen(function*() {
        const ntfy = yield* Ntfy
        const mail = yield* MailServer
        const { test } = yield* AlertDesk
        assert.deepStrictEqual(yield* test(Option.none()), [
          { sink: "phone", problem: Option.none() },
          { sink: "letterbox", problem: Option.none() }
        ])
        ntfy.replies.push({ status: 401 })
        assert.deepStrictEqual(yield* test(Option.some("phone")), [
          { sink: "phone", problem: Option.some("it answered 401") }
        ])
        assert.deepStrictEqual([ntfy.seen.length, mail.seen.length], [1, 1])
      }),
      { sinks: ({ mail, ntfy }) => [phone(ntfy), letterbox(mail)] }
    ))

  it.effect("alerts that ended long ago are removed with what was said of them", () =>
    alone(Effect.gen(function*() {
      const alerts = yield* Alerts
      yield* letter("r1", "music_sync")
      yield* round
      yield* (yield* DeadLetters).drop(["run:r1"])
      yield* round
      yield* letter("r2", "spotify")
      yield* round
      assert.strictEqual(yield* alerts.prune(DateTime.add(noon, { days: 1 })), 1)
      const left = yield* alerts.list({ open: false, after: Option.none(), limit: 9 })
      assert.deepStrictEqual(left.alerts.map(({ key }) => key), ["dead_letter/run/spotify"])
      const surreal = yield* Surreal
      assert.lengthOf(yield* surreal.query(Schema.Array(Schema.Unknown), "SELECT VALUE id FROM alert_telling"), 1)
    })))
})
