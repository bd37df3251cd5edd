/** Why a backup cannot be made, read or restored. Each says what to do. */
import { Schema } from "effect"

/** The file or its folder cannot be read or written. */
export class BackupUnreachable extends Schema.TaggedError<BackupUnreachable>()("BackupUnreachable", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** Something else than a backup of Glider. */
export class NotABackup extends Schema.TaggedError<NotABackup>()("NotABackup", { path: Schema.String }) {
  override get message(): string {
    return `${this.path} is not a backup of Glider`
  }
  readonly fix = "name a file that glider db backup has made"
}

/** A form, or a schema, that this version does not know. */
export class MadeByNewer extends Schema.TaggedError<MadeByNewer>()("MadeByNewer", {
  path: Schema.String,
  /** The version that made it. */
  glider: Schema.String,
  what: Schema.String
}) {
  override get message(): string {
    return `${this.path} was made by a newer Glider (${this.glider}): ${this.what}`
  }
  get fix(): string {
    return "install that version or a later one, and restore it with that"
  }
}

/** The end is missing: a copy that was not finished, or a disk that was full. */
export class BackupCutOff extends Schema.TaggedError<BackupCutOff>()("BackupCutOff", { path: Schema.String }) {
  override get message(): string {
    return `${this.path} is cut off: its end is missing`
  }
  readonly fix = "copy it again from where it came, or take another: older ones are beside it"
}

/** It is not as it was written. */
export class BackupDamaged extends Schema.TaggedError<BackupDamaged>()("BackupDamaged", {
  path: Schema.String,
  why: Schema.String
}) {
  override get message(): string {
    return `${this.path} is damaged: ${this.why}`
  }
  readonly fix = "copy it again from where it came, or take another: older ones are beside it"
}

/** What was written to a store does not read back as the backup has it. */
export class RestoreDiffers extends Schema.TaggedError<RestoreDiffers>()("RestoreDiffers", { message: Schema.String }) {
  readonly fix = "nothing was replaced; report this, and keep the backup"
}

/** There is something that a restore would replace, or that stands in its way. */
export class RestoreRefused extends Schema.TaggedError<RestoreRefused>()("RestoreRefused", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** What reading a backup fails with. */
export type ReadError = BackupUnreachable | NotABackup | MadeByNewer | BackupCutOff | BackupDamaged
