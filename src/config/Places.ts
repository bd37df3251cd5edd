import { Config, Context, Effect, FileSystem, Layer, Option, Path, type PlatformError, Schema } from "effect"
import { type ConfigFileError, noConfigFile } from "./Mistake.ts"

/** The data folder cannot be used; the message says what mends it. */
export class DataFolderError extends Schema.TaggedError<DataFolderError>()("DataFolderError", {
  path: Schema.String,
  message: Schema.String
}) {}

/** A variable of the environment; an empty one counts as absent. */
const variable = (name: string): Effect.Effect<Option.Option<string>> =>
  Config.option(Config.String(name)).pipe(
    Effect.map(Option.filter((value) => value !== "")),
    Effect.orDie // an optional string fails only with its provider
  )

/** `$XDG_…_HOME` where it is absolute, as the XDG base directory specification wants it, or a folder in `$HOME`. */
const userFolder = Effect.fnUntraced(function*(name: string, inHome: ReadonlyArray<string>) {
  const paths = yield* Path.Path
  const set = Option.filter(yield* variable(name), paths.isAbsolute)
  const home = yield* variable("HOME")
  return Option.map(
    Option.orElse(set, () => Option.map(home, (folder) => paths.join(folder, ...inHome))),
    (folder) => paths.join(folder, "glider")
  )
})

/**
 * The config file: `--config`, `GLIDER_CONFIG_TOML`, `./config.toml`, `$XDG_CONFIG_HOME/glider/config.toml`. The first
 * two are taken at their word, the others when they exist.
 */
export const configPath = Effect.fn("Places.configPath")(
  function*(
    flag: Option.Option<string>
  ): Effect.fn.Return<string, ConfigFileError, FileSystem.FileSystem | Path.Path> {
    const fromEnvironment = yield* variable("GLIDER_CONFIG_TOML")
    const named = Option.orElse(flag, () => fromEnvironment)
    if (Option.isSome(named)) return named.value
    const fs = yield* FileSystem.FileSystem
    const paths = yield* Path.Path
    const folder = yield* userFolder("XDG_CONFIG_HOME", [".config"])
    const looked: readonly [string, ...Array<string>] = [
      "config.toml",
      ...Option.toArray(Option.map(folder, (path) => paths.join(path, "config.toml")))
    ]
    for (const path of looked) {
      if (yield* Effect.orElseSucceed(fs.exists(path), () => false)) return path
    }
    return yield* noConfigFile(looked)
  }
)

/** The folder for the store, the keys and the daemon's address; open to its owner alone. */
export class DataFolder extends Context.Service<DataFolder, {
  /** Absolute; it exists. */
  readonly path: string
  /** The store's address where `[store] url` is absent. */
  readonly storeUrl: string
}>()("glider/config/Places/DataFolder") {
  /**
   * `--data-dir`, `GLIDER_DATA_DIR`, the first of systemd's `$STATE_DIRECTORY`, `$XDG_DATA_HOME/glider`. Made with mode
   * 0700 when absent.
   */
  static readonly layer = (flag: Option.Option<string>) =>
    Layer.effect(
      DataFolder,
      Effect.gen(function*() {
        const path = yield* dataFolderPath(flag)
        yield* makePrivate(path)
        return DataFolder.of({ path, storeUrl: `rocksdb://${path}/store` })
      })
    )
}

/** Where the data folder is, whether or not it exists. */
export const dataFolderPath = Effect.fn("Places.dataFolderPath")(
  function*(flag: Option.Option<string>): Effect.fn.Return<string, DataFolderError, Path.Path> {
    const paths = yield* Path.Path
    const state = Option.flatMapNullishOr(yield* variable("STATE_DIRECTORY"), (folders) => folders.split(":")[0])
    const found = Option.firstSomeOf([
      flag,
      yield* variable("GLIDER_DATA_DIR"),
      state,
      yield* userFolder("XDG_DATA_HOME", [".local", "share"])
    ])
    if (Option.isSome(found)) return paths.resolve(found.value)
    return yield* new DataFolderError({
      path: "",
      message: "no data folder: HOME is not set; name one with --data-dir or GLIDER_DATA_DIR"
    })
  }
)

/** A folder of secret files, one a secret (`GLIDER_SECRETS_DIR`). */
export const secretsFolder: Effect.Effect<Option.Option<string>> = Effect.suspend(() => variable("GLIDER_SECRETS_DIR"))

/**
 * Makes the folder, or closes it to others. A folder that others can enter is closed only when it is empty or holds a
 * store: what else it may be (`/tmp`, a home folder) is not ours to close.
 */
const makePrivate = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const failed = (message: string) => new DataFolderError({ path, message })
  const because = (what: string) => ({ reason }: PlatformError.PlatformError) =>
    failed(`${what} ${path}: ${reason._tag}`)
  yield* Effect.mapError(
    fs.makeDirectory(path, { recursive: true, mode: 0o700 }),
    because("cannot make the data folder")
  )
  const { mode, type } = yield* Effect.mapError(fs.stat(path), because("cannot look at the data folder"))
  if (type !== "Directory") {
    return yield* failed(`the data folder ${path} is not a folder; name another with --data-dir`)
  }
  if ((mode & 0o077) === 0) return
  const shown = (mode & 0o777).toString(8)
  const entries = yield* Effect.mapError(fs.readDirectory(path), because("cannot look into the data folder"))
  if (entries.length > 0 && !entries.includes("store")) {
    return yield* failed(
      `the data folder ${path} is open to others (mode ${shown}) and holds other files: ` +
        `name a folder of its own with --data-dir, or close this one with: chmod 700 ${path}`
    )
  }
  yield* Effect.mapError(
    fs.chmod(path, 0o700),
    () => failed(`the data folder ${path} is open to others (mode ${shown}); close it with: chmod 700 ${path}`)
  )
  yield* Effect.logWarning(
    `The data folder ${path} was open to others (mode ${shown}); it is now open to its owner alone`
  )
})
