/** What a durable run leaves behind: its projection (one row), its journal (segments of entries), and how both are kept. */
import type { Effect } from "effect"
import type { RunError, RunState } from "../domain/Run.ts"
import type { Entry, Noted } from "../domain/RunEntry.ts"
import type { Statement } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Attributes, RunPatch, RunRow } from "../store/RunColumns.ts"
import type { TickWrite } from "../store/TickRows.ts"

/** A run that failed for good and waits for a person. */
export interface DeadLetterRow {
  readonly run: string
  readonly workflow: string
  readonly recency: number
  readonly at: number
  readonly attempts: number
  readonly error: typeof RunError.Encoded
  /** Messages from the outermost cause inwards. */
  readonly chain: ReadonlyArray<string>
}

/** What one run adds to its journal, with everything that must become true at the same instant. */
export interface Change {
  readonly run: string
  readonly create: RunRow | undefined
  readonly patch: RunPatch | undefined
  readonly segment: { readonly number: number; readonly entries: ReadonlyArray<Noted> } | undefined
  /** A change of search attributes, for their index. */
  readonly attributes:
    | { readonly before: Attributes; readonly after: Attributes; readonly recency: number }
    | undefined
  /** Other runs that it wakes. */
  readonly wakes: ReadonlyArray<{ readonly run: string; readonly patch: RunPatch }>
  /** Records and cursor of a transactional activity. */
  readonly writes: ReadonlyArray<Statement>
  readonly deadLetter: DeadLetterRow | undefined
  /** The tick that starts the run. */
  readonly tick?: TickWrite | undefined
}

/** A stored run, whole. */
export interface Loaded {
  readonly row: RunRow
  readonly entries: ReadonlyArray<Entry>
  /** The number of the next segment. */
  readonly segment: number
}

/** A run that is not over, as recovery finds it. */
export interface Unfinished {
  readonly id: string
  readonly state: RunState
  readonly due: number | undefined
  readonly errorTag: string | undefined
}

/** Where journals are kept. Everything the engine asks of a store. */
export interface Journal {
  /**
   * Makes all the changes true, or none: what has returned survives the end of the process. The same changes may come again,
   * when the answer was lost.
   */
  readonly commit: (changes: ReadonlyArray<Change>) => Effect.Effect<void, SurrealError>
  /** The projections of those runs that exist. */
  readonly rows: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<RunRow>, SurrealError>
  readonly load: (id: string) => Effect.Effect<Loaded | undefined, SurrealError>
  /** The runs of a workflow that are not over. */
  readonly unfinished: (workflow: string) => Effect.Effect<ReadonlyArray<Unfinished>, SurrealError>
}
