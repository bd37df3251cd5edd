/** What goes in and out of the HTTP API and is not already a thing of the domain. */
import { Effect, Schema } from "effect"
import { Connection, ConnectionName, ConnectionState } from "../domain/Connection.ts"
import { ApiScope, IssuedToken } from "../domain/IssuedToken.ts"
import { LocalPath } from "../domain/LocalPath.ts"
import { Progress } from "../domain/Progress.ts"
import { Provider } from "../domain/Provider.ts"
import { RecordKind } from "../domain/RecordKind.ts"
import { Run } from "../domain/Run.ts"
import { OuraDataType, TaskName } from "../domain/Task.ts"

const Days = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 36_525 }))

/** How a run by hand differs from the scheduled one; each option belongs to one sync. */
export class SyncOptions extends Schema.Class<SyncOptions>("glider/api/SyncOptions")({
  /** google_calendar */
  calendarIds: Schema.optionalKey(Schema.Array(Schema.NonEmptyString).check(Schema.isMinLength(1))),
  daysBack: Schema.optionalKey(Days),
  ignoreSyncToken: Schema.optionalKey(Schema.Boolean),
  /** oura */
  mode: Schema.optionalKey(Schema.Literals(["heartrate", "full"])),
  lookbackDays: Schema.optionalKey(Days),
  dataTypes: Schema.optionalKey(Schema.Array(OuraDataType).check(Schema.isMinLength(1))),
  forceLookback: Schema.optionalKey(Schema.Boolean)
}) {}

/** What a run by hand tells while it goes on, a line each. The last one is `Finished` or `Skipped`. */
export const RunEvent = Schema.TaggedUnion({
  /** Nothing new; says that the run is alive. */
  Waiting: {},
  Progress: { progress: Progress },
  Finished: { run: Run },
  /** The same task is running already. */
  Skipped: { task: TaskName, runningId: Schema.String }
})
export type RunEvent = typeof RunEvent.Type

/** How a sign-in is to end. */
export class BeginSignIn extends Schema.Class<BeginSignIn>("glider/api/BeginSignIn")({
  /** Whether the server is to wait for the browser itself, and to complete the sign-in when it comes. */
  callback: Schema.optionalKey(Schema.Boolean),
  /** Where the browser is led then; `/` without it. */
  return_to: Schema.optionalKey(LocalPath),
  /** What a further account of the provider is to be called. */
  connection: Schema.optionalKey(ConnectionName)
}) {}

/** A sign-in that has begun: where to send the person, where the provider sends them back to, and what names it. */
export class SignIn extends Schema.Class<SignIn>("glider/api/SignIn")({
  authorizeUrl: Schema.String,
  redirectUri: Schema.String,
  state: Schema.RedactedFromValue(Schema.NonEmptyString, { label: "state" }),
  /** Where that was asked for: whether the server waits for the browser. Else the person pastes where it ended. */
  callback: Schema.optionalKey(Schema.Boolean),
  /** Why it does not. */
  reason: Schema.optionalKey(Schema.String)
}) {}

/** What came back from a sign-in: the address the browser was sent to, or only the code in it. Never logged. */
export class SignInAnswer extends Schema.Class<SignInAnswer>("glider/api/SignInAnswer")({
  state: Schema.RedactedFromValue(Schema.NonEmptyString, { label: "state" }),
  answer: Schema.RedactedFromValue(Schema.NonEmptyString, { label: "answer" })
}) {}

/** How a provider's account stands. */
export class Account extends Schema.Class<Account>("glider/api/Account")({
  provider: Provider,
  /** What it is called; none for the first account of its provider. */
  name: Schema.OptionFromNullOr(ConnectionName).pipe(Schema.withConstructorDefault(Effect.succeedNone)),
  /** None when never connected; the last one when revoked. */
  connection: Schema.OptionFromNullOr(Connection),
  /** When the sign-in itself ends, where that is known. */
  signInEndsAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** Permissions that a sync would use and that were not granted. */
  missingScopes: Schema.Array(Schema.String),
  /** The command that mends it, when something is to be mended. */
  fix: Schema.OptionFromNullOr(Schema.String)
}) {}

