/** The one tick, or run by hand, of a schedule that waits for the end of a run. */
import { Clock, Effect, Option } from "effect"
import { pausedAt } from "../domain/Schedule.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import type { Entry } from "./Entry.ts"
import type { RunsAtWork } from "./RunsAtWork.ts"
import type { Settings } from "./Settings.ts"
import type { Settled, TickStarts } from "./TickStarts.ts"

/** A tick that waits, whose place another one takes. */
export const superseded = ({ state: { buffered } }: Entry): ReadonlyArray<Settled> =>
  buffered === undefined || typeof buffered.run === "string"
    ? []
    : [{
      nominal: buffered.nominal,
      effective: buffered.effective,
      outcome: "skipped_overlap",
      reason: "something later came before it could start"
    }]

/** Why a tick that has waited does not start any more. */
const refusal = (
  { row, state }: Entry,
  { enabled, endAt }: Settings,
  now: number
): Settled["outcome"] | undefined =>
  now > endAt
    ? "out_of_bounds"
    : !enabled || row.deleted || (state.buffered?.nominal ?? now) <= row.since
    ? "disabled"
    : pausedAt(row.override, now)
    ? "paused"
    : undefined

export interface BufferedTickParts {
  readonly atWork: RunsAtWork
  readonly starts: TickStarts
  /** Asks for the end of every run of it. */
  readonly cancelAll: (entry: Entry) => Effect.Effect<void, SurrealError>
}

/** Starts what has waited, once nothing is at work any more. */
export const release = ({ atWork, cancelAll, starts }: BufferedTickParts) => {
  /** A run by hand that had waited, and cannot start. */
  const dropped = (entry: Entry) => ({ message }: { readonly message: string }) =>
    Effect.andThen(
      Effect.logError(`a run by hand could not start: ${message}`).pipe(
        Effect.annotateLogs({ schedule: entry.scheduleId })
      ),
      starts.record(entry, [], { buffered: undefined })
    )

  return Effect.fnUntraced(function*(entry: Entry, settings: Settings) {
    const { buffered } = entry.state
    if (buffered === undefined) return
    if (Option.isSome(atWork.of(entry))) {
      // a process that ended meanwhile may not have come to it
      if (settings.definition.overlap_policy === "cancel_other") yield* cancelAll(entry)
      return
    }
    const { effective, nominal, run } = buffered
    if (typeof run === "string") {
      return yield* starts.startByHand(entry, settings.definition, run).pipe(
        Effect.catchTags({ InvalidInput: dropped(entry), UnknownWorkflow: dropped(entry) })
      )
    }
    const outcome = refusal(entry, settings, yield* Clock.currentTimeMillis)
    if (outcome !== undefined) {
      const reason = "it had waited for the end of a run"
      return yield* starts.record(entry, [{ nominal, effective, outcome, reason }], { buffered: undefined })
    }
    const marks = settings.definition.overlap_policy === "buffer_one" ? ["buffered" as const] : []
    yield* starts.start(entry, settings.definition, { nominal, effective }, marks)
  })
}
