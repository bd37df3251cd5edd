import type { Scope } from "effect"
import type { WorkflowEngine } from "effect/workflow"
import type { Clocks } from "./Clocks.ts"
import type { GroupCommit } from "./GroupCommit.ts"
import type { Passes } from "./Passes.ts"
import type { Registered } from "./Registry.ts"
import type { Residents } from "./Residents.ts"

/** What one engine is made of. */
export interface Parts {
  readonly committer: GroupCommit
  readonly residents: Residents
  readonly passes: Passes
  readonly clocks: Clocks
  readonly deferreds: WorkflowEngine.DeferredState
  readonly registry: ReadonlyMap<string, Registered>
  /** What the engine does on its own account, outside of any run. */
  readonly scope: Scope.Scope
  /** No run begins another activity: the process is about to end. */
  readonly isDraining: (registered: Registered) => boolean
}
