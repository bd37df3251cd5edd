/**
 * Names that dashboards of other systems ask for, each a view of a family of ours: made when `/metrics` is read, so that an
 * event is told once and the engine pays for none of them.
 */
import { Schema } from "effect"
import { TaskName, taskProvider } from "../domain/Task.ts"
import { songWorkflows } from "../workflows/MusicRecord.ts"
import type { Attributes, View } from "./Views.ts"

const isTask = Schema.is(TaskName)

const connectorOf = ({ workflow = "" }: Attributes) => isTask(workflow) ? taskProvider[workflow] : undefined

/** Who asked for `temporal_sync_…` meant songs that are put into playlists: these count as the syncs of records do. */
const isSync = ({ workflow = "" }: Attributes): boolean =>
  isTask(workflow) || songWorkflows.some((song) => song === workflow)

/** Those of syncs of records alone, with nothing but what `labels` says of them. */
const ofSyncs = (labels: (of: Attributes, connector: string) => Attributes | undefined) => (of: Attributes) => {
  const connector = connectorOf(of)
  return connector === undefined ? undefined : labels(of, connector)
}

const failed: ReadonlySet<string | undefined> = new Set(["failed", "needs_auth"])

const connectors: ReadonlyArray<readonly [prefix: string, connector: string]> = [
  ["google_", "google"],
  ["spotify_", "spotify"],
  ["oura_", "oura"]
]

const written: ReadonlySet<string | undefined> = new Set(["created", "updated", "deleted"])

const nothing: ReadonlyArray<Attributes> = [{}]

export const views: ReadonlyArray<View> = [
  {
    name: "temporal_sync_success_total",
    kind: "Counter",
    description: "Syncs that completed, of records and of songs (music_sync, agent_sync)",
    labels: [],
    of: "glider_runs_total",
    labelled: (of) => isSync(of) && of["status"] === "completed" ? {} : undefined,
    seeds: nothing
  },
  {
    name: "temporal_sync_failure_total",
    kind: "Counter",
    description: "Syncs that failed or need a sign-in, of records and of songs",
    labels: [],
    of: "glider_runs_total",
    labelled: (of) => isSync(of) && failed.has(of["status"]) ? {} : undefined,
    seeds: nothing
  },
  {
    name: "temporal_sync_duration_seconds",
    kind: "Histogram",
    description: "How long syncs took, of records and of songs",
    labels: [],
    of: "glider_run_duration_seconds",
    labelled: (of) => isSync(of) ? {} : undefined
  },
  {
    name: "temporal_workflow_total",
    kind: "Counter",
    description: "Runs that ended, by workflow",
    labels: ["workflow_type"],
    of: "glider_runs_total",
    labelled: ({ workflow = "" }) => ({ workflow_type: workflow })
  },
  {
    name: "temporal_failed_workflow_total",
    kind: "Counter",
    description: "Runs that failed or need a sign-in",
    labels: [],
    of: "glider_runs_total",
    labelled: ({ status }) => failed.has(status) ? {} : undefined,
    seeds: nothing
  },
  {
    name: "temporal_cancellation_total",
    kind: "Counter",
    description: "Runs that were cancelled",
    labels: [],
    of: "glider_runs_total",
    labelled: ({ status }) => status === "cancelled" ? {} : undefined,
    seeds: nothing
  },
  {
    name: "temporal_dlq_workflow_total",
    kind: "Counter",
    description: "Runs that came into the dead letters",
    labels: [],
    of: "glider_dead_letters_total",
    labelled: () => ({}),
    seeds: nothing
  },
  {
    name: "temporal_retry_count",
    kind: "Counter",
    description: "Attempts of activities after the first, and calls to providers that were repeated",
    labels: [],
    of: "temporal_activity_retry_count",
    labelled: () => ({}),
    seeds: nothing
  },
  {
    name: "spotify_rate_limit_hits_total",
    kind: "Counter",
    description: "Answers of Spotify that asked for patience (429), by what was asked for",
    labels: ["endpoint"],
    of: "glider_provider_rate_limited_total",
    labelled: ({ connector, endpoint = "" }) => connector === "spotify" ? { endpoint } : undefined,
    seeds: [{ endpoint: "recently-played" }]
  },
  {
    name: "drovi_sync_jobs_total",
    kind: "Counter",
    description: "Syncs that ended, by connector and status",
    labels: ["connector", "status"],
    of: "glider_runs_total",
    labelled: ofSyncs(({ status = "" }, connector) => ({ connector, status }))
  },
  {
    name: "drovi_sync_job_duration_seconds",
    kind: "Histogram",
    description: "How long syncs took, by connector",
    labels: ["connector"],
    of: "glider_run_duration_seconds",
    labelled: ofSyncs((_of, connector) => ({ connector }))
  },
  {
    name: "drovi_records_synced_total",
    kind: "Counter",
    description: "Records that syncs created, updated or deleted, by connector",
    labels: ["connector"],
    of: "glider_records_total",
    labelled: ({ outcome, stream = "" }) => {
      const found = connectors.find(([prefix]) => stream.startsWith(prefix))
      return found === undefined || !written.has(outcome) ? undefined : { connector: found[1] }
    }
  },
  {
    name: "drovi_connector_last_success_timestamp_seconds",
    kind: "Gauge",
    description: "When a sync of the connector last completed, in Unix seconds",
    labels: ["connector"],
    of: "glider_sync_last_success_timestamp_seconds",
    labelled: (of) => of
  },
  {
    name: "drovi_connector_last_error_timestamp_seconds",
    kind: "Gauge",
    description: "When a sync of the connector last failed or ended in part, in Unix seconds",
    labels: ["connector"],
    of: "glider_sync_last_error_timestamp_seconds",
    labelled: (of) => of
  }
]
