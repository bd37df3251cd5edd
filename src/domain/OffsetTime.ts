import { DateTime, Option, Schema, SchemaGetter } from "effect"

/** RFC 3339 with `Z` or an offset; the fraction may be missing. Without an offset a text names no instant. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/

const OffsetText = Schema.String.check(
  Schema.makeFilter((text) =>
    (rfc3339.test(text) && Option.isSome(DateTime.make(text))) || "expected a time such as 2026-10-14T04:00:00+03:00"
  )
)

/** A provider's time as an instant. */
export const InstantText = OffsetText.pipe(Schema.decodeTo(Schema.DateTimeUtcFromString))

/** A provider's time as an instant, and the text as sent, which also tells what the clocks showed there. */
export const OffsetTime = OffsetText.pipe(
  Schema.decodeTo(Schema.Struct({ instant: Schema.DateTimeUtc, local: Schema.String }), {
    decode: SchemaGetter.transform((local: string) => ({ instant: DateTime.toUtc(DateTime.makeUnsafe(local)), local })),
    encode: SchemaGetter.transform(({ local }) => local)
  })
)
export type OffsetTime = typeof OffsetTime.Type
