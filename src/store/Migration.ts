/** A step of the schema. Committed with its number in one transaction, so it runs once or not at all. */
export interface Migration {
  /** Ascending from 1, never reused. */
  readonly number: number
  readonly name: string
  /** Definitions of tables, fields and indexes; each says IF NOT EXISTS where SurrealQL has it. */
  readonly statements: ReadonlyArray<string>
}
