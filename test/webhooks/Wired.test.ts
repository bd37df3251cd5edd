import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, DateTime, Effect, Layer, Logger, Option } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { RunControl } from "../../src/engine/RunControl.ts"
import * as Glider from "../../src/Glider.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import { until } from "../support/Turns.ts"
import { bodyOf, configured, Receiver, secret, type WorldOptions } from "./WebhookWorld.ts"

const noon = DateTime.makeUnsafe("2026-03-02T12:00:00Z")

/** What a daemon has behind its API, over a store in memory. */
const daemon = (options: WorldOptions, environment: { readonly [variable: string]: string }) =>
  Layer.unwrap(Effect.map(temporaryFolder, (folder) => Glider.layer(folder, { recovers: true }))).pipe(
    Layer.provideMerge(memoryStoreTest),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(environment))),
    Layer.provideMerge(configured(options)),
    Layer.provideMerge(Receiver.layer),
    Layer.provideMerge(FetchHttpClient.layer),
    Layer.provideMerge(NodeServices.layer),
    Layer.provideMerge(Logger.layer([]))
  )

it.effect("a daemon tells of the end of a run by itself, as soon as that is committed", () =>
  Effect.gen(function*() {
    yield* TestClock.setTime(noon.epochMilliseconds)
    const control = yield* RunControl
    const { seen } = yield* Receiver
    yield* control.start("diagnostics", { key: "well" }, Option.some("well"))
    yield* control.start("diagnostics", { key: "ill", fail: true }, Option.some("ill"))
    yield* until(() => seen.length === 1)
    const [message] = seen
    assert.isDefined(message)
    assert.deepStrictEqual(message.signedBy, ["new"])
    assert.deepInclude((yield* bodyOf(message))["data"], {
      run: "ill",
      workflow: "diagnostics",
      status: "failed",
      trigger: "manual",
      error: { tag: "DiagnosticsFailed", message: "it was asked to fail" }
    })
  }).pipe(
    Effect.provide(
      daemon({ endpoints: [{ name: "home", events: ["run.failed"] }] }, { GLIDER_WEBHOOK_HOME_SECRET: secret })
    )
  ))

it.effect("a daemon without a secret that it needs does not start, and says which", () =>
  Effect.gen(function*() {
    const message = yield* Effect.scoped(Layer.build(daemon({}, {}))).pipe(
      Effect.flip,
      Effect.map((error) => error.message)
    )
    assert.include(message, "GLIDER_WEBHOOK_HOME_SECRET is not set")
  }))
