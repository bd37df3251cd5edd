/** A run of agents as `/api/v1/agent-sync` tells of it: from its row and its journal, never from a text. */
import { Option, Schema } from "effect"
import type { Run } from "../domain/Run.ts"
import type { Entry } from "../domain/RunEntry.ts"
import type { RunWithEntries } from "../store/Runs.ts"
import { AgentSync } from "../workflows/AgentSync.ts"
import { AgentSyncState } from "./AgentSyncMessages.ts"

const readProgress = Schema.decodeUnknownOption(
  Schema.Struct({ step: Schema.String, done: Schema.Natural, total: Schema.Natural })
)
const readResult = Schema.decodeUnknownOption(Schema.toCodecJson(AgentSync.successSchema))
const readError = Schema.decodeUnknownOption(Schema.toCodecJson(AgentSync.errorSchema))

const statusOf = ({ finishedAt, status }: Run): AgentSyncState["status"] => {
  if (Option.isNone(finishedAt)) return "running"
  switch (status) {
    case "completed":
      return "completed"
    case "cancelled":
    case "interrupted":
      return "cancelled"
    default:
      return "failed"
  }
}

const endOf = (entries: ReadonlyArray<Entry>) => entries.findLast((entry) => entry._tag === "Ended")

/** What the run gave; none unless it has succeeded. */
const resultOf = (entries: ReadonlyArray<Entry>) => {
  const end = endOf(entries)
  return end === undefined || !("ok" in end.exit) ? Option.none() : readResult(end.exit.ok)
}

/** The scores that a failure is kept with. */
const scoresOf = (entries: ReadonlyArray<Entry>) => {
  const end = endOf(entries)
  if (end === undefined || !("no" in end.exit)) return []
  return end.exit.no.flatMap((reason) => "fail" in reason ? Option.toArray(readError(reason.fail)) : [])
    .flatMap((error) => "scores" in error ? error.scores : [])
}

/** Which steps of that kind there were: `model 3` is one of the model. */
const stepsOf = (entries: ReadonlyArray<Entry>, kind: RegExp): number =>
  new Set(entries.flatMap((entry) => entry._tag === "Activity" && kind.test(entry.name) ? [entry.name] : [])).size

/** Who came to an end, as `agent 1` says. */
const agentsOf = (entries: ReadonlyArray<Entry>): ReadonlyArray<string> =>
  entries.flatMap((entry) =>
    entry._tag === "Activity" && entry.name.startsWith("agent ") && "ok" in entry.exit ? [String(entry.exit.ok)] : []
  )

const outcomeOf = ({ entries, run }: RunWithEntries, seconds: number): AgentSyncState["result"] => {
  const result = resultOf(entries)
  if (Option.isSome(result)) {
    const { agents, candidate, confidence, match_method, outcome, scores, tool_calls, turns, verified } = result.value
    const name = `${candidate.name} by ${candidate.artists.join(", ")}`
    const seen = verified ? "" : "; it was not seen there afterwards"
    return Option.some({
      success: true,
      message: outcome === "added" ? `${name} was added${seen}` : `${name} was there already`,
      outcome: Option.some(outcome),
      spotify_track_id: Option.some(candidate.uri.slice(candidate.uri.lastIndexOf(":") + 1)),
      spotify_track_uri: Option.some(candidate.uri),
      confidence_score: Option.some(confidence),
      match_method,
      verified,
      execution_time_seconds: seconds,
      agents,
      turns,
      tool_calls,
      all_scores: scores
    })
  }
  const scores = scoresOf(entries)
  return Option.map(run.finishedAt, () => ({
    success: false,
    message: Option.match(run.error, { onNone: () => "it is over", onSome: ({ message }) => message }),
    outcome: Option.none(),
    spotify_track_id: Option.none(),
    spotify_track_uri: Option.none(),
    confidence_score: Option.map(Option.fromUndefinedOr(scores[0]), ({ confidence }) => confidence),
    match_method: "none" as const,
    verified: false,
    execution_time_seconds: seconds,
    agents: agentsOf(entries),
    turns: stepsOf(entries, /^model /),
    tool_calls: stepsOf(entries, /^(?:search_tracks|score_candidates|add_track|refused) /),
    all_scores: scores
  }))
}

/** All of it; `now` in epoch milliseconds. */
export const stateOf = (found: RunWithEntries, now: number): AgentSyncState => {
  const { run } = found
  const end = Option.match(run.finishedAt, { onNone: () => now, onSome: ({ epochMilliseconds }) => epochMilliseconds })
  const seconds = Math.max(0, end - run.startedAt.epochMilliseconds) / 1000
  const { done, step, total } = Option.getOrElse(
    readProgress(run.progress),
    () => ({ step: "initializing", done: 0, total: 4 })
  )
  const status = statusOf(run)
  return new AgentSyncState({
    workflow_id: run.id,
    status,
    waits_for_review: found.entries.some((entry) => entry._tag === "Timer" && entry.name.endsWith("review within"))
      && status === "running",
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    progress: { current_step: step, steps_completed: done, steps_total: total, elapsed_seconds: seconds },
    result: outcomeOf(found, seconds),
    error: status === "failed"
      ? Option.map(run.error, ({ message, tag }) => ({ error_type: tag, message }))
      : Option.none()
  })
}
