import { Fiber, Option } from "effect"
import type { WorkflowEngine } from "effect/workflow"
import type { Place } from "../workflow/Determinism.ts"
import type { Execution } from "./Execution.ts"

/** Where a step stands that is taken within an activity: on replay, the result of the whole stands for it. */
const within: Place = { ordinal: 0, sequential: false }

/**
 * Judges a step that the run takes now, on the current fiber, against those it took before, and says where it stands among
 * them. None when they disagree: the run is then to be parked.
 */
export const stepOf = (
  execution: Execution,
  instance: WorkflowEngine.WorkflowInstance["Service"],
  key: string
): Option.Option<Place> => {
  const { check } = execution
  if (check === undefined) return Option.none()
  if (execution.nested.has(instance)) return Option.some(within)
  const error = check.request(key, Fiber.getCurrent() === execution.body ? "body" : "branch")
  // several branches may wait for one child
  if (Option.isNone(error) || (error.value.kind === "duplicate" && execution.children.has(key))) {
    return check.placeOf(key)
  }
  execution.parked ??= error.value
  return Option.none()
}
