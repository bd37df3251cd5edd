/** Every service behind the API, put together. Loaded only by commands that need the store. */
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, FileSystem, Layer, Option } from "effect"
import { Aead, Digest, SecureRandom } from "effect/crypto"
import { FetchHttpClient } from "effect/http"
import { ApiToken } from "../api/Caller.ts"
import { ConfigInForce } from "../api/ConfigInForce.ts"
import { About } from "../api/Overview.ts"
import { guarded, listening, serving } from "../api/Server.ts"
import { SignInLinks } from "../api/SignInLinks.ts"
import { backupFolder, backupsIn, LastBackup } from "../backup/Backups.ts"
import { beforeMigration } from "../backup/BeforeMigration.ts"
import { MadeBy } from "../backup/Dump.ts"
import { CurrentConfig } from "../Config.ts"
import { configPath, DataFolder } from "../config/Places.ts"
import { Settings } from "../config/Settings.ts"
import { dashboard } from "../dashboard/Dashboard.ts"
import * as Glider from "../Glider.ts"
import { mcp } from "../mcp/HttpServer.ts"
import { Scheduler } from "../Scheduler.ts"
import { DamagedStore } from "../services/DamagedStore.ts"
import * as HeapTrim from "../services/HeapTrim.ts"
import { isRemote } from "../services/SurrealEngine.ts"
import { SystemdNotify } from "../services/SystemdNotify.ts"
import { ApiTokens } from "../store/ApiTokens.ts"
import { BeforeMigration, Migrations } from "../store/Migrations.ts"
import { Runs } from "../store/Runs.ts"
import { Sessions } from "../store/Sessions.ts"
import { SyncRuns } from "../store/SyncRuns.ts"
import { damageTold, opened, type Opening } from "./OpenedStore.ts"
import { version } from "./Version.ts"

/** Where config and data are, as the flags say. */
export interface Where {
  readonly config: Option.Option<string>
  readonly dataDir: Option.Option<string>
}

/** The config in force, the data folder and the settings of the environment. */
export const places = ({ config, dataDir }: Where) =>
  Layer.mergeAll(
    Layer.unwrap(Effect.map(configPath(config), CurrentConfig.layer)),
    DataFolder.layer(dataDir),
    Settings.layer
  )

/** What the store holds is kept in a file before a step of the schema changes it. */
const careful = Layer.effect(
  BeforeMigration,
  Effect.gen(function*() {
    const { path } = yield* DataFolder
    const { backup, project } = yield* CurrentConfig
    if (backup?.beforeMigration === false) return () => Effect.void
    const folder = backupFolder(path, backup?.folder)
    return yield* beforeMigration(folder, { glider: version, project: project.name })
  })
)

const glider = (options: Glider.GliderOptions) =>
  Layer.unwrap(Effect.map(DataFolder, ({ path }) => Glider.layer(path, options)))

/** The newest backup of the folder that the config names. */
const lastBackup = Layer.effect(
  LastBackup,
  Effect.gen(function*() {
    const { backup } = yield* CurrentConfig
    const { path } = yield* DataFolder
    const fs = yield* FileSystem.FileSystem
    return Option.some(
      backupsIn(backupFolder(path, backup?.folder)).pipe(
        Effect.map(([newest]) => Option.fromUndefinedOr(newest)),
        Effect.provideService(FileSystem.FileSystem, fs)
      )
    )
  })
)

/** The schema of the store, brought up to date unless it is only read. */
const migrations = Layer.unwrap(Effect.map(
  DamagedStore,
  Option.match({
    onNone: () => Layer.provide(Migrations.layer, careful),
    onSome: () => Migrations.layerCurrent
  })
))

/** The rooms behind the API, over an open store, without a scheduler. */
const rooms = (options: Glider.GliderOptions) =>
  Layer.mergeAll(lastBackup, ConfigInForce.layer, ApiToken.layer, ApiTokens.layer, Sessions.layer, SignInLinks.layer)
    .pipe(
      Layer.provideMerge(Layer.provide(glider(options), Layer.succeed(MadeBy, version))),
      Layer.provideMerge(migrations),
      Layer.provide([FetchHttpClient.layer, Aead.layerWebCrypto, Digest.layerWebCrypto]),
      Layer.provide(SecureRandom.layerWebCrypto)
    )

/**
 * Tells the runs that a process which is gone left `running`: they go on at the next `glider run`. Whoever opens an embedded
 * store knows that no other process has it; of a remote one only the daemon may say so.
 */
