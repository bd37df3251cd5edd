/**
 * The process that is killed between what it is told and what it tells: the inbox, the engine and the outbox over a store with fsync.
 * Started with a `Setup` as its argument, it commits the records, takes the messages, and tells the receiver until nothing waits.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { ConfigProvider, Duration, Effect, Layer, Logger, Option, Runtime, Schema } from "effect"
import { writeSync } from "node:fs"
import { flushCompileCache } from "node:module"
import { CurrentConfig, type GliderConfig, LatestConfig } from "../../src/Config.ts"
import { everyInterval } from "../../src/config/ScheduleSettings.ts"
import { SyncReport } from "../../src/domain/Run.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { GuardedHttp } from "../../src/services/GuardedHttp.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { WebhookEndpoints } from "../../src/store/WebhookEndpoints.ts"
import { WebhookInbox } from "../../src/store/WebhookInbox.ts"
import { Endpoints, outbox } from "../../src/webhooks/Endpoints.ts"
import { Inbox } from "../../src/webhooks/Inbox.ts"
import * as RunEvents from "../../src/webhooks/RunEvents.ts"
import { Webhooks } from "../../src/webhooks/Webhooks.ts"
import { syncWorkflows } from "../../src/workflows/SyncWorkflow.ts"
import { page, row, upsert } from "../store/CommitTest.ts"
import { engineDefaults, schedulerDefaults } from "./EngineConfig.ts"
import { Line, messageBody, Setup, type Signed } from "./MessageKills.ts"
import { agentsDefaults, dashboardDefaults, mcpDefaults, musicDefaults, serverDefaults } from "./ServerConfig.ts"

const { folder, messages, records, secret, url } = Schema.decodeSync(Schema.fromJsonString(Setup))(
  process.argv[2] ?? ""
)
const encode = Schema.encodeSync(Schema.fromJsonString(Line))

/** Written before it returns, so what was said had happened. */
const say = (line: Line) => Effect.sync(() => void writeSync(1, `${encode(line)}\n`))

const provider = {
  apiUrl: "http://127.0.0.1:1",
  authorizeUrl: "http://127.0.0.1:1",
  tokenUrl: "http://127.0.0.1:1",
  revokeUrl: Option.none<string>(),
  redirectUri: "http://127.0.0.1:8099/callback"
}

const task = { ...everyInterval(Duration.minutes(30)), name: "spotify", timeout: Duration.minutes(5) } as const

const config: GliderConfig = {
  path: "config.toml",
  project: { name: "glider" },
  scheduler: schedulerDefaults,
  engine: engineDefaults,
  dashboard: dashboardDefaults,
  music: musicDefaults,
  mcp: mcpDefaults,
  agents: agentsDefaults,
  server: serverDefaults,
  store: { url: Option.none(), namespace: "glider", database: "glider" },
  providers: { google: provider, spotify: provider, oura: provider },
  tasks: [task],
  schedules: [],
  network: { allowedPrivate: ["127.0.0.1"] },
  webhooks: [{
    name: "home",
    url,
    enabled: true,
    events: ["*"],
    streams: [],
    format: "standard",
    per: "page",
    timeout: Duration.seconds(5)
  }],
  inbox: [{ name: "phone", enabled: true, kind: "standard", task: "spotify" }]
}

const program = Layer.mergeAll(Inbox.layer, Webhooks.layer, Commit.layer).pipe(
  Layer.provideMerge(syncWorkflows.spotify.toLayer(() => Effect.succeed(SyncReport.empty))),
  Layer.provideMerge(DurableEngine.layer()),
  Layer.provide(RunEvents.layer),
  Layer.provideMerge(outbox),
  Layer.provideMerge(Endpoints.layer),
  Layer.provideMerge(
    Layer.mergeAll(
      WebhookDeliveries.layer,
      WebhookEndpoints.layer,
      WebhookInbox.layer,
      GuardedHttp.layer,
      Secrets.layer
    )
  ),
  Layer.provideMerge(Layer.provideMerge(LatestConfig.layer, Layer.succeed(CurrentConfig, config))),
  Layer.provide(Layer.provide(CrashPoint.layer, ConfigProvider.layer(ConfigProvider.fromEnv()))),
  Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({
    GLIDER_WEBHOOK_HOME_SECRET: secret,
    GLIDER_INBOX_PHONE_SECRET: secret
  }))),
  Layer.provideMerge(Migrations.layer),
  Layer.provideMerge(Surreal.layer({
    url: `rocksdb://${folder}/store`,
    namespace: "glider",
    database: "glider",
    credentials: Option.none()
  })),
  Layer.provideMerge(NodeServices.layer)
)

const took = Effect.fnUntraced(function*({ id, signature, timestamp }: Signed) {
  const inbox = yield* Inbox
  const { run } = yield* inbox.receive("phone", {
    headers: { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature },
    body: Buffer.from(messageBody)
  }, [task])
  yield* say(Line.make({ _tag: "Acknowledged", id }))
  yield* (yield* RunControl).ended(run)
})

const tellAll = Effect.gen(function*() {
  const surreal = yield* Surreal
  const { flush } = yield* Webhooks
  yield* Effect.repeat(flush(100), { until: ({ next }) => Option.isNone(next) })
  const { cases } = Line
  yield* say(cases.Told.make({
    deliveries: yield* surreal.query(cases.Told.fields.deliveries, "SELECT event, status FROM webhook_outbox"),
    messages: yield* surreal.query(
      cases.Told.fields.messages,
      "SELECT record::id(id)[1] AS id, run, status FROM webhook_inbox"
    ),
    runs: yield* surreal.query(cases.Told.fields.runs, "SELECT record::id(id)[0] AS id, state FROM run")
  }))
})

const main = Effect.gen(function*() {
  flushCompileCache() // what is killed leaves no cache for the next
  const { execute } = yield* Surreal
  // nobody else has the store, as a daemon knows of an embedded one
  yield* (yield* WebhookEndpoints).releaseAll
  yield* execute("DEFINE TABLE IF NOT EXISTS moved SCHEMALESS; DEFINE TABLE IF NOT EXISTS moved_state SCHEMALESS")
  const commit = yield* Commit
  for (const id of records) yield* commit.page(page("moved", [upsert("moved", [row(id, id)])], id))
  yield* Effect.forEach(messages, took, { discard: true })
  yield* tellAll
})

NodeRuntime.runMain(
  Effect.scoped(main).pipe(
    Effect.provide(program),
    Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
  ),
  { teardown: (exit) => Runtime.defaultTeardown(exit, (code) => process.exit(code)) }
)
