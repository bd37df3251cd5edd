import type { DateTime, Effect, Stream } from "effect"
import type { EvidenceKind } from "../domain/Evidence.ts"
import type { Statement } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"

/** Some evidence, of which each piece comes on one page alone. */
export interface EvidencePage {
  /** Rows that were looked at. */
  readonly scanned: number
  /** The subjects of those that are old enough. */
  readonly expired: ReadonlyArray<string>
  /** Of these, those that something else still asks for. */
  readonly inUse: ReadonlyArray<string>
  /** The statements that remove some of them. */
  readonly removal: (subjects: ReadonlyArray<string>) => ReadonlyArray<Statement>
}

/** One kind of evidence in the store. */
export interface Evidence {
  readonly kind: EvidenceKind
  /**
   * All that is older, page by page. A page is asked for after the place where the one before has ended, so what stays of one
   * does not keep the others from being reached.
   */
  readonly pages: (before: DateTime.Utc) => Stream.Stream<EvidencePage, SurrealError>
  /** Those of the subjects that are there. */
  readonly present: (subjects: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<string>, SurrealError>
}
