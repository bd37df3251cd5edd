/** The folder of backups. A file there has been read back before it got its name. */
import { Context, DateTime, Effect, FileSystem, Option } from "effect"

/** Where backups are: in the data folder when nobody says otherwise. */
export const backupFolder = (dataFolder: string, set: Option.Option<string> = Option.none()): string =>
  Option.getOrElse(set, () => `${dataFolder}/backups`)

/** A backup in the folder. */
export interface Kept {
  readonly path: string
  /** When it was made, as its name says. */
  readonly at: DateTime.Utc
  readonly bytes: number
  /** Whether it was made by a schedule, and may be removed by one. */
  readonly scheduled: boolean
}

/** The newest backup there is, for those who look after the installation; none where that is not their business. */
export class LastBackup extends Context.Reference<Option.Option<Effect.Effect<Option.Option<Kept>>>>(
  "glider/backup/LastBackup",
  { defaultValue: () => Option.none() }
) {}

const named =
  /^(?<kind>glider|scheduled|before-schema-\d{4})-(?<day>\d{4}-\d\d-\d\d)T(?<time>\d\d-\d\d-\d\d)Z\.jsonl\.gz$/

/** The backups of a folder, the newest first; none when it cannot be read. */
export const backupsIn = Effect.fn("Backups.list")(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const names = yield* Effect.orElseSucceed(fs.readDirectory(folder), () => [])
  const found = yield* Effect.forEach(names, (name) =>
    Effect.gen(function*() {
      const groups = named.exec(name)?.groups
      const at = DateTime.make(`${groups?.["day"]}T${groups?.["time"]?.replaceAll("-", ":")}Z`)
      const path = `${folder}/${name}`
      const info = yield* Effect.option(fs.stat(path))
      if (Option.isNone(at) || Option.isNone(info)) return []
      return [{
        path,
        at: DateTime.toUtc(at.value),
        bytes: Number(info.value.size),
        scheduled: groups?.["kind"] === "scheduled"
      }]
    }))
  return found.flat().toSorted((one, other) => DateTime.Order(other.at, one.at)) satisfies ReadonlyArray<Kept>
})

/** Removes those of a schedule that are older than the newest `keep`; gives how many they were. */
export const removeOld = Effect.fn("Backups.removeOld")(function*(folder: string, keep: number) {
  const fs = yield* FileSystem.FileSystem
  const old = (yield* backupsIn(folder)).filter(({ scheduled }) => scheduled).slice(keep)
  yield* Effect.forEach(old, ({ path }) => fs.remove(path), { discard: true })
  return old.length
})
