import { Effect, FileSystem, Path, Schema } from "effect"
import type { Finding } from "./Judgement.ts"

/** Files of the store are not as they were left: what is read there may lack records, and nobody would notice. */
export class StoreDamaged extends Schema.TaggedError<StoreDamaged>()("StoreDamaged", {
  folder: Schema.String,
  findings: Schema.Array(Schema.Struct({ file: Schema.String, message: Schema.String })),
  /** The command that mends it. */
  fix: Schema.String
}) {
  override get message(): string {
    const [first] = this.findings
    const more = this.findings.length - 1
    const others = more < 1 ? "" : `, and ${more} more like it`
    return `the store ${this.folder} is not as it was left: ${first?.file ?? ""}: ${first?.message ?? ""}${others}`
  }
}

/** When a backup was made, as its name says. */
const instantIn = (name: string): string => /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/.exec(name)?.[0] ?? ""

/** The damage as a failure, with the newest backup beside the store as the way out. */
export const storeDamaged = Effect.fnUntraced(function*(folder: string, findings: ReadonlyArray<Finding>) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const backups = paths.join(paths.dirname(folder), "backups")
  const names = yield* Effect.orElseSucceed(fs.readDirectory(backups), (): ReadonlyArray<string> => [])
  const newest = names.filter((name) => name.endsWith(".jsonl.gz") && instantIn(name) !== "")
    .toSorted((one, other) => instantIn(one) < instantIn(other) ? -1 : 1).at(-1)
  const backup = newest === undefined ? "<backup>" : paths.join(backups, newest)
  return new StoreDamaged({ folder, findings, fix: `glider db restore ${backup}` })
})
