import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { ConfigProvider, Context, Effect, FileSystem, Layer, Option } from "effect"
import { configPath, DataFolder, dataFolderPath, secretsFolder } from "../../src/config/Places.ts"
import { surroundings } from "./Surroundings.ts"

const everywhere = { "config.toml": "", "/x/glider/config.toml": "", "/home/me/.config/glider/config.toml": "" }
const inHome = { "/home/me/.config/glider/config.toml": "" }

describe("configPath", () => {
  const cases: ReadonlyArray<
    readonly [
      name: string,
      flag: Option.Option<string>,
      environment: { readonly [name: string]: string },
      files: { readonly [path: string]: string },
      path: string
    ]
  > = [
    ["--config goes first", Option.some("a.toml"), { GLIDER_CONFIG_TOML: "b.toml" }, everywhere, "a.toml"],
    [
      "then GLIDER_CONFIG_TOML, even when absent",
      Option.none(),
      { GLIDER_CONFIG_TOML: "b.toml" },
      everywhere,
      "b.toml"
    ],
    ["then config.toml here", Option.none(), { XDG_CONFIG_HOME: "/x", HOME: "/home/me" }, everywhere, "config.toml"],
    [
      "then $XDG_CONFIG_HOME",
      Option.none(),
      { XDG_CONFIG_HOME: "/x", HOME: "/home/me" },
      { "/x/glider/config.toml": "", ...inHome },
      "/x/glider/config.toml"
    ],
    [
      "~/.config stands for an absent or relative $XDG_CONFIG_HOME",
      Option.none(),
      { XDG_CONFIG_HOME: "x", HOME: "/home/me" },
      inHome,
      "/home/me/.config/glider/config.toml"
    ]
  ]
  for (const [name, flag, environment, files, path] of cases) {
    it.effect(name, () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* configPath(flag), path)
      }).pipe(Effect.provide(surroundings(files, environment))))
  }

  it.effect("says where it looked when there is none", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(configPath(Option.none()))
      assert.strictEqual(
        error.message.split("\n")[0],
        "config.toml: no such file, and none at /home/me/.config/glider/config.toml."
      )
    }).pipe(Effect.provide(surroundings({}, { HOME: "/home/me" }))))
})

describe("dataFolderPath", () => {
  const all = {
    GLIDER_DATA_DIR: "/from/glider",
    STATE_DIRECTORY: "/var/lib/glider:/var/lib/other",
    XDG_DATA_HOME: "/x",
    HOME: "/home/me"
  }
  const { GLIDER_DATA_DIR: _first, ...withoutGlider } = all
  const { STATE_DIRECTORY: _second, ...withoutState } = withoutGlider
  const { XDG_DATA_HOME: _third, ...homeOnly } = withoutState
  const cases = [
    ["--data-dir goes first", Option.some("/flag"), all, "/flag"],
    ["then GLIDER_DATA_DIR", Option.none(), all, "/from/glider"],
    ["then the first of systemd's folders", Option.none(), withoutGlider, "/var/lib/glider"],
    ["then $XDG_DATA_HOME", Option.none(), withoutState, "/x/glider"],
    ["then ~/.local/share", Option.none(), homeOnly, "/home/me/.local/share/glider"]
  ] as const
  for (const [name, flag, environment, path] of cases) {
    it.effect(name, () =>
      Effect.gen(function*() {
        assert.strictEqual(yield* dataFolderPath(flag), path)
      }).pipe(Effect.provide(surroundings({}, environment))))
  }

  it.effect("asks for a folder when there is no home", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(dataFolderPath(Option.none()))
      assert.strictEqual(error.message, "no data folder: HOME is not set; name one with --data-dir or GLIDER_DATA_DIR")
    }).pipe(Effect.provide(surroundings({}))))
})

const mode = (path: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const info = yield* fs.stat(path)
    return (info.mode & 0o777).toString(8)
  })
const open = (path: string) =>
  Effect.map(Effect.scoped(Layer.build(DataFolder.layer(Option.some(path)))), Context.get(DataFolder))

layer(Layer.mergeAll(NodeServices.layer, ConfigProvider.layer(ConfigProvider.fromUnknown({}))))("DataFolder", (it) => {
  it.effect("is made for its owner alone, with the folders above it", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* fs.makeTempDirectoryScoped()}/a/b`
      assert.deepStrictEqual(yield* open(path), { path, storeUrl: `rocksdb://${path}/store` })
      assert.strictEqual(yield* mode(path), "700")
    }))

  it.effect("is closed to others when it is empty or holds a store", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* fs.makeTempDirectoryScoped()
      yield* fs.chmod(path, 0o755)
      yield* open(path)
      assert.strictEqual(yield* mode(path), "700")
      yield* fs.makeDirectory(`${path}/store`)
      yield* fs.chmod(path, 0o750)
      yield* open(path)
      assert.strictEqual(yield* mode(path), "700")
    }))

  it.effect("is refused, untouched, when it is open to others and holds something else", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* fs.makeTempDirectoryScoped()
      yield* fs.writeFileString(`${path}/letter.txt`, "")
      yield* fs.chmod(path, 0o755)
      const error = yield* Effect.flip(open(path))
      assert.strictEqual(
        error.message,
        `the data folder ${path} is open to others (mode 755) and holds other files: ` +
          `name a folder of its own with --data-dir, or close this one with: chmod 700 ${path}`
      )
      assert.strictEqual(yield* mode(path), "755")
    }))

  it.effect("cannot be a file", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* fs.makeTempFileScoped()
      const error = yield* Effect.flip(open(path))
      assert.include(error.message, path)
    }))
})

describe("secretsFolder", () => {
  it.effect("is what GLIDER_SECRETS_DIR says", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* secretsFolder, Option.some("/run/secrets"))
    }).pipe(Effect.provide(surroundings({}, { GLIDER_SECRETS_DIR: "/run/secrets" }))))
})
