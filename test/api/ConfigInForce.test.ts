import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Duration, Effect, FileSystem, Layer } from "effect"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const started = `
[sync.spotify]
interval_seconds = 300
[store]
namespace = "first"

[connection.work]
provider = "google"

[webhook.home]
url = "https://home.example/hook"
events = ["*"]
`

const later = `
[sync.spotify]
interval_seconds = 300
[store]
namespace = "second"

[connection.work]
provider = "google"
interval_seconds = 7200

[connection.partner]
provider = "oura"

[reports]
mail = ["me"]

[alerts.email.me]
host = "smtp.example"
from = "glider@example.org"
to = ["me@example.org"]
`

it.live("a reload takes over what may change, and leaves what was opened at the start", () =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = `${yield* temporaryFolder}/config.toml`
    yield* fs.writeFileString(path, started)
    yield* Effect.gen(function*() {
      const config = yield* ConfigInForce
      const latest = yield* LatestConfig
      assert.lengthOf((yield* latest.get).webhooks ?? [], 1)
      yield* fs.writeFileString(path, later)
      yield* config.reread
      const { connections = [], reports, store, webhooks } = yield* latest.get
      assert.deepStrictEqual(
        connections.map(({ interval, name }) => [name, Duration.toSeconds(interval)]),
        [["work", 7200], ["partner", 3600]]
      )
      assert.deepStrictEqual(reports?.mail, ["me"])
      assert.deepStrictEqual(webhooks, [])
      assert.strictEqual(store.namespace, "first")

      yield* fs.writeFileString(path, later.replace("google", "gogle"))
      assert.strictEqual((yield* Effect.flip(config.reread))._tag, "ConfigFileError")
      assert.lengthOf((yield* latest.get).connections ?? [], 2)

      yield* fs.writeFileString(path, started.replace(/\[connection[^[]*/, ""))
      yield* config.reread
      assert.deepStrictEqual((yield* latest.get).connections, [])
    }).pipe(
      Effect.provide(ConfigInForce.layer.pipe(
        Layer.provideMerge(LatestConfig.layer),
        Layer.provide(CurrentConfig.layer(path))
      ))
    )
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
