/** What goes in and out of the API about imports, and about streams that may be plays which are there already. */
import { Schema } from "effect"
import { ImportResult, ReviewState } from "../domain/ImportResult.ts"
import { RunError, RunStatus } from "../domain/Run.ts"

/** A file that was uploaded, and the run that reads it. */
export class ImportAccepted extends Schema.Class<ImportAccepted>("glider/api/ImportAccepted")({
  /** The import's, which is its run's, too. */
  id: Schema.String,
  file: Schema.String,
  bytes: Schema.Natural,
  /** Whose records they are to be. */
  connection: Schema.String,
  /** How many files of a history, or calendars, are in it. */
  files: Schema.Natural
}) {}

/** An address that was asked for its calendar. */
export class CalendarFetched extends Schema.Class<CalendarFetched>("glider/api/CalendarFetched")({
  /** What the calendar is called here, and the connection that its records belong to. */
  calendar: Schema.String,
  connection: Schema.String,
  /** The import's; none where nothing has changed since the address was read. */
  id: Schema.OptionFromNullOr(Schema.String),
  bytes: Schema.Natural
}) {}

/** How an import goes, or went. */
export class ImportInfo extends Schema.Class<ImportInfo>("glider/api/ImportInfo")({
  id: Schema.String,
  /** What Spotify has sent, or a calendar. */
  kind: Schema.Literals(["history", "calendar"]),
  status: RunStatus,
  started_at: Schema.DateTimeUtcFromString,
  finished_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** What the person called the file. */
  file: Schema.OptionFromNullOr(Schema.String),
  /** Whose records they are; none of an import of before this was noted. */
  connection: Schema.OptionFromNullOr(Schema.String),
  /** How far it is, for people. */
  progress: Schema.OptionFromNullOr(Schema.String),
  /** How much of the file is read, from 0 to 1; none while something else is done than reading. */
  fraction: Schema.OptionFromNullOr(Schema.Finite),
  error: Schema.OptionFromNullOr(RunError),
  /** What it has come to, once it is over. */
  result: Schema.OptionFromNullOr(ImportResult)
}) {}

const Side = {
  name: Schema.OptionFromNullOr(Schema.String),
  artist: Schema.OptionFromNullOr(Schema.String),
  album: Schema.OptionFromNullOr(Schema.String),
  uri: Schema.String,
  /** As it was sent. */
  raw: Schema.Unknown
}

/** A stream of an import and a play of the feed of which a person says whether they are the same listening. */
export class CandidateInfo extends Schema.Class<CandidateInfo>("glider/api/CandidateInfo")({
  id: Schema.String,
  state: ReviewState,
  connection: Schema.String,
  stream: Schema.Struct({
    ...Side,
    started_at: Schema.DateTimeUtcFromString,
    ended_at: Schema.DateTimeUtcFromString,
    ms_played: Schema.Finite
  }),
  play: Schema.Struct({
    ...Side,
    played_at: Schema.DateTimeUtcFromString,
    duration_ms: Schema.OptionFromNullOr(Schema.Finite)
  }),
  /** Of what was heard, from 0 to 1. */
  similarity: Schema.Finite,
  /** Of what was heard and when; from 0.9 on nobody is asked. */
  confidence: Schema.Finite,
  found_at: Schema.DateTimeUtcFromString
}) {}

/** What was said, and of which. */
export class CandidateAnswered extends Schema.Class<CandidateAnswered>("glider/api/CandidateAnswered")({
  id: Schema.String,
  verdict: Schema.Literals(["approved", "rejected"])
}) {}
