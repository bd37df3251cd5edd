import type { Deferred, Fiber, Option, Schema } from "effect"
import type { Workflow, WorkflowEngine } from "effect/workflow"
import type { CancelMode, Entry, ExitJson, Noted } from "../domain/RunEntry.ts"
import type { Statement } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Attributes, RunPatch, RunRow } from "../store/RunColumns.ts"
import type { TickWrite } from "../store/TickRows.ts"
import type { Place, RecordedStep, ReplayCheck } from "../workflow/Determinism.ts"
import type { Committing } from "./GroupCommit.ts"
import type { Change, DeadLetterRow, Loaded } from "./Journal.ts"
import type { InputMisfit, Misfit } from "./Misfit.ts"
import type { Registered } from "./Registry.ts"

/** How strongly a run was asked to wake: by a person, or by something it may have waited for. */
export type WakeMode = "explicit" | "automatic"

/** A run of which this process knows everything: what is stored, and what is on its way there. */
export class Execution implements Committing {
  pending: Deferred.Deferred<void, SurrealError> | undefined
  underWay: Deferred.Deferred<void, SurrealError> | undefined
  refused: SurrealError | undefined
  readonly registered: Registered
  readonly payload: object
  readonly activities = new Map<string, ExitJson>()
  readonly deferreds = new Map<string, ExitJson>()
  readonly timers = new Map<string, number>()
  /** The runs that it has started, by the key of the step. */
  readonly children = new Map<string, string>()
  /** The instances of its activities: what they start is theirs. */
  readonly nested = new WeakSet<WorkflowEngine.WorkflowInstance["Service"]>()
  /** The fiber of the body, in the pass under way. */
  body: Fiber.Fiber<unknown, unknown> | undefined
  readonly steps: Array<RecordedStep> = []
  /** Whether results were handed to the body that are not durable yet: no activity may begin before they are. */
  get speculative(): boolean {
    return this.settled < this.handed
  }
  /** Cancelled, and its body only gathers what is to be compensated; what comes after the body compensates. */
  get gathers(): boolean {
    return this.cancelled !== undefined && this.body?.pollUnsafe() === undefined
  }
  /** How many results and wishes from outside the body may have seen. */
  handed = 0
  /** How many of them are known to be durable. */
  settled = 0
  /** Asked to end; the activities that are left are those that compensate. */
  cancelled: CancelMode | undefined
  resumeRequested: WakeMode | undefined
  instance: WorkflowEngine.WorkflowInstance["Service"] | undefined
  check: ReplayCheck | undefined
  fiber: Fiber.Fiber<Workflow.Result<unknown, unknown>> | undefined
  parked: Misfit | undefined
  /** Asked to end when it was parked: what it cannot compensate is left to people. */
  givenUp = false
  /** Its input cannot be read, so no pass goes through its body. */
  unreadable: InputMisfit | undefined
  /** How it ended, once that is durable. */
  ended: Workflow.Complete<unknown, unknown> | undefined
  /** Why it is no longer kept up in this process. */
  lost: unknown
  /** Another run has ended, and its commit, which is under way, wakes this one. */
  wakeComing = false
  /** The promises that its body has asked for: each tells why a value does not fit, if that is so. */
  readonly asked = new Map<string, (value: Schema.Json) => Option.Option<string>>()
  /** The promises that the pass under way knows to be kept. */
  readonly heard = new Set<string>()
  /** It waits for a run that others have started, which does not wake it when it ends in another process. */
  joins = false
  /** Tells the listener that it has begun. */
  announced: Fiber.Fiber<unknown> | undefined
  /** An earlier process left it behind. */
  recovered = false
  /** The pass under way was stopped because the process is about to end. */
  drained = false
  #row: RunRow
  #stored: boolean
  #segment: number
  #entries: Array<Noted> = []
  #patch: RunPatch | undefined
  #storedAttributes: Attributes
  #deadLetter: DeadLetterRow | undefined
  #wakes: ReadonlyArray<Execution | string> = []
  #tick: TickWrite | undefined
  #writes: ReadonlyArray<Statement> = []

  constructor(
    registered: Registered,
    payload: object,
    { entries, row, segment, stored }: Loaded & { readonly stored: boolean }
  ) {
    this.registered = registered
    this.payload = payload
    this.#row = row
    this.#stored = stored
    this.#segment = segment
    this.#storedAttributes = stored ? row.attributes : {}
    this.cancelled = row.cancel
    for (const entry of entries) this.#learn(entry)
  }

