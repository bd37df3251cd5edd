/** What goes in and out of the API about runs, workflows and dead letters. */
import { Schema } from "effect"
import { DeadLetter, DeadLetterKind } from "../domain/DeadLetter.ts"
import { Run } from "../domain/Run.ts"
import { HistoryEvent } from "../domain/RunHistory.ts"
import { RunId } from "../domain/RunId.ts"

/** Runs, newest first. */
export class RunPage extends Schema.Class<RunPage>("glider/api/RunPage")({
  runs: Schema.Array(Run),
  /** The `after` of the next page; none after the last. */
  next: Schema.OptionFromNullOr(Schema.Finite)
}) {}

/** A run with all that it did. */
export class RunHistory extends Schema.Class<RunHistory>("glider/api/RunHistory")({
  run: Run,
  events: Schema.Array(HistoryEvent)
}) {}

export class CancelOptions extends Schema.Class<CancelOptions>("glider/api/CancelOptions")({
  /** Interrupt the activity under way instead of waiting for its end. */
  now: Schema.optionalKey(Schema.Boolean)
}) {}

export class RetryOptions extends Schema.Class<RetryOptions>("glider/api/RetryOptions")({
  /** In place of the input of the run that is tried again. */
  input: Schema.optionalKey(Schema.Json)
}) {}

export class SignalValue extends Schema.Class<SignalValue>("glider/api/SignalValue")({
  value: Schema.optionalKey(Schema.Json)
}) {}

export class StartedRun extends Schema.Class<StartedRun>("glider/api/StartedRun")({ id: Schema.String }) {}

const AttributeValue = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])

export class StartOptions extends Schema.Class<StartOptions>("glider/api/StartOptions")({
  input: Schema.optionalKey(Schema.Json),
  /** The id of the run; that of the workflow's own idempotency key without it. One that is there already is joined. */
  id: Schema.optionalKey(RunId),
  attributes: Schema.optionalKey(Schema.Record(Schema.String, AttributeValue))
}) {}

/** A workflow that can be started. */
export class WorkflowInfo extends Schema.Class<WorkflowInfo>("glider/api/WorkflowInfo")({
  name: Schema.String,
  /** The JSON schema of its input. */
  input: Schema.Json
}) {}

/** Which dead letters are meant. */
export class LetterQuery extends Schema.Class<LetterQuery>("glider/api/LetterQuery")({
  kind: Schema.optionalKey(DeadLetterKind),
  /** The workflow of a run, the stream of a record, the webhook of a delivery, or the type of a job. */
  from: Schema.optionalKey(Schema.String),
  /** The tag of the error. */
  error: Schema.optionalKey(Schema.String),
  /** Words of the message. */
  text: Schema.optionalKey(Schema.String),
  olderThan: Schema.optionalKey(Schema.DateTimeUtcFromString),
  newerThan: Schema.optionalKey(Schema.DateTimeUtcFromString)
}) {}

/** Dead letters, newest first. */
export class LetterPage extends Schema.Class<LetterPage>("glider/api/LetterPage")({
  letters: Schema.Array(DeadLetter),
  next: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Some letters by their ids, or all that a query means. */
export class LetterChoice extends Schema.Class<LetterChoice>("glider/api/LetterChoice")({
  ids: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  all: Schema.optionalKey(LetterQuery),
  /** Only say which ones it would be. */
  preview: Schema.optionalKey(Schema.Boolean),
  /** For a retry of one letter: another input. */
  input: Schema.optionalKey(Schema.Json)
}) {}

/** What became of the letters that were meant. */
export class LettersDone extends Schema.Class<LettersDone>("glider/api/LettersDone")({
  /** How many were meant. */
  matched: Schema.Natural,
  preview: Schema.Boolean,
  done: Schema.Array(Schema.Struct({ id: Schema.String, run: Schema.OptionFromNullOr(Schema.String) })),
  failed: Schema.Array(Schema.Struct({ id: Schema.String, message: Schema.String }))
}) {}
