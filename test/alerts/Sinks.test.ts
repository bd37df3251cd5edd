import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { AlertDesk } from "../../src/alerts/AlertDesk.ts"
import * as Alerting from "../../src/alerts/Alerting.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import type { SurrealError } from "../../src/services/SurrealError.ts"
import { Alerts } from "../../src/store/Alerts.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { engineDefaults } from "../support/EngineConfig.ts"
import { turn, until } from "../support/Turns.ts"
import { letterbox, MailServer, Ntfy, phone, process, round, shown } from "./AlertWorld.ts"
import { alone, letter, noon } from "./Causes.ts"

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
