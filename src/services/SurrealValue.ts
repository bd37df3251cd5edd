import { DateTime, Schema, SchemaGetter } from "effect"
import { DateTime as SurrealDateTime, RecordId } from "surrealdb"

/** A record's id: the table and what makes it unique, in parts or one name. Sent as values, never as text. */
export const recordId = (table: string, key: ReadonlyArray<string | number> | string): RecordId =>
  new RecordId(table, typeof key === "string" ? key : [...key])

/** The parts of a record id, read back. */
export const Key = Schema.declare((value: unknown): value is RecordId => value instanceof RecordId).pipe(
  Schema.decodeTo(Schema.Array(Schema.Union([Schema.String, Schema.Finite])), {
    decode: SchemaGetter.transform((id: RecordId) => {
      const parts: unknown = id.id
      return Array.isArray(parts) ? parts.map((part) => typeof part === "bigint" ? Number(part) : part) : [parts]
    }),
    encode: SchemaGetter.forbidden(() => "a record id is made with recordId")
  })
)

/** A stored datetime as an instant. */
export const Instant = Schema.declare((value: unknown): value is SurrealDateTime => value instanceof SurrealDateTime)
  .pipe(
    Schema.decodeTo(Schema.DateTimeUtc, {
      decode: SchemaGetter.transform((stored: SurrealDateTime) => DateTime.fromDateUnsafe(stored.toDate())),
      encode: SchemaGetter.transform((instant: DateTime.Utc) => toStored(instant))
    })
  )

/** A datetime that may be NONE. */
export const OptionalInstant = Schema.OptionFromOptionalNullOr(Instant)

const toStored = (instant: DateTime.Utc): SurrealDateTime => new SurrealDateTime(DateTime.toDateUtc(instant))
