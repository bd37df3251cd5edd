/** Compares the files of an embedded store with what was written down of them (`StoreWitness.ts`). See docs/integrity.md. */
import { Effect, FileSystem, Option } from "effect"
import { faultOfBlob } from "./BlobRecords.ts"
import { blockSize, faultIn } from "./LogRecords.ts"
import { type Named, namedIn } from "./Manifest.ts"
import { bytesFrom, checksumOf, filesOf, kindOf, logNumber, manifestNumber } from "./StoreFiles.ts"
import { readWitness, type Seen, type Witness, witnessFile } from "./StoreWitness.ts"
import { faultOfTable } from "./TableBlocks.ts"

/** What a comparison came to. */
export interface Examination {
  /** What is not as it was, a sentence each; none when all is as it should be. */
  readonly damage: ReadonlyArray<string>
  /** What a person may want to know, though nothing is lost. */
  readonly notes: ReadonlyArray<string>
  /** What is written down of the files that are there. */
  readonly seen: Witness["files"]
  /** What a person has accepted as it is. */
  readonly accepted: ReadonlyArray<string>
  /** Files looked at, and their bytes. */
  readonly files: number
  readonly bytes: number
}

/** How a file differs from what was seen of it; none when it does not. */
const difference = Effect.fnUntraced(function*(
  folder: string,
  name: string,
  seen: Seen,
  size: number
) {
  const path = `${folder}/${name}`
  if (Option.contains(kindOf(name), "pointer")) return Option.none<string>()
  if (size < seen.size) return Option.some(`${name} has lost ${seen.size - size} of ${seen.size} bytes`)
  const checksum = yield* checksumOf(path, seen.size)
  return Option.contains(checksum, seen.checksum) ? Option.none() : Option.some(`${name} is not as it was written`)
})

/** Whether what a log has beyond a size is made of records. */
const tail = Effect.fnUntraced(function*(folder: string, name: string, from: number) {
  const start = from - from % blockSize
  const fault = faultIn(yield* bytesFrom(`${folder}/${name}`, start))
  return Option.map(fault, (at) => `${name} cannot be read from byte ${start + at} on`)
})

/** Whether a file that nobody has looked at yet is as its own checksums say. */
const young = Effect.fnUntraced(function*(folder: string, name: string, size: number, isNamed: boolean) {
  const path = `${folder}/${name}`
  const fault = yield* name.endsWith(".sst") ? faultOfTable(path, size) : faultOfBlob(path, size, isNamed)
  return Option.map(fault, (at) => `${name} is not as it was written, at byte ${at}`)
})

/**
 * What is not there, or shorter than it was, though the manifest needs it: tables, values, and logs whose records stand in no
 * table yet. All else may go at any time, and what is not named yet may be in the making.
 */
const missing = (
  { files: named, firstLog }: Named,
  files: ReadonlyMap<string, number>,
  seen: Witness["files"]
): ReadonlyMap<string, string> => {
  const told = new Map<string, string>()
  for (const [name, size] of named) {
    const found = files.get(name)
    if (found === undefined) told.set(name, `${name} is missing`)
    else if (found !== size && seen[name] === undefined) {
      told.set(name, `${name} has ${found} bytes in place of ${size}`)
    }
  }
  for (const name of Object.keys(seen)) {
    const isNeeded = Option.exists(logNumber(name), (number) => number >= firstLog)
    if (isNeeded && !files.has(name)) told.set(name, `${name} is missing`)
  }
  return told
}

const isTable = (name: string): boolean => Option.contains(kindOf(name), "table")

const newest = (names: Iterable<string>): number =>
  Math.max(0, ...Array.from(names).flatMap((name) => Option.toArray(manifestNumber(name))))

/** Compares the files with what was written down of them; before the engine opens them, for it changes what it finds. */
export const examine = Effect.fn("StoreExamination.examine")(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const files = yield* filesOf(folder)
  const { isBroken, witness } = yield* readWitness(folder)
  const damage: Array<string> = []
  const notes: Array<string> = []
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0)
  if (files.size === 0 && Option.isNone(witness)) return { damage, notes, seen: {}, accepted: [], files: 0, bytes: 0 }
  if (Option.isNone(witness)) {
    notes.push(
      isBroken
        ? `what was written down of the store (${witnessFile(folder)}) cannot be read, and is begun anew`
        : "nothing was written down of the store's files yet: it is begun now"
    )
  }
  const { accepted, files: seen } = Option.getOrElse(witness, (): Pick<Witness, "accepted" | "files"> => ({
    accepted: [],
    files: {}
  }))
  const hadFiles = Object.keys(seen).length > 0
  // a process that is killed before the engine has begun leaves a witness of nothing
  if (files.size === 0 && hadFiles) damage.push("all of its files are gone")
  else if (Option.isSome(witness) && newest(files.keys()) < newest(Object.keys(seen))) {
    damage.push("the store is an older one than was there before")
  } else {
    // the engine would begin anew over what is there
    if (!files.has("CURRENT") && (seen["CURRENT"] !== undefined || [...files.keys()].some(isTable))) {
      damage.push("CURRENT is missing")
    }
    for (const [name, was] of Object.entries(seen)) {
      const size = files.get(name)
      if (size !== undefined) damage.push(...Option.toArray(yield* difference(folder, name, was, size)))
    }
  }
  const judged = [...files].filter(([name]) => !accepted.includes(name) || seen[name] !== undefined)
  for (const [name, size] of judged) {
    const from = seen[name]?.size ?? 0
    if (Option.contains(kindOf(name), "log") && size > from && damage.length === 0) {
      damage.push(...Option.toArray(yield* tail(folder, name, from)))
    }
  }
  if (damage.length === 0) {
    const named = yield* namedIn(folder, files)
    const lacking = Option.match(named, {
      onNone: () => new Map<string, string>(),
      onSome: (named) => missing(named, files, seen)
    })
    for (const [name, what] of lacking) if (!accepted.includes(name)) damage.push(what)
    if (files.has("CURRENT") && Option.isNone(named)) {
      notes.push("its manifest says what is not known here: files that are missing are not told")
    }
    const isNew = (name: string) => isTable(name) && seen[name] === undefined && !lacking.has(name)
    for (const [name, size] of judged) {
      const isNamed = Option.exists(named, ({ files }) => files.has(name))
      if (Option.isSome(witness) && isNew(name) && (isNamed || Option.isNone(named))) {
        damage.push(...Option.toArray(yield* young(folder, name, size, isNamed)))
      }
    }
  }
  if (files.has("CURRENT")) {
    const current = yield* fs.readFileString(`${folder}/CURRENT`)
    if (!/^MANIFEST-\d+\n$/.test(current) || !files.has(current.trim())) damage.push("CURRENT names no manifest")
    else if (Option.getOrElse(manifestNumber(current.trim()), () => 0) < newest(Object.keys(seen))) {
      damage.push("CURRENT names an older manifest than before")
    }
  }
  if (
    Option.exists(witness, ({ closed }) => closed) && damage.length === 0 &&
    [...files].some(([name, size]) => seen[name]?.size !== size)
  ) {
    notes.push("the store was written to after Glider had closed it, as by another program")
  }
  const examination: Examination = { damage, notes, seen, accepted, files: files.size, bytes }
  return examination
})
