/** A music sync as `/api/v1` tells of it, from its row and its journal. */
import { Option } from "effect"
import type { Run } from "../domain/Run.ts"
import { stepsTotal } from "../music/SongRun.ts"
import type { RunWithEntries } from "../store/Runs.ts"
import {
  agentsIn,
  failureOf,
  isLeftThere,
  isTakenBack,
  progressOf,
  resultOf,
  retriesOf,
  reviewOf,
  wouldTakeBack
} from "../workflows/MusicRecord.ts"
import { Cancellable, SyncCancelled, SyncState, type SyncStatus, type WaitingFor } from "./MusicMessages.ts"

/** The contract knows four. A run that waits, is parked or was stopped with its process goes on: `waiting_for` says when. */
const statusOf = ({ finishedAt, status }: Run): SyncStatus => {
  if (Option.isNone(finishedAt)) return "running"
  switch (status) {
    case "completed":
    case "partial":
      return "completed"
    case "cancelled":
    case "interrupted":
      return "cancelled"
    default:
      return "failed"
  }
}

const waitsFor = ({ entries, run }: RunWithEntries): Option.Option<typeof WaitingFor.Type> => {
  switch (run.state) {
    case "waiting":
      return Option.some(Option.isSome(reviewOf(entries)) ? "review" : "retry")
    case "parked":
      return Option.some("repair")
    case "stopped":
      return Option.some("restart")
    default:
      return Option.none()
  }
}

/** `spotify:track:<id>`. */
const idOf = (uri: string): string => uri.slice(uri.lastIndexOf(":") + 1)

const methodOf = ({ attributes }: Run): string => {
  const method = attributes["match_method"]
  return typeof method === "string" ? method : "none"
}

const resultIn = (found: RunWithEntries, seconds: number): SyncState["result"] => {
  const { entries, run } = found
  const retries = retriesOf(entries)
  const result = resultOf(entries)
  if (Option.isSome(result)) {
    const { candidate, confidence, match_method, outcome, scores, verified } = result.value
    const name = `${candidate.name} by ${candidate.artists.join(", ")}`
    const seen = verified ? "" : "; it was not seen there afterwards"
    return Option.some({
      success: true,
      message: outcome === "added" ? `${name} was added${seen}` : `${name} was there already`,
      spotify_track_id: Option.some(idOf(candidate.uri)),
      spotify_track_uri: Option.some(candidate.uri),
      confidence_score: Option.some(confidence),
      execution_time_seconds: seconds,
      retry_count: retries,
      match_method,
      verified,
      outcome: Option.some(outcome),
      all_scores: scores
    })
  }
  const failure = failureOf(entries)
  const scores = Option.match(failure, { onNone: () => [], onSome: (error) => "scores" in error ? error.scores : [] })
  return Option.map(run.finishedAt, () => ({
    success: false,
    message: Option.match(run.error, { onNone: () => "it is over", onSome: ({ message }) => message }),
    spotify_track_id: Option.none(),
    spotify_track_uri: Option.none(),
    confidence_score: Option.map(Option.fromUndefinedOr(scores[0]), ({ confidence }) => confidence),
    execution_time_seconds: seconds,
    retry_count: retries,
    match_method: methodOf(run),
    verified: false,
    outcome: Option.none(),
    all_scores: scores
  }))
}

/** All of it; `now` in epoch milliseconds. */
export const stateOf = (found: RunWithEntries, now: number): SyncState => {
  const { entries, run } = found
  const status = statusOf(run)
  const end = Option.match(run.finishedAt, { onNone: () => now, onSome: ({ epochMilliseconds }) => epochMilliseconds })
  const seconds = Math.max(0, end - run.startedAt.epochMilliseconds) / 1000
  const { attempt, candidates, done, lastError, step } = progressOf(run, entries)
  return new SyncState({
    workflow_id: run.id,
    status,
    waiting_for: waitsFor(found),
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    progress: {
      current_step: step,
      steps_completed: done,
      steps_total: stepsTotal,
      candidates_found: candidates,
      elapsed_seconds: seconds,
      attempt,
      last_error: lastError
    },
    agents: agentsIn(run, entries),
    result: resultIn(found, seconds),
    error: status === "failed"
      ? Option.map(run.error, ({ message, tag }) => ({ error_type: tag, message }))
      : Option.none(),
    compensated: isTakenBack(entries)
  })
}

export const cancellableOf = ({ entries, run }: RunWithEntries): Cancellable => {
  const isOpen = Option.isNone(run.finishedAt) && !run.cancelRequested
  return new Cancellable({
    can_cancel: isOpen,
    will_compensate: isOpen && wouldTakeBack(run, entries),
    current_step: progressOf(run, entries).step
  })
}

export const cancelledOf = ({ entries, run }: RunWithEntries): SyncCancelled => {
  const status = statusOf(run)
  const compensated = isTakenBack(entries)
  const message = status === "running"
    ? "it ends once what it is at has come to its end"
    : status === "cancelled" && isLeftThere(entries)
    ? "it is cancelled, but the track could not be taken out again, and may still be there"
    : status === "cancelled"
    ? `it is cancelled, and ${compensated ? "the track" : "nothing"} was taken out again`
    : `it was ${status} before the cancellation reached it`
  return new SyncCancelled({ workflow_id: run.id, status, compensated, message })
}
