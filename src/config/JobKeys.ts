/** The `[jobs]` table: work that the store holds until it is done, and what is given by the clock. */
import { Duration, Schema } from "effect"
import type { JobSettings } from "./JobSettings.ts"
import { Days, Flag, key, NonEmptyText, positive, wholeNumber } from "./Keys.ts"

const Count = wholeNumber(1, 1000, positive, "at most 1000")

/** The keys of every standing job. */
const standing = (enabled: boolean, cron: string) => ({
  enabled: key(Flag, "Whether it is given by itself.", enabled),
  cron: key(NonEmptyText, "When: 5 or 6 fields or a macro, in the zone of [scheduler] timezone.", cron)
})

export const jobs = Schema.Struct({
  concurrency: key(
    Schema.Record(Schema.String, Count),
    "How many jobs of a pool are done at the same time, by its name: 4 of default and of connectors, 1 of each other without it.",
    {}
  ),
  lease_seconds: key(
    wholeNumber(5, 86_400, "a whole number of at least 5", "at most 86400 seconds, which is a day"),
    "Seconds after which a job whose worker is not heard of is tried again.",
    600
  ),
  poll_seconds: key(
    wholeNumber(1, 3600, positive, "at most 3600 seconds, which is an hour"),
    "Seconds after which jobs that other processes have given are found.",
    1
  ),
  retention_days: key(
    Days,
    "Days after which a job that has succeeded or was cancelled is removed; dead letters stay.",
    30
  ),
  scheduled_sync_sweep: key(
    Schema.Struct(standing(true, "* * * * *")),
    "Further accounts that are due are synced.",
    {}
  ),
  connectors_health_monitor: key(
    Schema.Struct(standing(true, "*/5 * * * *")),
    "Accounts that are stale or failing are synced out of turn; those that fail all the time are left alone.",
    {}
  ),
  candidates_process: key(
    Schema.Struct(standing(true, "* * * * *")),
    "What was imported is compared with what is there; there is a job only where there is something to compare.",
    {}
  ),
  calendars_refresh: key(
    Schema.Struct(standing(true, "* * * * *")),
    "Calendars of [calendar.*] that are due are read; there is a job only for what is due.",
    {}
  ),
  reports_daily: key(Schema.Struct(standing(true, "0 9 * * *")), "The report of the day before.", {}),
  reports_weekly: key(Schema.Struct(standing(true, "0 9 * * MON")), "The report of the week before.", {}),
  memory_decay: key(Schema.Struct(standing(true, "0 2 * * *")), "What was not met for long comes down.", {}),
  evidence_retention: key(Schema.Struct(standing(true, "0 3 * * *")), "What is too old to be kept goes.", {}),
  indexes_derived_build: key(
    Schema.Struct(standing(false, "30 4 * * SUN")),
    "What is derived is compared with the records, and mended.",
    {}
  ),
  diagnostics_noop: key(
    Schema.Struct(standing(false, "*/15 * * * *")),
    "A job that does nothing but go through all layers.",
    {}
  )
})
type Jobs = typeof jobs.Type

export const jobsOf = (
  { concurrency, lease_seconds, poll_seconds, retention_days, ...standing }: Jobs
): JobSettings => ({
  concurrency,
  lease: Duration.seconds(lease_seconds),
  poll: Duration.seconds(poll_seconds),
  retention: Duration.days(retention_days),
  standing
})

/** As the file has it. */
export const shownJobs = (settings: JobSettings | undefined): { readonly [key: string]: unknown } =>
  settings === undefined ? {} : {
    jobs: {
      concurrency: settings.concurrency,
      lease_seconds: Duration.toSeconds(settings.lease),
      poll_seconds: Duration.toSeconds(settings.poll),
      retention_days: Duration.toDays(settings.retention),
      ...settings.standing
    }
  }
