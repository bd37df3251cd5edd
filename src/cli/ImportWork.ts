/** What `glider import` does with a file or folder, loaded only by that command. */
import { Console, Effect, FileSystem, Formatter, Option, Path, Redacted, Schedule, Schema, Stream } from "effect"
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
  readonly calendar: string | undefined
  readonly detach: boolean
}

const usage = (message: string, fix: string) => new CommandFailed({ message, fix, exitCode: exitCodes.usage })

const unreadable = (path: string) => ({ message }: { readonly message: string }) =>
  usage(`${path} cannot be read: ${message}`, "see that it is there and may be read")

/** The bytes to be uploaded, and what they are called: a folder is packed on the way. */
const bytesOf = Effect.fnUntraced(function*(given: string) {
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

const isAddress = (path: string): boolean => /^(?:https?|webcals?):/i.test(path)

/** Imports what there is at the path or address, and follows the run that reads it to its end. */
export const importAny = Effect.fn("cli.import")(function*(client: Client, asked: Asked) {
  const id = isAddress(asked.path) ? yield* fetched(client, asked) : Option.some(yield* uploaded(client, asked))
  const output = yield* OutputFlag
  if (Option.isNone(id)) {
    yield* Console.log(output === "json" ? Formatter.formatJson({ id: null }) : "nothing has changed since it was read")
  } else if (asked.detach) {
    yield* Console.log(output === "json" ? Formatter.formatJson({ id: id.value }) : id.value)
    yield* say(`How it goes: glider import show ${id.value}`)
  } else yield* follow(client, id.value)
})

/** Lets the daemon ask the address, which is told to nobody else. */
const fetched = Effect.fnUntraced(function*(client: Client, { calendar, path }: Asked) {
  const payload = { address: Redacted.make(path, { label: "address" }), ...calendar === undefined ? {} : { calendar } }
  const { bytes, calendar: name, id } = yield* client.imports.address({ payload })
  if (Option.isSome(id)) yield* say(`the calendar ${name}, ${sizeText(bytes)}: ${id.value}`)
  return id
})

const uploaded = Effect.fnUntraced(function*(client: Client, { calendar, connection, path }: Asked) {
  const { bytes, file, size } = yield* bytesOf(path)
  let problem: CommandFailed | undefined
  const accepted = yield* client.imports.upload({
    query: {
      file: file.slice(0, 255),
      ...connection === undefined ? {} : { connection },
      ...calendar === undefined ? {} : { calendar }
    },
    payload: bytes.pipe(
      Stream.tapError((error) =>
        Effect.sync(() => {
          problem = error
        })
      )
    )
  }).pipe(Effect.mapError((error) => problem ?? error))
  yield* say(`${file}, ${sizeText(size)}, ${accepted.files} files, for ${accepted.connection}: ${accepted.id}`)
  return accepted.id
})

const follow = Effect.fnUntraced(function*(client: Client, id: string) {
  let told: string | undefined
  const look = Effect.tap(client.imports.get({ params: { id } }), ({ progress }) => {
    const now = Option.getOrUndefined(progress)
    if (now === undefined || now === told) return Effect.void
    told = now
    return say(now)
  })
  const ended = yield* look.pipe(Effect.repeat({
    schedule: pulse,
    until: ({ finished_at }) => Option.isSome(finished_at)
  }))
  const output = yield* OutputFlag
  yield* Console.log(output === "json" ? yield* Effect.orDie(encode(ended)) : resultText(ended))
  if (ended.status === "completed") return
  return yield* new CommandFailed({
    message: Option.match(ended.error, {
      onNone: () => `the import is ${ended.status}`,
      onSome: ({ message }) => message
    }),
    fix: Option.match(Option.flatMap(ended.error, ({ fix }) => fix), {
      onNone: () => `glider runs show ${id}`,
      onSome: (fix) => fix
    }),
    exitCode: exitCodes.failed
  })
})
