import { ConfigProvider, DateTime, Effect, FileSystem, Layer, Path, PlatformError } from "effect"
import { load } from "../../src/Config.ts"
import { SystemTimeZone } from "../../src/config/Load.ts"

/** A machine in UTC with these files and this environment. */
export const surroundings = (
  files: { readonly [path: string]: string },
  environment: { readonly [name: string]: string } = {}
) =>
  Layer.mergeAll(
    FileSystem.layerNoop({
      exists: (path) => Effect.succeed(Object.hasOwn(files, path)),
      readFileString: (path) => {
        const text = files[path]
        return text === undefined
          ? Effect.fail(PlatformError.systemError({
            _tag: "NotFound",
            module: "FileSystem",
            method: "readFileString",
            pathOrDescriptor: path
          }))
          : Effect.succeed(text)
      }
    }),
    Path.layer,
    ConfigProvider.layer(ConfigProvider.fromUnknown(environment)),
    Layer.succeed(SystemTimeZone, DateTime.zoneMakeNamedUnsafe("UTC"))
  )

/** Loads a config of this text. */
export const loadText = (
  text: string,
  environment: { readonly [name: string]: string } = {},
  path = "config.toml"
) => load(path).pipe(Effect.provide(surroundings({ [path]: text }, environment)))