const leftBehind = Layer.effectDiscard(Effect.gen(function*() {
  const { store } = yield* CurrentConfig
  if (Option.exists(store.url, isRemote) || Option.isSome(yield* DamagedStore)) return
  const runs = yield* Runs
  const syncRuns = yield* SyncRuns
  const count = yield* runs.markInterrupted
  yield* syncRuns.refresh
  if (count > 0) yield* Effect.logWarning(`${count} runs were cut short, and go on at the next: glider run`)
}))

const supervisor = Scheduler.layer(
  Effect.map(ConfigInForce, ({ definitions, reread }) => ({ definitions, reread }))
)

/** For a command of its own: nothing is scheduled. */
export const forCommand = Scheduler.layerIdle.pipe(
  Layer.provideMerge(Layer.merge(leftBehind, damageTold)),
  Layer.provideMerge(Layer.succeed(About, { version, supervises: false })),
  Layer.provideMerge(rooms({ recovers: false })),
  Layer.provideMerge(opened({ waits: false, inspects: true }))
)

/** The services that a daemon has before it supervises anything. */
export type Rooms = Layer.Success<ReturnType<typeof rooms> | ReturnType<typeof opened>> | CurrentConfig

/** The API with the pages, and memory that is given back. */
const served = serving(Layer.merge(dashboard, mcp)).pipe(
  Layer.merge(Layer.provide(HeapTrim.layer, HeapTrim.Heap.layer))
)

/** Every enabled task under supervision, once `prepare` is done. */
const supervising = <E, R>(prepare: Effect.Effect<void, E, R>) =>
  served.pipe(
    Layer.provideMerge(supervisor),
    Layer.provideMerge(Layer.effectDiscard(prepare)),
    Layer.provideMerge(guarded),
    Layer.provideMerge(Layer.succeed(About, { version, supervises: true })),
    Layer.provideMerge(rooms({ recovers: true }))
  )

/** What one process does of a Glider that is spread over several, which share a store. */
export type Plane = "scheduler" | "worker" | "api"

/** What is due by the clock and the runs that go on; jobs; neither. */
const roles: { readonly [P in Plane]: Glider.GliderOptions } = {
  scheduler: { recovers: true, works: false },
  worker: { recovers: false, works: true },
  api: { recovers: false, works: false }
}

const elsewhere = Layer.succeed(About, { version, supervises: true })

/** Answers alone: others schedule and work. */
const answering = served.pipe(
  Layer.provideMerge(Scheduler.layerIdle),
  Layer.provideMerge(guarded),
  Layer.provideMerge(elsewhere),
  Layer.provideMerge(rooms(roles.api))
)

/** Over a copy of a damaged store: nothing goes on and nothing is scheduled. */
const inspecting = served.pipe(
  Layer.provideMerge(Scheduler.layerIdle),
  Layer.provideMerge(Layer.merge(guarded, damageTold)),
  Layer.provideMerge(Layer.succeed(About, { version, supervises: false })),
  Layer.provideMerge(rooms({ recovers: false }))
)

/**
 * For `glider run`: every enabled task under supervision, once the port is taken and `prepare` is done, and the API over
 * all of it; or of a damaged store what can be read, where that is wanted.
 */
export const forDaemon = <E, R>(
  prepare: Effect.Effect<void, E, R>,
  { inspects, only }: Pick<Opening, "inspects"> & { readonly only: "api" | undefined }
) =>
  Layer.unwrap(
    Effect.map(
      DamagedStore,
      (damaged) => Option.isSome(damaged) ? inspecting : only === "api" ? answering : supervising(prepare)
    )
  ).pipe(
    Layer.provideMerge(opened({ waits: true, inspects })),
    Layer.provideMerge(SystemdNotify.layer),
    Layer.provideMerge(listening),
    Layer.provideMerge(NodeHttpServer.layerHttpServices)
  )

/** For `glider run --only scheduler` or `--only worker`, over a store that others share: nothing is served. */
export const forPart = (only: Exclude<Plane, "api">) =>
  (only === "scheduler" ? supervisor : Scheduler.layerIdle).pipe(
    Layer.provideMerge(elsewhere),
    Layer.provideMerge(rooms(roles[only])),
    Layer.provideMerge(opened({ waits: true, inspects: false })),
    Layer.provideMerge(SystemdNotify.layer),
    Layer.provideMerge(NodeHttpServer.layerHttpServices)
  )
