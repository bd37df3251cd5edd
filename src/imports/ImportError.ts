/** Why a file cannot be imported. Each says what to do. */
import { Schema } from "effect"

/** The file cannot be read, or not be kept. */
export class ImportUnreachable extends Schema.TaggedError<ImportUnreachable>()("ImportUnreachable", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** A file that is no export, or none that is known here. */
export class NotAnExport extends Schema.TaggedError<NotAnExport>()("NotAnExport", {
  file: Schema.String,
  why: Schema.String
}) {
  override get message(): string {
    return `${this.file} is no export that can be imported: ${this.why}`
  }
  readonly fix = "docs/imports.md tells which files there are, and how they are asked for"
}

/** An archive that no honest program makes: names that lead elsewhere, links, or far more in it than its size. */
export class UnsafeArchive extends Schema.TaggedError<UnsafeArchive>()("UnsafeArchive", {
  file: Schema.String,
  why: Schema.String
}) {
  override get message(): string {
    return `${this.file} is not read: ${this.why}`
  }
  readonly fix = "download it again from the provider; if it is that very file, report it"
}

/** An archive, or a file in it, that is not as it was written. */
export class ExportDamaged extends Schema.TaggedError<ExportDamaged>()("ExportDamaged", {
  file: Schema.String,
  why: Schema.String
}) {
  override get message(): string {
    return `${this.file} is damaged: ${this.why}`
  }
  readonly fix = "download it again and import that: what has been read already is not read twice"
}

/** What reading a file that is imported fails with. */
export type ImportError = ImportUnreachable | NotAnExport | UnsafeArchive | ExportDamaged
