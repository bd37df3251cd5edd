/**
 * Commits of pages, as a sync makes them: `node bench/webhooks/WebhookProcess.ts <who is told> <folder> <records>` prints how long they
 * took.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array as Arr, Clock, Console, Effect, FileSystem, Layer, Option, Schema } from "effect"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { WebhookEndpoints } from "../../src/store/WebhookEndpoints.ts"
import { Endpoints, outbox } from "../../src/webhooks/Endpoints.ts"
import { heartrate, pageOf } from "../Loads.ts"
import { Told, Took } from "./WebhookFigures.ts"

const pageSize = 500

const config: { readonly [T in Exclude<Told, "without">]: string } = {
  nobody: "[sync.spotify]\ninterval_seconds = 120\n",
  one: "[sync.spotify]\ninterval_seconds = 120\n[webhook.home]\nurl = \"https://home.example/\"\nevents = [\"*\"]\n"
}

const storeIn = (folder: string) =>
  Migrations.layer.pipe(
    Layer.provideMerge(Surreal.layer({
      url: `rocksdb://${folder}/store`,
      namespace: "glider",
      database: "glider",
      credentials: Option.none()
    }))
  )

const committing = (told: Told, folder: string) => {
  if (told === "without") return Layer.provideMerge(Commit.layer, storeIn(folder))
  const path = `${folder}/config.toml`
  const written = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString(path, config[told]))
  return Commit.layer.pipe(
    Layer.provide(outbox),
    Layer.provide(Endpoints.layer),
    Layer.provide([WebhookEndpoints.layer, LatestConfig.layer]),
    Layer.provideMerge(storeIn(folder)),
    Layer.provide(Layer.unwrap(Effect.as(written, CurrentConfig.layer(path))))
  )
}

const commits = Effect.fnUntraced(function*(told: Told, folder: string, records: number) {
  yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeDirectory(folder, { recursive: true }))
  return yield* Effect.gen(function*() {
    const commit = yield* Commit
    const pages = Arr.makeBy(Math.ceil(records / pageSize), (index) => index * pageSize)
      .map((from) => pageOf(heartrate.table, heartrate.rows(from, Math.min(pageSize, records - from))))
    const before = yield* Clock.currentTimeNanos
    yield* Effect.forEach(pages, commit.page, { discard: true })
    return { millis: Number((yield* Clock.currentTimeNanos) - before) / 1e6 }
  }).pipe(Effect.provide(committing(told, folder)))
})

Schema.decodeUnknownEffect(Schema.Tuple([Told, Schema.String, Schema.NumberFromString]))(process.argv.slice(2)).pipe(
  Effect.flatMap(([told, folder, records]) => commits(told, folder, records)),
  Effect.flatMap(Schema.encodeEffect(Took)),
  Effect.flatMap(Console.log),
  Effect.provide(NodeServices.layer),
  // an engine that was open keeps the process alive: the exit is explicit
  (program) => NodeRuntime.runMain(program, { teardown: (exit) => process.exit(exit._tag === "Success" ? 0 : 1) })
)
