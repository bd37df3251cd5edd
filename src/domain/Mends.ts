/**
 * What to do about each failure that a person can meet, by its name. A failure that knows better says so itself (`fix`); what is
 * here is said where it does not, and `docs/reference/errors.md` is made of it.
 */
import { Option } from "effect"
import { ofImports } from "./ImportMends.ts"
import type { Mend } from "./Mend.ts"
import { ofSignIns } from "./SignInMends.ts"

/** A provider could not be read, or not be written to. */
export const ofProviders = {
  RateLimited: { what: "the provider asked for patience (429)", fix: "nothing: the next run waits for it" },
  NeedsAuth: { what: "the sign-in is no longer good, or was never made", fix: "glider auth <provider>", told: true },
  Unauthorized: { what: "the provider refuses a token that it gave a moment ago", fix: "glider auth <provider>" },
  Forbidden: {
    what: "the provider does not let this account or app do that",
    fix: "look at docs/providers, then sign in again: glider auth <provider>"
  },
  NotFound: {
    what: "the provider has no such thing",
    fix: "check the ids in config.toml, then: glider config check"
  },
  CursorExpired: { what: "the provider no longer goes on from where the sync stood", fix: "nothing: it reads anew" },
  BadRequest: {
    what: "the provider refuses the request itself",
    fix: "check what the config asks for; if that is right, report it with: glider runs show <run>"
  },
  Unavailable: { what: "the provider has an outage, or cannot be reached", fix: "nothing: the next run tries again" },
  TimedOut: { what: "the provider did not answer in time", fix: "nothing: the next run tries again" },
  CircuitOpen: {
    what: "calls have failed five times in a row, so none is made for a while",
    fix: "nothing: it tries again by itself; sooner with: glider breakers reset <provider>"
  },
  Malformed: {
    what: "the answer is not what was asked for: a captive portal, a cut stream, a changed provider",
    fix: "nothing: the next run tries again; if it lasts, report it with: glider runs show <run>"
  }
} as const satisfies { readonly [name: string]: Mend }

/** The store. */
export const ofTheStore = {
  StoreUnavailable: {
    what: "the store cannot be opened, or does not answer",
    fix: "look at the disk and at the permissions of the data folder; of a remote store, at its address"
  },
  StoreHeld: {
    what: "another process holds the store",
    fix: "stop it first, or take another folder with --data-dir",
    told: true
  },
  StoreDamaged: {
    what: "the files of the store are not as Glider left them, so it is not opened",
    fix: "glider db accept, which tells what differs; or glider db restore <backup> --yes"
  },
  QueryFailed: {
    what: "a statement failed; nothing of its transaction was written",
    fix: "look whether the disk is full; else report it"
  },
  AlreadyExists: { what: "a row of that id is there already", fix: "nothing: what was asked for is done" },
  Conflict: { what: "others changed the same rows first, again and again", fix: "nothing: it is tried again" },
  UnexpectedRow: {
    what: "a row does not have the form that this version gives it",
    fix: "use the version that wrote it, or a newer one: docs/upgrade.md"
  }
} as const satisfies { readonly [name: string]: Mend }

/** A backup cannot be made, read or restored; each says itself what to do. */
export const ofBackups = {
  BackupUnreachable: {
    what: "the file or its folder cannot be read or written",
    fix: "look at the folder, its owner and the disk",
    told: true
  },
  NotABackup: {
    what: "the file is something else than a backup of Glider",
    fix: "name a file that `glider db backup` has made",
    told: true
  },
  MadeByNewer: {
    what: "a newer Glider has made it",
    fix: "install that version or a later one, and restore it with that",
    told: true
  },
  BackupCutOff: {
    what: "its end is missing: a copy that did not end, a full disk",
    fix: "copy it again, or take an older one",
    told: true
  },
  BackupDamaged: { what: "it is not as it was written", fix: "copy it again, or take an older one", told: true },
  RestoreDiffers: {
    what: "what was written does not read back as the backup has it",
    fix: "nothing was replaced; report it, and keep the backup",
    told: true
  },
  RestoreRefused: {
    what: "something stands in the way of a restore, or would be replaced",
    fix: "as it says: mostly `glider db restore <backup> --yes`",
    told: true
  },
  MigrationHeld: {
    what: "the backup before a step of the schema failed, so the store is as it was",
    fix: "make room, or set `[backup] before_migration = false`",
    told: true
  }
} as const satisfies { readonly [name: string]: Mend }

