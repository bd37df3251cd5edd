/**
 * What the files of an embedded store were when Glider last looked, written down beside the store's folder. RocksDB does not
 * notice a flipped bit, and drops what it can no longer read: so this is compared before the store is opened. See
 * docs/integrity.md.
 */
import { Clock, DateTime, Duration, Effect, FileSystem, Option, type PlatformError, Schedule, Schema } from "effect"
import { crc32 } from "node:zlib"
import { hasBlobEnd } from "./BlobRecords.ts"
import { checksumOf, filesOf, kindOf } from "./StoreFiles.ts"
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
  files: Schema.Record(Schema.String, Seen)
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
export const keep = Effect.fnUntraced(function*(folder: string, seen: Witness["files"]) {
  const fs = yield* FileSystem.FileSystem
  const known = new Map<string, Seen>(Object.entries(seen))

  const look = Effect.gen(function*() {
    const files = yield* filesOf(folder)
    let isNew = false
    for (const name of known.keys()) {
      if (!files.has(name)) isNew = known.delete(name) || isNew
    }
    for (const [name, size] of files) {
      const was = known.get(name)
      if (was?.size === size) continue
      const path = `${folder}/${name}`
      const isTable = Option.contains(kindOf(name), "table")
      if (isTable && !(yield* isFinished(path, size))) continue
      const goesOn = Option.contains(kindOf(name), "log") && was !== undefined && size > was.size
      // what is told of a file must be on the disk before this is
      yield* Effect.scoped(Effect.flatMap(fs.open(path, { flag: "r+" }), ({ sync }) => sync))
      const checksum = yield* goesOn ? checksumOf(path, size, was.size, was.checksum) : checksumOf(path, size)
      if (Option.isNone(checksum)) continue
      known.set(name, { size, checksum: checksum.value })
      isNew = true
    }
    return isNew
  })

  const write = Effect.fnUntraced(function*(closed: boolean) {
    const at = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
    const text = yield* encode({ format: 1, at, closed, files: Object.fromEntries(known) })
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
    renew: attempted(Effect.flatMap(look, (isNew) => isNew ? write(false) : Effect.void)),
    recheck,
    // threads of the engine may still be at work for a moment
    close: attempted(Effect.gen(function*() {
      const settled = yield* look.pipe(
        Effect.repeat({ schedule: Schedule.spaced(settling), while: (isNew) => isNew }),
        Effect.timeoutOption(settlingEnds)
      )
      yield* write(Option.isSome(settled))
    }))
  }
  return keeper
})
