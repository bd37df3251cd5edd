import { Option, Schema } from "effect"
import { TaskName } from "../domain/Task.ts"
import type { Entry } from "./Entry.ts"

/** What is to be known of a run. */
export interface RunAtWork {
  readonly id: string
  readonly workflow: string
  readonly schedule: string | undefined
}

const isTask = Schema.is(TaskName)

/** The runs that are not over, by the schedules that must not overlap with them: of a sync, those by hand too. */
export class RunsAtWork {
  readonly #groups = new Map<string, Set<string>>()
  readonly #known = new Map<string, RunAtWork>()

  begun(run: RunAtWork): void {
    const group = groupOf(run)
    if (group === undefined) return
    this.#known.set(run.id, run)
    const runs = this.#groups.get(group) ?? new Set<string>()
    runs.add(run.id)
    this.#groups.set(group, runs)
  }

  ended(id: string): void {
    const run = this.#known.get(id)
    const group = run === undefined ? undefined : groupOf(run)
    if (group === undefined) return
    this.#known.delete(id)
    const runs = this.#groups.get(group)
    runs?.delete(id)
    if (runs?.size === 0) this.#groups.delete(group)
  }

  has(id: string): boolean {
    return this.#known.has(id)
  }

  /** The run that has been at work for longest among those that a tick would overlap with. */
  of(entry: Entry): Option.Option<string> {
    return Option.fromUndefinedOr(this.all(entry)[0])
  }

  all({ id, scheduleId }: Entry): ReadonlyArray<string> {
    return [...this.#groups.get(isTask(id) ? id : scheduleId) ?? []]
  }
}

const groupOf = ({ schedule, workflow }: RunAtWork): string | undefined => isTask(workflow) ? workflow : schedule
