import { Option, type Schema } from "effect"
import type { WorkflowEngine } from "effect/workflow"

/** How many activities' details one engine keeps; the oldest go first. They are a help to the next attempt, no more. */
const mostActivities = 10_000

/** The details of heartbeats, from one attempt of an activity to the next. */
export class HeartbeatMemory {
  static readonly #memories = new WeakMap<WorkflowEngine.WorkflowEngine["Service"], HeartbeatMemory>()

  /** A run is gone from memory between two attempts that lie far apart; its engine is not. */
  static of(engine: WorkflowEngine.WorkflowEngine["Service"]): HeartbeatMemory {
    const known = HeartbeatMemory.#memories.get(engine)
    if (known !== undefined) return known
    const memory = new HeartbeatMemory()
    HeartbeatMemory.#memories.set(engine, memory)
    return memory
  }

  readonly #details = new Map<string, Schema.Json>()

  get(activity: string): Option.Option<Schema.Json> {
    return Option.fromUndefinedOr(this.#details.get(activity))
  }

  set(activity: string, details: Schema.Json): void {
    this.#details.delete(activity)
    this.#details.set(activity, details)
    if (this.#details.size <= mostActivities) return
    for (const oldest of this.#details.keys()) {
      this.#details.delete(oldest)
      break
    }
  }

  delete(activity: string): void {
    this.#details.delete(activity)
  }
}
