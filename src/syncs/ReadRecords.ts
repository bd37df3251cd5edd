import { Result, Schema } from "effect"

/** A record that was read, beside the provider's object it was read from. */
export interface ReadRecord<A> {
  readonly record: A
  readonly raw: object
}

/** An object that could not be read, and why. */
export interface UnreadableRecord {
  readonly raw: unknown
  readonly problem: string
}

/** The store refuses values nested as deep as 500; no provider's record comes near this. */
const deepest = 100

/** Reads records one by one, so that a bad one does not take the rest with it. */
export const readRecords = <A>(
  schema: Schema.ConstraintDecoder<A>,
  items: ReadonlyArray<unknown>
): { readonly records: ReadonlyArray<ReadRecord<A>>; readonly unreadable: ReadonlyArray<UnreadableRecord> } => {
  const decode = Schema.decodeUnknownResult(schema)
  const records: Array<ReadRecord<A>> = []
  const unreadable: Array<UnreadableRecord> = []
  for (const raw of items) {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
      unreadable.push({ raw, problem: "expected an object" })
    } else if (!isShallow(raw, deepest)) {
      unreadable.push({ raw, problem: `nested deeper than ${deepest}` })
    } else {
      Result.match(decode(raw), {
        onFailure: ({ message }) => unreadable.push({ raw, problem: message }),
        onSuccess: (record) => records.push({ record, raw })
      })
    }
  }
  return { records, unreadable }
}

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== "object" || value === null ||
  (levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)))

const Identified = Schema.Struct({ id: Schema.NonEmptyString })

/** The id of an object that could not be read otherwise: what is listed is not gone. */
export const idOf = (raw: unknown): ReadonlyArray<string> =>
  Result.match(Schema.decodeUnknownResult(Identified)(raw), { onFailure: () => [], onSuccess: ({ id }) => [id] })
