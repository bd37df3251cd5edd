/**
 * What the files of an embedded store were when Glider last looked, written down beside the store's folder. RocksDB does not
 * notice a flipped bit, and drops what it can no longer read: so this is compared before the store is opened. See
 * docs/integrity.md.
 */
import { Clock, DateTime, Duration, Effect, FileSystem, Option, type PlatformError, Schedule, Schema } from "effect"
import { crc32 } from "node:zlib"
import { hasBlobEnd } from "./BlobRecords.ts"
import { namedIn } from "./Manifest.ts"
import { checksumOf, filesOf, kindOf, logNumber } from "./StoreFiles.ts"
import { syncFolder } from "./SyncFolder.ts"
import { hasTableEnd } from "./TableBlocks.ts"

/** A file of the store, up to a size in bytes, with the CRC-32 of that. */
const Seen = Schema.Struct({ size: Schema.Natural, checksum: Schema.Natural })
export type Seen = typeof Seen.Type

const Witness = Schema.Struct({
  format: Schema.Literal(1),
  at: Schema.DateTimeUtcFromString,
  /** Whether the store was closed: nothing may have been written since. */
  closed: Schema.Boolean,
  files: Schema.Record(Schema.String, Seen),
  /** What a person has accepted as it is, or is not: nothing is held against it. */
  accepted: Schema.Array(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))
})
export type Witness = typeof Witness.Type

const WitnessText = Schema.fromJsonString(Witness)
const decode = Schema.decodeEffect(WitnessText)
const encode = Schema.encodeEffect(WitnessText)

/** Where it is: outside of the folder that it speaks of. */
export const witnessFile = (folder: string): string => `${folder}.witness`

/** The last line is the checksum of what is before it: damage of the witness is none of the store. */
const checked = (text: string): string => `${text}\n${crc32(text).toString(16)}\n`

/** What was written down; none where nothing was, or where that is broken itself. */
export const readWitness = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.catchIf(
    Effect.asSome(fs.readFileString(witnessFile(folder))),
    ({ reason }) => reason._tag === "NotFound",
    () => Effect.succeedNone
  )
  if (Option.isNone(text)) return { witness: Option.none<Witness>(), isBroken: false }
  const [json = ""] = text.value.split("\n")
  const witness = text.value === checked(json) ? yield* Effect.option(decode(json)) : Option.none<Witness>()
  return { witness, isBroken: Option.isNone(witness) }
})

/** Whether its writer has come to the end of a table, after which it never changes. */
const isFinished = (path: string, size: number) =>
  path.endsWith(".sst") ? hasTableEnd(path, size) : hasBlobEnd(path, size)

/** What reading the files of a store again came to. */
export interface Rechecked {
  /** How many files were read, as far as anything is known of them, and their bytes. */
  readonly files: number
  readonly bytes: number
  /** What is not as it was written, a sentence each. */
  readonly damage: ReadonlyArray<string>
}

/** What is written down, and how it is kept true. */
export interface Keeper {
  /** To be run before the engine opens the store: from now on it may change. */
  readonly begin: Effect.Effect<void, PlatformError.PlatformError | Schema.SchemaError, FileSystem.FileSystem>
  /** Looks at what is new, and writes it down, fsynced, if anything is. */
  readonly renew: Effect.Effect<void, never, FileSystem.FileSystem>
  /** Reads all that was seen of the files again, while the store is open. */
  readonly recheck: Effect.Effect<Rechecked, PlatformError.PlatformError, FileSystem.FileSystem>
  /** The last time, once the engine has closed the store. */
  readonly close: Effect.Effect<void, never, FileSystem.FileSystem>
}

/** How long the files of a store that was closed must not change until they are believed to be at rest. */
const settling = Duration.millis(20)

/** How long the engine has for that. */
const settlingEnds = Duration.seconds(2)

