/** Journals that are broken on purpose: the checks of the crash tests must find each of them. */
import { Effect } from "effect"
import type { Change, Journal } from "../../src/engine/Journal.ts"
import type { RunPatch } from "../../src/store/RunColumns.ts"
import type { Defect } from "./WorkflowVictimLines.ts"

/** The time between what should be one instant. */
const disk = "60 millis"

const isOf = (change: Change, name: string): boolean =>
  change.segment?.entries.some(({ entry }) => entry._tag === "Activity" && entry.name === name) === true

/** A change without the part of its patch that says that a run is to go on. */
const unwoken = (patch: RunPatch | undefined): RunPatch | undefined => {
  if (patch?.state !== "running") return patch
  const { state: _, ...rest } = patch
  return Object.keys(rest).length === 0 ? undefined : rest
}

const forgetful = (change: Change): Change => ({
  ...change,
  create: change.create === undefined ? undefined : { ...change.create, due: undefined },
  patch: change.patch === undefined ? undefined : { ...change.patch, due: undefined }
})

/** The journal, which does not do what it should. */
export const breaking = (defect: Defect, journal: Journal): Journal => ({
  ...journal,
  commit: Effect.fnUntraced(function*(changes: ReadonlyArray<Change>) {
    switch (defect) {
      case "no-recovery":
        return yield* journal.commit(changes)
      case "entries-dropped":
        return yield* journal.commit(
          changes.map((change) => isOf(change, "charge") ? { ...change, segment: undefined } : change)
        )
      case "answered-early":
        yield* Effect.forkDetach(Effect.andThen(Effect.sleep(disk), Effect.ignore(journal.commit(changes))))
        return
      case "wakes-lost":
        return yield* journal.commit(changes.map((change) => ({ ...change, wakes: [], patch: unwoken(change.patch) })))
      case "timers-forgotten":
        return yield* journal.commit(changes.map(forgetful))
      case "writes-apart": {
        const writes = changes.filter((change) => change.writes.length > 0)
        if (writes.length === 0) return yield* journal.commit(changes)
        yield* journal.commit(
          writes.map((change) => ({ ...change, segment: undefined, patch: undefined, create: undefined }))
        )
        yield* Effect.sleep(disk)
        return yield* journal.commit(changes.map((change) => ({ ...change, writes: [] })))
      }
    }
  })
})
