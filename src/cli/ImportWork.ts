/** What `glider import` does with a file or folder, loaded only by that command. */
import { Console, Effect, FileSystem, Formatter, Option, Path, Schedule, Schema, Stream } from "effect"
import { ImportInfo } from "../api/ImportMessages.ts"
import { isHistory } from "../imports/ExportFile.ts"
import { pack } from "../imports/Pack.ts"
import type { Client } from "./Client.ts"
import { sizeText } from "./DbWork.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { OutputFlag } from "./Flags.ts"
import { say } from "./Print.ts"
import { resultText } from "./ShowImports.ts"

/** What the command was asked for. */
export interface Asked {
  readonly path: string
  readonly connection: string | undefined
  readonly detach: boolean
}

const usage = (message: string, fix: string) => new CommandFailed({ message, fix, exitCode: exitCodes.usage })

const unreadable = (path: string) => ({ message }: { readonly message: string }) =>
  usage(`${path} cannot be read: ${message}`, "see that it is there and may be read")

/** The bytes to be uploaded, and what they are called: a folder is packed on the way. */
const bytesOf = Effect.fnUntraced(function*(given: string) {
  if (/^(?:https?|webcal):/i.test(given)) {
    return yield* usage(`${given} is an address`, "download the file, and import that")
  }
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const path = paths.resolve(given)
  const failed = unreadable(path)
  const { size, type } = yield* Effect.mapError(fs.stat(path), failed)
  const file = paths.basename(path)
  if (type === "File") return { file, size: Number(size), bytes: Stream.mapError(fs.stream(path), failed) }
  const names = (yield* Effect.mapError(fs.readDirectory(path, { recursive: true }), failed)).filter(isHistory)
    .toSorted()
  if (names.length === 0) {
    return yield* usage(
      `${path} holds no Streaming_History_Audio_….json`,
      "docs/imports.md tells how to ask Spotify for them"
    )
  }
  const sizes = yield* Effect.forEach(names, (name) => Effect.mapError(fs.stat(paths.join(path, name)), failed))
  return {
    file,
    size: sizes.reduce((sum, { size }) => sum + Number(size), 0),
    bytes: pack(
      names.map((name) => ({
        name: name.replaceAll("\\", "/"),
        bytes: Stream.mapError(fs.stream(paths.join(path, name)), failed)
      }))
    )
  }
})

/** How often it is asked how far the import is. */
const pulse = Schedule.spaced("500 millis")

const encode = Schema.encodeEffect(Schema.fromJsonString(ImportInfo))

/** Uploads what there is at the path, and follows the run that reads it to its end. */
export const importFile = Effect.fn("cli.importFile")(function*(client: Client, { connection, detach, path }: Asked) {
  const { bytes, file, size } = yield* bytesOf(path)
  let problem: CommandFailed | undefined
  const accepted = yield* client.imports.upload({
    query: { file: file.slice(0, 255), ...connection === undefined ? {} : { connection } },
    payload: bytes.pipe(
      Stream.tapError((error) =>
        Effect.sync(() => {
          problem = error
        })
      )
    )
  }).pipe(Effect.mapError((error) => problem ?? error))
  yield* say(
    `${file}, ${sizeText(size)}, ${accepted.files} files of a history, for ${accepted.connection}: ${accepted.id}`
  )
  const output = yield* OutputFlag
  if (detach) {
    yield* Console.log(output === "json" ? Formatter.formatJson({ id: accepted.id }) : accepted.id)
    yield* say(`How it goes: glider import show ${accepted.id}`)
    return
  }
  let told: string | undefined
  const look = Effect.tap(client.imports.get({ params: { id: accepted.id } }), ({ progress }) => {
    const now = Option.getOrUndefined(progress)
    if (now === undefined || now === told) return Effect.void
    told = now
    return say(now)
  })
  const ended = yield* look.pipe(Effect.repeat({
    schedule: pulse,
    until: ({ finished_at }) => Option.isSome(finished_at)
  }))
  yield* Console.log(output === "json" ? yield* Effect.orDie(encode(ended)) : resultText(ended))
  if (ended.status === "completed") return
  return yield* new CommandFailed({
    message: Option.match(ended.error, {
      onNone: () => `the import is ${ended.status}`,
      onSome: ({ message }) => message
    }),
    fix: Option.match(Option.flatMap(ended.error, ({ fix }) => fix), {
      onNone: () => `glider runs show ${accepted.id}`,
      onSome: (fix) => fix
    }),
    exitCode: exitCodes.failed
  })
})
