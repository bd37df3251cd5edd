import type { Effect } from "effect"
import type { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"

/** A step of the schema. Committed with its number in one transaction, so it runs once or not at all. */
export interface Migration {
  /** Ascending from 1, never reused. */
  readonly number: number
  readonly name: string
  /** Definitions of tables, fields and indexes; each says IF NOT EXISTS where SurrealQL has it. */
  readonly statements: ReadonlyArray<string>
  /**
   * What goes before the statements and is too much for one transaction. It runs again when the process ends before the
   * step is committed, so whatever it writes may be there already.
   */
  readonly before?: (surreal: Surreal["Service"]) => Effect.Effect<void, SurrealError>
}
