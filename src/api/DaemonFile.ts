import { Effect, FileSystem, Option, Path, Redacted, Schema } from "effect"
import { isAlive } from "../services/ProcessAlive.ts"

/** Where a running `glider run` is reached. Its file in the data folder lets every process of the same user in. */
export class Daemon extends Schema.Class<Daemon>("glider/api/DaemonFile/Daemon")({
  pid: Schema.Int,
  /** `http://127.0.0.1:<port>`. */
  address: Schema.String,
  token: Schema.RedactedFromValue(Schema.NonEmptyString, { label: "api token" })
}) {}

/** The page in the data folder by which `glider open` leads a browser to its link. */
export const openPage = "open.html"

const Json = Schema.fromJsonString(Schema.Struct({
  pid: Schema.Int,
  address: Schema.String,
  token: Schema.String
}))

const file = Effect.fnUntraced(function*(folder: string) {
  const path = yield* Path.Path
  return path.join(folder, "daemon.json")
})

/**
 * The daemon that left its address in the data folder. None when there is no such file, or its process is gone: a file
 * that outlived a crash is no daemon.
 */
export const find = Effect.fn("DaemonFile.find")(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.option(fs.readFileString(yield* file(folder)))
  const daemon = Option.flatMap(text, Schema.decodeUnknownOption(Schema.fromJsonString(Daemon)))
  return Option.filter(daemon, ({ pid }) => pid !== globalThis.process.pid && isAlive(pid))
})

/** Leaves the address of this process, readable by its user alone, until the scope ends. */
export const publish = Effect.fn("DaemonFile.publish")(
  function*(folder: string, daemon: { readonly address: string; readonly token: Redacted.Redacted<string> }) {
    const fs = yield* FileSystem.FileSystem
    const target = yield* file(folder)
    const pid = globalThis.process.pid
    const text = yield* Schema.encodeEffect(Json)({ pid, address: daemon.address, token: Redacted.value(daemon.token) })
    const temporary = `${target}.${pid}`
    const write = Effect.gen(function*() {
      yield* Effect.ignore(fs.remove(temporary))
      yield* fs.writeFileString(temporary, `${text}\n`, { mode: 0o600, flag: "wx" })
      yield* fs.rename(temporary, target)
    })
    const opened = (yield* Path.Path).join(folder, openPage)
    yield* Effect.acquireRelease(
      write,
      () => Effect.andThen(Effect.ignore(fs.remove(opened)), Effect.ignore(fs.remove(target)))
    )
  },
  Effect.catchTag("SchemaError", Effect.die) // what we encoded ourselves must encode: a bug, not a failure
)
