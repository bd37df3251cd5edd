import { Effect, Schema } from "effect"
import { Segment, segmentText } from "../domain/RunEntry.ts"
import type { Statement } from "../services/Surreal.ts"
import { AlreadyExists, SurrealError } from "../services/SurrealError.ts"
import { isOver, type RunRow } from "../store/RunColumns.ts"
import type { TickWrite } from "../store/TickRows.ts"
import type { Change, DeadLetterRow, Journal } from "./Journal.ts"

const decode = Schema.decodeEffect(Segment)

/** A journal for tests, with what it holds in sight. */
export interface MemoryJournal extends Journal {
  readonly runs: ReadonlyMap<string, RunRow>
  readonly deadLetters: ReadonlyMap<string, DeadLetterRow>
  /** The writes of transactional activities, in the order of their commits. */
  readonly written: ReadonlyArray<Statement>
  /** The ticks that have started runs. */
  readonly settled: ReadonlyArray<TickWrite>
  /** How often something was committed. */
  readonly commits: () => number
}

/**
 * Keeps journals in memory: as atomic as the store, and as strict, for everything passes through JSON. Two engines over
 * one journal, one after the other, are a process that ended and its successor.
 */
export const make = (): MemoryJournal => {
  const runs = new Map<string, RunRow>()
  const segments = new Map<string, Map<number, string>>()
  const deadLetters = new Map<string, DeadLetterRow>()
  const written: Array<Statement> = []
  const settled: Array<TickWrite> = []
  let commits = 0

  const apply = ({ create, deadLetter, patch, run, segment, tick, wakes, writes }: Change) => {
    const row = create ?? runs.get(run)
    if (row !== undefined) runs.set(run, { ...row, ...patch })
    if (segment !== undefined) {
      const own = segments.get(run) ?? new Map<number, string>()
      own.set(segment.number, segmentText(segment.entries))
      segments.set(run, own)
    }
    for (const wake of wakes) {
      const woken = runs.get(wake.run)
      if (woken !== undefined && !isOver(woken) && woken.state !== "parked") {
        runs.set(wake.run, { ...woken, ...wake.patch })
      }
    }
    if (deadLetter !== undefined) deadLetters.set(run, deadLetter)
    written.push(...writes)
    if (tick !== undefined) settled.push(tick)
  }

  const isThere = ({ run, segment }: Change): boolean =>
    segment === undefined || segments.get(run)?.get(segment.number) === segmentText(segment.entries)

  return {
    runs,
    deadLetters,
    written,
    settled,
    commits: () => commits,
    commit: (changes) =>
      Effect.suspend(() => {
        const taken = changes.find(({ create, run, segment }) =>
          (create !== undefined && runs.has(run)) ||
          (segment !== undefined && segments.get(run)?.has(segment.number) === true)
        )
        if (taken !== undefined) {
          // the answer to their commit was lost, and they come a second time
          if (changes.every(isThere)) return Effect.void
          const reason = new AlreadyExists({ message: `run ${taken.run} is there already` })
          return Effect.fail(new SurrealError({ operation: "commit", reason }))
        }
        commits++
        for (const change of changes) apply(change)
        return Effect.void
      }),
    rows: (ids) => Effect.sync(() => ids.flatMap((id) => runs.get(id) ?? [])),
    load: (id) =>
      Effect.gen(function*() {
        const row = runs.get(id)
        if (row === undefined) return undefined
        const own = [...(segments.get(id) ?? new Map<number, string>())].toSorted(([one], [other]) => one - other)
        const entries = yield* Effect.orDie(Effect.forEach(own, ([, text]) => decode(text)))
        return { row, entries: entries.flat(), segment: (own.at(-1)?.[0] ?? -1) + 1 }
      }),
    unfinished: (workflow) =>
      Effect.sync(() =>
        [...runs.values()].filter((row) => row.workflow === workflow && !isOver(row)).map((
          { due, error, id, state }
        ) => ({ id, state, due, errorTag: error?.tag }))
      )
  }
}
