/**
 * The process that the crash tests kill: all of Glider below the supervisor over a durable store, which syncs as often as
 * it is told to and says each step on standard output. Started with a `VictimSetup` as its argument.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import {
  Clock,
  Context,
  DateTime,
  Duration,
  Effect,
  Layer,
  Logger,
  Option,
  Queue,
  Runtime,
  Schema,
  Stdio,
  Stream
} from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { flushCompileCache } from "node:module"
import { Accounts } from "../../src/accounts/Accounts.ts"
import { CurrentConfig, type GliderConfig } from "../../src/Config.ts"
import { everyInterval } from "../../src/config/ScheduleSettings.ts"
import { Provider } from "../../src/domain/Provider.ts"
import type { Run } from "../../src/domain/Run.ts"
import { OuraDataType, SyncName } from "../../src/domain/Task.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import * as Glider from "../../src/Glider.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { runOfRow } from "../../src/store/RunColumns.ts"
import { SyncRunner } from "../../src/workflows/SyncRunner.ts"
import { engineDefaults, schedulerDefaults } from "./EngineConfig.ts"
import { agentsDefaults, dashboardDefaults, mcpDefaults, musicDefaults, serverDefaults } from "./ServerConfig.ts"
import { breaking } from "./VictimDefects.ts"
import { Order, VictimLine, VictimSetup } from "./VictimLines.ts"
import { snapshot, storedRuns } from "./VictimSnapshot.ts"

const setup = Schema.decodeSync(Schema.fromJsonString(VictimSetup))(process.argv[2] ?? "")

const encode = Schema.encodeSync(Schema.fromJsonString(VictimLine))

/** Written to a pipe before it returns, so what was said had happened. */
const say = (line: VictimLine) => Effect.sync(() => void process.stdout.write(`${encode(line)}\n`))

const common = { ...everyInterval(Duration.minutes(30)), timeout: Duration.hours(1) }

const tasks = {
  google_calendar: { ...common, name: "google_calendar", calendarIds: setup.calendarIds, daysBack: 30 },
  spotify: { ...common, name: "spotify" },
  oura: { ...common, name: "oura", lookbackDays: setup.lookbackDays, dataTypes: OuraDataType.literals }
} as const

const providerOf = (provider: Provider) => {
  const { api_url, authorize_url, revoke_url, token_url } = setup.addresses[provider]
  return {
    apiUrl: api_url,
    authorizeUrl: authorize_url,
    tokenUrl: token_url,
    revokeUrl: Option.fromUndefinedOr(revoke_url),
    redirectUri: "http://127.0.0.1:8099/callback"
  }
}

const config: GliderConfig = {
  path: "config.toml",
  project: { name: "glider" },
  scheduler: {
    ...schedulerDefaults,
    timezone: DateTime.zoneMakeNamedUnsafe(setup.timeZone)
  },
  engine: engineDefaults,
  dashboard: dashboardDefaults,
  music: musicDefaults,
  mcp: mcpDefaults,
  agents: agentsDefaults,
  server: { ...serverDefaults, port: 0 },
  store: { url: Option.none(), namespace: "glider", database: "glider" },
  providers: { google: providerOf("google"), spotify: providerOf("spotify"), oura: providerOf("oura") },
  tasks: Object.values(tasks),
  schedules: []
}

let offset = 0

/** The providers' time: it goes on from the instant last told. */
const clock = Layer.effect(
  Clock.Clock,
  Effect.gen(function*() {
    const real = yield* Clock.Clock
    offset = setup.now - real.currentTimeMillisUnsafe()
    const millis = () => real.currentTimeMillisUnsafe() + offset
    const nanos = () => BigInt(Math.round(millis())) * 1_000_000n
    return {
      sleep: (duration: Duration.Duration) => real.sleep(duration),
      monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: real.monotonicTimeNanos,
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos)
    }
  })
)

const setClock = (now: number) =>
  Effect.map(Clock.currentTimeMillis, (was) => {
    offset += now - was
  })

/** Google decides how long a page is: short ones, so that a listing is many commits. */
const shortPages = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    HttpClient.HttpClient,
    (client) =>
      HttpClient.mapRequest(
        client,
        (request) =>
          request.url.includes("/events") ? HttpClientRequest.setUrlParam(request, "maxResults", "60") : request
      )
  )
)

const store = Surreal.layer({
  url: `rocksdb://${setup.folder}/store`,
  namespace: "glider",
  database: "glider",
  credentials: Option.none()
})