  get id(): string {
    return this.#row.id
  }

  get row(): RunRow {
    return this.#row
  }

  /** Adds a fact, to be committed with the next segment. */
  note(noted: Noted): void {
    this.#entries.push(noted)
    this.#learn(noted.entry)
  }

  /** Takes over a fact that is committed already, in a segment of its own. */
  learn(entry: Entry): void {
    this.#learn(entry)
  }

  change(patch: RunPatch): void {
    this.#row = { ...this.#row, ...patch }
    this.#patch = { ...this.#patch, ...patch }
  }

  bury(letter: DeadLetterRow): void {
    this.#deadLetter = letter
  }

  /** The outcome of the tick that starts it, for its first commit. */
  settle(tick: TickWrite | undefined): void {
    this.#tick = tick
  }

  /** What the next commit writes besides. */
  write(statements: ReadonlyArray<Statement>): void {
    if (statements.length > 0) this.#writes = [...this.#writes, ...statements]
  }

  /** The runs that the next commit wakes; ids of those that are not in memory. */
  wake(run: Execution | string): void {
    this.#wakes = [...this.#wakes, run]
  }

  nextSegment(): number {
    return this.#segment++
  }

  /** The earliest instant at which a timer that has not fired is due. */
  get due(): number | undefined {
    let earliest: number | undefined
    for (const [name, due] of this.timers) {
      if (this.deferreds.has(name)) continue
      if (earliest === undefined || due < earliest) earliest = due
    }
    return earliest
  }

  touches(): ReadonlyArray<Committing> {
    return this.#wakes.filter((run) => typeof run !== "string")
  }

  take(): Change | undefined {
    const entries = this.#entries
    const patch = this.#patch
    const create = this.#stored ? undefined : this.#row
    if (create === undefined && patch === undefined && entries.length === 0 && this.#wakes.length === 0) {
      return undefined
    }
    const change: Change = {
      run: this.id,
      create,
      patch: create === undefined ? patch : undefined,
      segment: entries.length === 0 ? undefined : { number: this.#segment++, entries },
      attributes: patch?.attributes === undefined && (create === undefined || isEmpty(create.attributes))
        ? undefined
        : { before: this.#storedAttributes, after: this.#row.attributes, recency: this.#row.recency },
      wakes: this.#wakes.map((run) => ({ run: typeof run === "string" ? run : run.id, patch: { state: "running" } })),
      writes: this.#writes,
      deadLetter: this.#deadLetter,
      tick: this.#tick
    }
    this.#entries = []
    this.#patch = undefined
    this.#wakes = []
    this.#deadLetter = undefined
    this.#tick = undefined
    this.#writes = []
    this.#stored = true
    this.#storedAttributes = this.#row.attributes
    return change
  }

  #child(key: string, run: string, { ordinal, sequential }: Place): void {
    this.children.set(key, run)
    this.steps.push({ key, ordinal, sequential })
  }

  #learn(entry: Entry): void {
    switch (entry._tag) {
      case "Activity": {
        const key = activityKey(entry.name, entry.attempt)
        this.activities.set(key, entry.exit)
        this.steps.push({ key, ordinal: entry.ordinal, sequential: entry.sequential })
        return
      }
      case "Timer":
        this.timers.set(entry.name, entry.due)
        this.steps.push({ key: `timer ${entry.name}`, ordinal: entry.ordinal, sequential: entry.sequential })
        return
      case "Child":
        this.#child(childKey(entry.workflow, entry.run), entry.run, entry)
        return
      case "Deferred":
        if (!this.deferreds.has(entry.name)) this.deferreds.set(entry.name, entry.exit)
        return
      case "Cancel":
        this.cancelled = entry.how
        return
      case "Started":
      case "Ended":
        return
    }
  }
}

const isEmpty = (attributes: Attributes): boolean => Object.keys(attributes).length === 0

/** What an activity's result is kept under. */
export const activityKey = (name: string, attempt: number): string =>
  attempt === 1 ? name : `${name} (attempt ${attempt})`

export const childKey = (workflow: string, run: string): string => `child ${workflow} ${run}`