/** A command ends before it has done anything. */
export const ofCommands = {
  EarlierUnreadable: {
    what: "what is to be imported cannot be read, or is no store of the earlier Glider",
    fix: "docs/from-temporal.md#data",
    told: true
  },
  OwnerUnknown: {
    what: "whose the records to be imported are is not known",
    fix: "sign in first, or name the account",
    told: true
  },
  CliError: { what: "a command, flag or argument is unknown or missing", fix: "glider <command> --help", told: true },
  ConfigFileError: {
    what: "the config or the environment has mistakes, each with its place",
    fix: "glider config check",
    told: true
  },
  DataFolderError: {
    what: "there is no data folder, or others may read it",
    fix: "chmod 700 <the folder>, or --data-dir",
    told: true
  },
  ServerError: {
    what: "the server cannot listen, or must not without a token",
    fix: "another [server] port, or glider token create",
    told: true
  },
  HttpClientError: {
    what: "the running Glider is of another version, or not to be reached",
    fix: "stop it and start it again",
    told: true
  },
  WebhookSecretError: {
    what: "a secret by which webhooks are signed is missing, or is none",
    fix: "set its variable: docs/webhooks.md#secrets",
    told: true
  },
  CommandFailed: { what: "the command could not do what it was asked to", fix: "as it says", told: true },
  QuerySyntaxError: {
    what: "the text of --query cannot be read; where is said",
    fix: "docs/workflows.md#commands",
    told: true
  },
  CronMistake: {
    what: "a cron expression has no ticks, or cannot be read",
    fix: "docs/schedules.md#when-it-runs",
    told: true
  }
} as const satisfies { readonly [name: string]: Mend }

/** A run of a workflow failed. */
export const ofRuns = {
  RunTimedOut: {
    what: "the run took longer than its task allows",
    fix: "raise sync.<task>.timeout_seconds, or connection.<name>.timeout_seconds",
    told: true
  },
  Interrupted: { what: "it was stopped before its end", fix: "nothing: the next run goes on from there" },
  Cancelled: { what: "somebody asked for its end", fix: "glider runs retry <run>" },
  Defect: { what: "a bug", fix: "report it with: glider runs show <run>" },
  ActivityTimedOut: { what: "a step took too long, or gave no sign of life", fix: "glider runs retry <run>" },
  EntryTooLarge: {
    what: "what a step gave is too large for the journal",
    fix: "store it, and hand on its id: docs/workflows.md#limits",
    told: true
  },
  InputMisfit: {
    what: "the workflow no longer takes the input of this run",
    fix: "let it take that again, or: glider runs cancel <run>",
    told: true
  },
  NonDeterminismError: {
    what: "the code of the workflow and the history of the run disagree: it is parked",
    fix: "mend the code (docs/workflows.md#replay-rules) and start glider run again",
    told: true
  },
  UnknownVersion: {
    what: "the run began with a version of its workflow that is gone: it is parked",
    fix: "docs/workflows.md#versions-and-rollout",
    told: true
  },
  DiagnosticsFailed: { what: "the workflow diagnostics was asked to fail", fix: "nothing: it was asked to" }
} as const satisfies { readonly [name: string]: Mend }

/** A song did not get into a playlist. */
export const ofSongs = {
  NoMatch: {
    what: "nothing that was found is the track",
    fix: "ask again with another spelling, or a lower confidence_threshold"
  },
  NotApproved: { what: "a person said no, or nobody looked in time", fix: "glider runs retry <run>" },
  PlaylistNotFound: { what: "there is no such playlist", fix: "take the 22 letters and digits out of the link to it" },
  InsufficientScope: {
    what: "the sign-in does not allow it, or the playlist is somebody else's",
    fix: "glider auth spotify"
  },
  SpotifyBusy: { what: "Spotify asked for patience", fix: "nothing: it waits as long as it was asked to" },
  BatchFailed: { what: "a song of a batch that is all or nothing has failed", fix: "glider dlq list" },
  TrackFileError: {
    what: "the file of songs cannot be used as a whole",
    fix: "docs/music.md#a-list-that-is-followed",
    told: true
  },
  AgentError: {
    what: "an agent came to no end within its bounds, or the model could not be asked",
    fix: "glider doctor; then glider runs retry <run>"
  },
  McpServerError: {
    what: "a server of tools does not answer",
    fix: "look at its [mcp.server] table, and start it by hand"
  },
  McpToolError: {
    what: "a tool says that it could not do it",
    fix: "what its message says is of its own server",
    told: true
  },
  McpToolRefused: {
    what: "no tool that may be called bears that name",
    fix: "name it in the tools of its [mcp.server] table",
    told: true
  }
} as const satisfies { readonly [name: string]: Mend }

const all: { readonly [name: string]: Mend } = {
  ...ofProviders,
  ...ofSignIns,
  ...ofTheStore,
  ...ofBackups,
  ...ofImports,
  ...ofCommands,
  ...ofRuns,
  ...ofSongs
}

/** What to do about a failure of that name which does not say it itself. */
export const mendOf = (name: string): Option.Option<string> => {
  const mend = Object.hasOwn(all, name) ? all[name] : undefined
  return mend === undefined || mend.told === true ? Option.none() : Option.some(mend.fix)
}

/** The same, with the thing that it is about named. */
export const mendFor = (name: string, names: { readonly [part: string]: string }): Option.Option<string> =>
  Option.map(mendOf(name), (fix) => fix.replaceAll(/<(\w+)>/g, (part, word: string) => names[word] ?? part))
