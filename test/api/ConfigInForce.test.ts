import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { ConfigInForce } from "../../src/api/ConfigInForce.ts"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { surroundings } from "../config/Surroundings.ts"

const path = "config.toml"

const spotify = "[sync.spotify]\ninterval_seconds = 120\n"

describe("a reload of the config", () => {
  it.effect("takes over calendars, further accounts, reports and webhooks, also when they are gone, and leaves the address as it was", () => {
    const webhook = "[webhook.home]\nurl = \"https://home.example/hook\"\nevents = [\"*\"]\n"
    const mailed = "[reports]\nmail = [\"me\"]\n[alerts.email.me]\nhost = \"smtp.example\"\n" +
      "from = \"glider@example.org\"\nto = [\"me@example.org\"]\n"
    const files = { [path]: spotify + webhook }
    const world = ConfigInForce.layer.pipe(
      Layer.provide(LatestConfig.layer),
      Layer.provide(CurrentConfig.layer(path)),
      Layer.provide(surroundings(files))
    )
    return Effect.gen(function*() {
      const config = yield* ConfigInForce
      files[path] =
        `${spotify}[server]\nport = 4748\n[calendar.club]\n[connection.work]\nprovider = "google"\n${mailed}`
      yield* config.reread
      const { calendars, connections = [], reports, server, webhooks } = yield* config.current
      assert.deepStrictEqual(calendars, [{ name: "club", enabled: true, every: Duration.hours(6) }])
      assert.deepStrictEqual(connections.map(({ name }) => String(name)), ["work"])
      assert.deepStrictEqual([reports?.mail, webhooks], [["me"], []])
      assert.strictEqual(server.port, 4747)
      files[path] = `${spotify}[calendar.club]\nevry = "1h"`
      assert.include((yield* Effect.flip(config.reread)).message, "did you mean every?")
      assert.lengthOf((yield* config.current).calendars ?? [], 1)
      files[path] = spotify
      yield* config.reread
      const after = yield* config.current
      assert.deepStrictEqual([after.calendars, after.connections], [[], []])
    }).pipe(Effect.provide(world))
  })
})
