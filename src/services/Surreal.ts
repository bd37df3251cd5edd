import { Context, type Effect, type Schema } from "effect"
import type { SurrealError } from "./SurrealError.ts"

/** SurrealQL with its variables; input never enters the text. */
export interface Statement {
  readonly sql: string
  readonly vars?: { readonly [name: string]: unknown } | undefined
}

/** The one door to the database. */
export class Surreal extends Context.Service<Surreal, {
  /** Runs one statement and decodes its result, e.g. `Schema.Array(Row)` for a SELECT. */
  readonly query: <S extends Schema.Top>(
    result: S,
    sql: string,
    vars?: Statement["vars"]
  ) => Effect.Effect<S["Type"], SurrealError, S["DecodingServices"]>
  /** Runs statements for their effect alone, each by itself. */
  readonly execute: (sql: string, vars?: Statement["vars"]) => Effect.Effect<void, SurrealError>
  /**
   * Commits all statements or none, uninterruptibly, and again when another transaction was faster. Each statement has
   * variables of its own. Gives each statement's result.
   */
  readonly transaction: (
    statements: ReadonlyArray<Statement>
  ) => Effect.Effect<ReadonlyArray<unknown>, SurrealError>
}>()("glider/services/Surreal") {}
