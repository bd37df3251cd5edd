import { Context, DateTime, Effect, type FileSystem, Option, Path, Result } from "effect"
import type { GliderConfig } from "../Config.ts"
import { ianaZone } from "../domain/TimeZones.ts"
import { isRemoteStore } from "./Addresses.ts"
import { effective } from "./Effective.ts"
import { ConfigFileError, Mistake } from "./Mistake.ts"
import { type ReadConfig, readFile } from "./ReadFile.ts"
import { readSettings, type Settings } from "./Settings.ts"

/** The zone of the machine, or UTC where it names none. */
export class SystemTimeZone extends Context.Reference<DateTime.TimeZone>("glider/config/SystemTimeZone", {
  defaultValue: () =>
    Option.liftThrowable(DateTime.zoneMakeLocal)().pipe(
      Option.flatMap(({ id }) => ianaZone(String(id))), // Node gives no id for a TZ that is no zone
      Option.getOrElse(() => DateTime.zoneMakeNamedUnsafe("UTC"))
    )
}) {}

/** The file with the environment laid over it; the mistakes of both are reported together. */
export const load = Effect.fn("Config.load")(
  function*(path: string): Effect.fn.Return<GliderConfig, ConfigFileError, FileSystem.FileSystem | Path.Path> {
    const read = yield* Effect.result(readFile(path))
    const settings = yield* Effect.result(readSettings)
    if (Result.isSuccess(read) && Result.isSuccess(settings)) return yield* join(path, read.success, settings.success)
    return yield* new ConfigFileError({
      path,
      mistakes: [
        ...(Result.isFailure(read) ? read.failure.mistakes : []),
        ...(Result.isFailure(settings) ? settings.failure.mistakes : [])
      ]
    })
  }
)

const join = Effect.fnUntraced(function*(path: string, { file, positions }: ReadConfig, settings: Settings["Service"]) {
  const paths = yield* Path.Path
  const fromFile = Option.map(Option.fromNullishOr(file.store.url), absolute(paths, paths.dirname(path)))
  const storeUrl = Option.orElse(Option.map(settings.store.url, absolute(paths, ".")), () => fromFile)
  if (Option.exists(storeUrl, isRemoteStore) && Option.isNone(settings.credentials)) {
    const fromEnvironment = Option.isSome(settings.store.url)
    const { value } = yield* positions
    return yield* new ConfigFileError({
      path,
      mistakes: [
        new Mistake({
          source: fromEnvironment ? "environment" : path,
          position: fromEnvironment ? Option.none() : Option.some(value(["store", "url"])),
          key: fromEnvironment ? "SURREALDB_URL" : "store.url",
          message:
            "a remote store needs SURREALDB_USER and SURREALDB_PASS (or SURREALDB_PASS_FILE); there is no default"
        })
      ]
    })
  }
  const zone = Option.flatMap(Option.fromNullishOr(file.scheduler.timezone), ianaZone)
  const system = yield* SystemTimeZone
  const backups = Option.map(
    Option.fromNullishOr(file.backup.folder),
    (folder) => paths.resolve(paths.dirname(path), folder)
  )
  return effective(file, settings, { path, storeUrl, backups, timezone: Option.getOrElse(zone, () => system) })
})

/** An embedded store's folder counts from the file that names it. The sync mode is the program's to add. */
const absolute = (paths: Path.Path, from: string) => (url: string): string =>
  url.startsWith("rocksdb://")
    ? `rocksdb://${paths.resolve(from, url.slice("rocksdb://".length).replace(/\?.*$/, ""))}`
    : url