/** A disconnection, and whether the provider has forgotten it too. */
export class Revoked extends Schema.Class<Revoked>("glider/api/Revoked")({
  connection: Connection,
  atProvider: Schema.Boolean
}) {}

const TokenName = Schema.String.check(
  Schema.isPattern(/^[^\p{Cc}]{1,100}$/u, { expected: "1 to 100 characters, none of them a control character" })
)

/** A token that is to be. */
export class NewToken extends Schema.Class<NewToken>("glider/api/NewToken")({
  /** For the person who will read the list. */
  name: TokenName,
  scopes: Schema.Array(ApiScope).check(Schema.isMinLength(1)),
  /** When it ends; never without it. */
  expiresAt: Schema.optionalKey(Schema.DateTimeUtcFromString)
}) {}

/** A new token. Its secret is in this one answer and nowhere else. */
export class CreatedToken extends Schema.Class<CreatedToken>("glider/api/CreatedToken")({
  token: IssuedToken,
  secret: Schema.RedactedFromValue(Schema.NonEmptyString, { label: "api token" })
}) {}

/** Where a task stands. */
export class TaskState extends Schema.Class<TaskState>("glider/api/TaskState")({
  task: TaskName,
  provider: Provider,
  enabled: Schema.Boolean,
  /** None of a task that runs by a cron expression. */
  intervalSeconds: Schema.OptionFromNullOr(Schema.Finite),
  cron: Schema.OptionFromNullOr(Schema.String),
  /** What it brings, as `GET /api/v0/data/recorded` names it. */
  kinds: Schema.Array(RecordKind),
  /** None without a signed-in account. */
  connection: Schema.OptionFromNullOr(ConnectionState),
  lastRun: Schema.OptionFromNullOr(Run),
  /** None when it is not scheduled, or runs right now. */
  nextStart: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** The provider asked for no call before this instant. */
  shutUntil: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** The provider has failed so often that it is asked for nothing before this instant; none while its circuit breaker is closed. */
  brokenUntil: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString).pipe(
    Schema.withConstructorDefault(Effect.succeedNone)
  )
}) {}

/** What ran last and what runs next. */
export class Status extends Schema.Class<Status>("glider/api/Status")({
  version: Schema.String,
  /** Whether a `glider run` is at work. */
  running: Schema.Boolean,
  config: Schema.String,
  tasks: Schema.Array(TaskState),
  /** The newest backup in the folder of this machine; each was read back when it was made. */
  lastBackup: Schema.OptionFromNullOr(
    Schema.Struct({ path: Schema.String, at: Schema.DateTimeUtcFromString, bytes: Schema.Natural })
  ).pipe(Schema.withConstructorDefault(Effect.succeedNone)),
  /** What is wrong with the store's files, of which only a copy is read then, and the commands that mend it. */
  damaged: Schema.OptionFromNullOr(
    Schema.Struct({ message: Schema.String, commands: Schema.Array(Schema.String) })
  ).pipe(Schema.withConstructorDefault(Effect.succeedNone))
}) {}

/** One thing that doctor looked at. */
export class Check extends Schema.Class<Check>("glider/api/Check")({
  name: Schema.String,
  state: Schema.Literals(["ok", "warning", "problem"]),
  message: Schema.String,
  /** The command, or what else is to be done. */
  fix: Schema.OptionFromNullOr(Schema.String)
}) {}

/** What a reload of the config changed, by the ids of schedules. */
export class Reloaded extends Schema.Class<Reloaded>("glider/api/Reloaded")({
  started: Schema.Array(Schema.String),
  stopped: Schema.Array(Schema.String),
  changed: Schema.Array(Schema.String),
  /** Those whose overrides ended. */
  reverted: Schema.Array(Schema.String)
}) {}

/** The state of the schema. */
export class Migrated extends Schema.Class<Migrated>("glider/api/Migrated")({
  version: Schema.Int,
  /** The steps that the opening of the store has just run. */
  applied: Schema.Array(Schema.Struct({ number: Schema.Int, name: Schema.String }))
}) {}

/** The parts of the process. */
export class Health extends Schema.Class<Health>("glider/api/Health")({
  ok: Schema.Boolean,
  version: Schema.String,
  parts: Schema.Record(Schema.String, Schema.Struct({ ok: Schema.Boolean, message: Schema.String }))
}) {}