/** The ids of the runs that the last process left, told before the engine goes on with them. */
class LeftBehind extends Context.Service<LeftBehind, ReadonlyArray<string>>()("glider/test/Victim/LeftBehind") {
  static readonly layer = Layer.effect(
    LeftBehind,
    Effect.gen(function*() {
      const found = yield* snapshot
      yield* say(VictimLine.make({ _tag: "Opened", snapshot: found }))
      return found.runs.flatMap(({ id, status }) => status === "running" || status === "interrupted" ? [id] : [])
    })
  )
}

const glider = Glider.layer(setup.folder, { recovers: setup.defect !== "no-recovery" }).pipe(
  Layer.provideMerge(LeftBehind.layer),
  Layer.provideMerge(Migrations.layer),
  Layer.provideMerge(setup.defect === undefined ? store : Layer.provide(breaking(setup.defect), store)),
  Layer.provideMerge(Layer.succeed(CurrentConfig, config)),
  Layer.provideMerge(Layer.provideMerge(shortPages, FetchHttpClient.layer)),
  Layer.provideMerge(NodeServices.layer),
  Layer.provideMerge(clock)
)

/** Signs in where there is no good sign-in, with a browser that follows one redirect. */
const signIn = Effect.fnUntraced(function*(provider: Provider) {
  const accounts = yield* Accounts
  const known = yield* accounts.find(provider)
  if (Option.exists(known, ({ state }) => state === "connected")) return
  const { authorizeUrl, state } = yield* accounts.begin(provider)
  const client = yield* HttpClient.HttpClient
  const answer = yield* Effect.provideService(client.get(authorizeUrl), FetchHttpClient.RequestInit, {
    redirect: "manual"
  })
  yield* accounts.complete({ provider, state, redirected: answer.headers["location"] ?? "" })
  yield* say(VictimLine.make({ _tag: "SignedIn", provider }))
})

const sayEnd = Effect.fnUntraced(function*({ error, id, status, workflow }: Run) {
  yield* say(VictimLine.make({
    _tag: "Ended",
    task: yield* Effect.orDie(Schema.decodeUnknownEffect(SyncName)(workflow)),
    id,
    status,
    ...(Option.isSome(error) ? { error: `${error.value.tag}: ${error.value.message}` } : {})
  }))
})

const sync = Effect.fnUntraced(function*(name: SyncName) {
  const runner = yield* SyncRunner
  const task = tasks[name]
  yield* say(VictimLine.make({ _tag: "Starts", task: name }))
  const outcome = yield* runner.run({
    task,
    trigger: "manual",
    onProgress: ({ stream }) => say(VictimLine.make({ _tag: "Page", task: name, stream }))
  })
  if (outcome._tag === "Skipped") return yield* Effect.die("the task was running already")
  yield* sayEnd(outcome.run)
})

const obey = Effect.fnUntraced(function*({ now, tasks, together }: Extract<Order, { readonly _tag: "Go" }>) {
  yield* setClock(now)
  yield* Effect.forEach(Provider.literals, signIn)
  yield* Effect.forEach(tasks, sync, together ? { concurrency: "unbounded" } : {})
})

const decodeOrder = Schema.decodeEffect(Schema.fromJsonString(Order))

const orders = Stream.unwrap(Effect.map(Stdio.Stdio, ({ stdin }) => stdin)).pipe(
  Stream.decodeText(),
  Stream.splitLines,
  Stream.mapEffect((line) => decodeOrder(line))
)

const main = Effect.gen(function*() {
  const left = yield* LeftBehind
  const control = yield* RunControl
  // the runs of the last process go on by themselves, and come to their end before anything else is asked for
  const ends = Effect.forEach(left, control.ended, { concurrency: "unbounded" })
  const ended = setup.defect === undefined
    ? yield* ends
    // of a store that is broken, it may never hear
    : Option.getOrElse(yield* Effect.timeoutOption(ends, setup.defect === "no-recovery" ? 0 : "5 seconds"), () => [])
  yield* say(VictimLine.make({ _tag: "Recovered", count: left.length, ...(yield* storedRuns) }))
  yield* Effect.forEach(ended.flatMap(Option.toArray).map(runOfRow), sayEnd, { discard: true })
  const told = yield* Queue.unbounded<Order>()
  yield* Effect.forkScoped(Stream.runForEach(orders, (order) => Queue.offer(told, order)))
  flushCompileCache() // what is killed leaves no cache for the next
  for (;;) {
    yield* say(VictimLine.make({ _tag: "Asks" }))
    const order = yield* Queue.take(told)
    if (order._tag === "Stop") return
    yield* obey(order)
  }
})

NodeRuntime.runMain(
  Effect.scoped(main).pipe(
    Effect.provide(glider),
    Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
  ),
  // open connections and standard input would keep it alive
  { teardown: (exit) => Runtime.defaultTeardown(exit, (code) => process.exit(code)) }
)
