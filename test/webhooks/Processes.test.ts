import { assert, layer } from "@effect/vitest"
import { Context, Effect, Exit, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CrashPoint, type Place } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { Webhooks } from "../../src/webhooks/Webhooks.ts"
import { define } from "../store/CommitTest.ts"
import { committed, deliveriesOf, noon, Receiver, sending, standings, webhookWorld } from "./WebhookWorld.ts"

layer(webhookWorld())("a process that ends in the middle", (it) => {
  for (const place of ["webhook.before", "webhook.sent", "webhook.noted"] as const satisfies ReadonlyArray<Place>) {
    it.effect(`has each event taken in the end, at least once: ${place}`, () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(noon.epochMilliseconds)
        const { seen } = yield* Receiver
        seen.length = 0
        const table = yield* define(`crash_${place.replace(".", "_")}`)
        for (const id of ["1", "2", "3"]) yield* committed(table, id)
        const events = (yield* deliveriesOf()).flatMap(({ event, status }) => status === "pending" ? [event] : [])
        assert.lengthOf(events, 3)
        for (let at = 1; at <= 3; at++) {
          let left = at
          const dying = Layer.succeed(CrashPoint, (met) =>
            met === place && --left === 0 ? Effect.die("killed") : Effect.void)
          const process = Layer.build(Layer.fresh(sending).pipe(Layer.provide(dying)))
          const exit = yield* Effect.exit(
            Effect.scoped(Effect.flatMap(process, (built) =>
              Context.get(built, Webhooks).flush(100)))
          )
          if (at === 1) assert.isTrue(Exit.isFailure(exit))
          yield* TestClock.adjust("2 minutes") // what it had leased runs out
        }
        const survivor = yield* Layer.build(Layer.fresh(sending))
        yield* Context.get(survivor, Webhooks).flush(100)
        assert.deepStrictEqual(new Set(seen.map(({ id }) => id)), new Set(events))
        assert.isTrue((yield* deliveriesOf()).every(({ status }) => status === "published"))
        // what was sent and not noted comes twice, under the id that it had
        if (place === "webhook.sent") assert.isAbove(seen.length, 3)
      }))
  }

  it.effect("and two at the same time tell each event once", () =>
    Effect.gen(function*() {
      const { seen } = yield* Receiver
      seen.length = 0
      const table = yield* define("twice")
      for (let id = 0; id < 8; id++) yield* committed(table, `${id}`)
      const [one, other] = yield* Effect.all([Layer.build(Layer.fresh(sending)), Layer.build(Layer.fresh(sending))])
      // who meets the other's commit waits for a moment, which takes a clock that goes
      yield* TestClock.withLive(
        Effect.all([one, other].map((built) => Context.get(built, Webhooks).flush(100)), { concurrency: 2 })
      )
      assert.lengthOf(seen, 8)
      assert.strictEqual(new Set(seen.map(({ id }) => id)).size, 8)
    }))

  it.effect("what waits for an endpoint that the config no longer names is given up", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const outbox = yield* WebhookDeliveries
      const { settle } = yield* Webhooks
      yield* committed(yield* define("lost"), "1")
      yield* surreal.execute(
        "INSERT INTO webhook_outbox (SELECT *, type::record('webhook_outbox', ['former', event]) AS id, " +
          "'former' AS endpoint FROM webhook_outbox WHERE status = 'pending')"
      )
      assert.deepStrictEqual(yield* outbox.waitingFor, ["former", "home"])
      assert.strictEqual(yield* settle, 1)
      assert.deepStrictEqual(yield* standings("former"), ["record.created failed 0"])
    }))
})
