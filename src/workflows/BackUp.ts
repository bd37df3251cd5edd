/** A backup as a run: one file more, and those go that are too many. */
import { Cause, DateTime, Effect, Exit, type FileSystem, Layer, Option, Path, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { backupFolder, removeOld } from "../backup/Backups.ts"
import { dump, MadeBy } from "../backup/Dump.ts"
import { stamp } from "../backup/StoreSwap.ts"
import { write } from "../backup/WriteBackup.ts"
import { CurrentConfig } from "../Config.ts"
import { OutcomeOf, plainOutcome } from "../engine/RunOptions.ts"
import { Surreal } from "../services/Surreal.ts"
import { body } from "../workflow/Body.ts"
import { runErrorOf, RunFailed, told } from "./RunResult.ts"

export const BackUp = Workflow.make("backup", {
  payload: {
    /** Requests with the same key are one run; a schedule has one for each tick, whatever the key. */
    key: Schema.NonEmptyString,
    /** Where the file is written; `backups` in the data folder without it. A relative one begins at the data folder. */
    folder: Schema.optionalKey(Schema.NonEmptyString),
    /** How many that were made so are kept. */
    keep: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 })))
  },
  success: Schema.Struct({
    path: Schema.String,
    rows: Schema.Natural,
    bytes: Schema.Natural,
    /** How many older ones were removed. */
    removed: Schema.Natural
  }),
  error: RunFailed,
  idempotencyKey: ({ key }) => key
}).annotate(OutcomeOf, (exit) => {
  const outcome = plainOutcome(exit)
  return outcome.status === "failed" && Exit.isFailure(exit)
    ? { ...outcome, error: Option.some(runErrorOf(Cause.squash(exit.cause))) }
    : outcome
})

const Written = Schema.Struct({ path: Schema.String, rows: Schema.Natural, bytes: Schema.Natural })

const world = Effect.context<CurrentConfig | FileSystem.FileSystem | Path.Path | Surreal>()

/** How many are kept when nobody says. */
const keptByDefault = 7

/** Registers it. */
export const layer = (dataFolder: string) =>
  Layer.unwrap(Effect.gen(function*() {
    const touched = yield* world
    const glider = yield* MadeBy

    const written = (to: string) =>
      Activity.make({
        name: "write",
        success: Written,
        error: RunFailed,
        execute: told(Effect.gen(function*() {
          const { project } = yield* CurrentConfig
          const name = `scheduled-${stamp(yield* DateTime.now)}.jsonl.gz`
          const text = dump(yield* Surreal, { glider, project: project.name })
          const { bytes, manifest, path } = yield* write(`${to}/${name}`, text)
          return { path, bytes, rows: manifest.rows }
        }))
      }).pipe(Effect.provideContext(touched))

    const removed = (to: string, keep: number) =>
      Activity.make({
        name: "remove old",
        success: Schema.Natural,
        error: RunFailed,
        execute: told(removeOld(to, keep))
      }).pipe(Effect.provideContext(touched))

    const paths = yield* Path.Path
    return BackUp.toLayer(body(Effect.fnUntraced(function*({ folder, keep }) {
      const to = backupFolder(
        dataFolder,
        Option.map(Option.fromUndefinedOr(folder), (named) => paths.resolve(dataFolder, named))
      )
      const made = yield* written(to)
      // only now: the newest has been read back
      return { ...made, removed: yield* removed(to, keep ?? keptByDefault) }
    })))
  }))
