/** Files that were uploaded and belong to no run any more are removed while Glider runs. */
import { DateTime, Duration, Effect, FileSystem, Layer, Option, Schedule } from "effect"
import { Runs } from "../store/Runs.ts"
import { uploadFolder } from "./Import.ts"

const every = Schedule.spaced("1 hour").pipe(Schedule.jittered)

/** A file is there before its run is, and a run begins long before that. */
const leastAge = Duration.days(1)

/** As uploads are called, which their runs are called after; nothing else in the folder is touched. */
const ofUpload = /^import-[0-9a-f]{24}$/

/** Removes what belongs to no run; says how many files. What failed is kept for another try for as long as its run. */
export const sweep = Effect.fn("UploadSweep.sweep")(function*(dataFolder: string) {
  const fs = yield* FileSystem.FileSystem
  const runs = yield* Runs
  const folder = uploadFolder(dataFolder)
  if (!(yield* fs.exists(folder))) return 0
  const names = (yield* fs.readDirectory(folder)).filter((name) => ofUpload.test(name))
  const known = yield* runs.statuses(names)
  const before = DateTime.subtractDuration(yield* DateTime.now, leastAge).epochMilliseconds
  let removed = 0
  for (const name of names) {
    if (known.has(name)) continue
    const path = `${folder}/${name}`
    const { mtime } = yield* fs.stat(path)
    if (Option.exists(mtime, (at) => at.getTime() >= before)) continue
    yield* fs.remove(path, { force: true })
    removed++
  }
  return removed
})

export const layer = (dataFolder: string): Layer.Layer<never, never, FileSystem.FileSystem | Runs> =>
  Layer.effectDiscard(
    sweep(dataFolder).pipe(
      Effect.tap((removed) =>
        removed === 0 ? Effect.void : Effect.logInfo(`uploads of no run were removed: ${removed}`)
      ),
      Effect.catch(({ message }) => Effect.logWarning(`old uploads could not be removed: ${message}`)),
      Effect.repeat(every),
      Effect.delay("1 hour"),
      Effect.forkScoped
    )
  )