/** Keeps the witness of a store, of whose files this was seen before and holds. */
export const keep = Effect.fnUntraced(function*(
  folder: string,
  seen: Witness["files"],
  accepted: ReadonlyArray<string> = []
) {
  const fs = yield* FileSystem.FileSystem
  const known = new Map<string, Seen>(Object.entries(seen))

  /** Files that are gone, but for those that may not be: the loss of a log would never be told otherwise. */
  const forget = Effect.fnUntraced(function*(files: ReadonlyMap<string, number>) {
    const gone = [...known.keys()].filter((name) => !files.has(name))
    if (gone.length === 0) return false
    const firstLog = gone.some((name) => Option.isSome(logNumber(name)))
      ? Option.map(yield* namedIn(folder, files), ({ firstLog }) => firstLog)
      : Option.none()
    const obsolete = gone.filter((name) =>
      Option.match(Option.all([logNumber(name), firstLog]), {
        onNone: () => true,
        onSome: ([number, first]) => number < first
      })
    )
    for (const name of obsolete) known.delete(name)
    return obsolete.length > 0
  })

  /** Notes what is new of a file, once it is on the disk; false when nothing is. */
  const note = Effect.fnUntraced(function*(name: string, size: number) {
    const was = known.get(name)
    const path = `${folder}/${name}`
    const goesOn = Option.contains(kindOf(name), "log") && was !== undefined && size > was.size
    yield* Effect.scoped(Effect.flatMap(fs.open(path, { flag: "r+" }), ({ sync }) => sync))
    const checksum = yield* goesOn ? checksumOf(path, size, was.size, was.checksum) : checksumOf(path, size)
    if (Option.isNone(checksum)) return false
    known.set(name, { size, checksum: checksum.value })
    return true
  })

  /** Looks at all files: whether anything is new, and whether anything is still in the making. */
  const look = Effect.gen(function*() {
    const files = yield* filesOf(folder)
    // the folder was removed, or its disk: what was written down of it stays as it is
    if (known.has("CURRENT") && !files.has("CURRENT")) return { isNew: false, isBusy: false, isGone: true }
    let isNew = yield* forget(files)
    let isBusy = false
    for (const [name, size] of files) {
      if (known.get(name)?.size === size) continue
      const looked = Effect.gen(function*() {
        const isTable = Option.contains(kindOf(name), "table")
        if (isTable && !(yield* isFinished(`${folder}/${name}`, size))) {
          isBusy = true
          return
        }
        if (yield* note(name, size)) isNew = true
      })
      // it was removed meanwhile
      yield* Effect.catchIf(looked, ({ reason }) => reason._tag === "NotFound", () => Effect.void)
    }
    return { isNew, isBusy, isGone: false }
  })

  const write = Effect.fnUntraced(function*(closed: boolean) {
    const at = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
    const text = yield* encode({
      format: 1,
      at,
      closed,
      files: Object.fromEntries(known),
      accepted: accepted.filter((name) => !known.has(name))
    })
    const draft = `${witnessFile(folder)}.new`
    yield* Effect.scoped(Effect.gen(function*() {
      const file = yield* fs.open(draft, { flag: "w", mode: 0o600 })
      yield* file.writeAll(new TextEncoder().encode(checked(text)))
      yield* file.sync
    }))
    yield* fs.rename(draft, witnessFile(folder))
    yield* syncFolder(`${folder}/..`)
  })

  /** Whether what was seen of a file is still there; none when the file is gone, as tables are that were merged. */
  const holds = (name: string, { checksum, size }: Seen) =>
    checksumOf(`${folder}/${name}`, size).pipe(
      Effect.map((found) => Option.some(Option.contains(found, checksum))),
      Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeedNone)
    )

  const recheck = Effect.gen(function*() {
    const damage: Array<string> = []
    let [files, bytes] = [0, 0]
    for (const [name, seen] of [...known].filter(([name]) => !Option.contains(kindOf(name), "pointer"))) {
      const held = yield* holds(name, seen)
      if (Option.isNone(held)) continue
      files++
      bytes += seen.size
      if (!held.value) damage.push(`${name} is not as it was written`)
    }
    return { files, bytes, damage }
  })

  const attempted = <E extends { readonly message: string }, R>(effect: Effect.Effect<void, E, R>) =>
    effect.pipe(
      // a table may be removed while it is looked at; the next look is soon
      Effect.catch(({ message }) => Effect.logDebug(`the store's witness is as it was: ${message}`)),
      Effect.uninterruptible
    )
  const keeper: Keeper = {
    begin: write(false),
    renew: attempted(Effect.flatMap(look, ({ isNew }) => isNew ? write(false) : Effect.void)),
    recheck,
    // threads of the engine may still be at work for a moment
    close: attempted(Effect.gen(function*() {
      let last = yield* look
      const settled = yield* Effect.void.pipe(
        Effect.repeat({
          schedule: Schedule.spaced(settling),
          while: () => Effect.map(look, (now) => (last = now).isNew || now.isBusy)
        }),
        Effect.timeoutOption(settlingEnds)
      )
      if (!last.isGone) yield* write(Option.isSome(settled))
    }))
  }
  return keeper
})

/** Writes down that a person accepts the files as they are, and what is missing of those that were there. */
export const accept = Effect.fnUntraced(function*(folder: string) {
  const files = yield* filesOf(folder)
  const { witness } = yield* readWitness(folder)
  const named = yield* namedIn(folder, files)
  const names = new Set([
    ...files.keys(),
    ...Option.match(witness, {
      onNone: () => [],
      onSome: ({ accepted, files }) => [...accepted, ...Object.keys(files)]
    }),
    ...Option.match(named, { onNone: () => [], onSome: ({ files }) => [...files.keys()] })
  ])
  const keeper = yield* keep(folder, {}, [...names])
  yield* keeper.begin
})
