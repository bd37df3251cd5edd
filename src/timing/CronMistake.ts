import { Schema } from "effect"

/** The fields of an expression, named as messages name them. */
export const CronField = Schema.Literals(["second", "minute", "hour", "day of month", "month", "day of week"])
export type CronField = typeof CronField.Type

/** A text that is no schedule, or a zone that is none; the message says what is wrong with it and what could stand there. */
export class CronMistake extends Schema.TaggedError<CronMistake>()("CronMistake", {
  message: Schema.String,
  /** The whole text, as given. */
  expression: Schema.String,
  /** Where the mistake stands, when it stands in one field. */
  field: Schema.optionalKey(CronField),
  /** The text that is wrong, when it is not the whole. */
  part: Schema.optionalKey(Schema.String),
  /** What that field takes, e.g. `0-59`. */
  range: Schema.optionalKey(Schema.String),
  /** Something that may stand in its place. */
  example: Schema.String
}) {}

/** A text in quotes, cut after 60 characters. */
export const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`
