/** Imports of calendars over a store in memory, of an owner in Berlin, with a server of addresses that says what it is told to. */
import { NodeServices } from "@effect/platform-node"
import { Context, DateTime, Effect, Layer } from "effect"
import { type HttpClientRequest, HttpClientResponse } from "effect/http"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { DataFolder } from "../../src/config/Places.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import * as Records from "../../src/records/Records.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { GuardedHttp } from "../../src/services/GuardedHttp.ts"
import { Commit } from "../../src/store/Commit.ts"
import { ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import { CalendarAddresses } from "../../src/workflows/CalendarAddresses.ts"
import * as ImportCalendar from "../../src/workflows/ImportCalendar.ts"
import { configOf } from "../api/Served.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const folder = Layer.effect(
  DataFolder,
  Effect.map(temporaryFolder, (path) => DataFolder.of({ path, storeUrl: "mem://" }))
)

/** What the server of an address says next, and what it was asked. */
export class Server extends Context.Service<Server, {
  answer: () => Response
  readonly asked: Array<HttpClientRequest.HttpClientRequest>
}>()("glider/test/ImportCalendar/Server") {}

const server = Layer.effect(
  GuardedHttp,
  Effect.map(Server, (server) =>
    GuardedHttp.of({
      execute: (request) =>
        Effect.sync(() => {
          server.asked.push(request)
          return HttpClientResponse.fromWeb(request, server.answer())
        })
    }))
).pipe(Layer.provideMerge(Layer.sync(Server, () => ({ answer: () => new Response(""), asked: [] }))))

const config = configOf({})

export const world = CalendarAddresses.layer.pipe(
  Layer.provideMerge(server),
  Layer.provideMerge(Layer.unwrap(Effect.map(DataFolder, ({ path }) => ImportCalendar.layer(path)))),
  Layer.provideMerge(DurableEngine.layer()),
  Layer.provideMerge(Layer.merge(Commit.layer, ImportedCalendars.layer)),
  Layer.provideMerge(Records.layer),
  Layer.provide(CrashPoint.layer),
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(LatestConfig.layer),
  Layer.provideMerge(Layer.succeed(CurrentConfig, {
    ...config,
    scheduler: { ...config.scheduler, timezone: DateTime.zoneMakeNamedUnsafe("Europe/Berlin") }
  })),
  Layer.provideMerge(folder),
  Layer.provideMerge(NodeServices.layer)
)
