import type { DateTime, Effect } from "effect"
import type { AlertRule, Cause } from "../domain/Alert.ts"
import type { SurrealError } from "../services/SurrealError.ts"

/** What a rule may go by. */
export interface Seen {
  readonly now: DateTime.Utc
  /** Whether there is an alert of that key: what hides the beginning of a cause does not end one. */
  readonly isOpen: (key: string) => boolean
}

/** Says what is the case of one rule. */
export interface Rule {
  readonly rule: AlertRule
  readonly causes: (seen: Seen) => Effect.Effect<ReadonlyArray<Cause>, SurrealError>
}
