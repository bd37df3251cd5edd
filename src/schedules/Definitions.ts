/** The schedules that a config defines: one for each `[sync.*]` and each `[schedule.*]` table. */
import { DateTime, Duration, Effect, type FileSystem, Option, Result, Schema } from "effect"
import type { ConfigFileError, GliderConfig } from "../Config.ts"
import type { Complaint } from "../config/Complaints.ts"
import { refuse } from "../config/ReadFile.ts"
import { byDefault, type ScheduleSettings } from "../config/ScheduleSettings.ts"
import type { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import { inputOf, SyncInput } from "../syncs/SyncInput.ts"
import { BackUp } from "../workflows/BackUp.ts"
import { checkInput } from "../workflows/Catalogue.ts"

const encodeInput = Schema.encodeSync(SyncInput)

const iso = DateTime.formatIso

const settingsOf = (
  project: string,
  { catchUp, catchUpWindow, dst, enabled, endAt, jitter, maxRuns, overlap, pauseOnFailure, startAt, timezone, when }:
    ScheduleSettings
) => ({
  project,
  enabled,
  ...when._tag === "Interval" ? { interval_seconds: Duration.toSeconds(when.every) } : { cron: when.expression },
  timezone,
  dst,
  jitter_seconds: Duration.toSeconds(jitter),
  overlap_policy: overlap,
  ...Option.isSome(startAt) ? { start_at: iso(startAt.value) } : {},
  ...Option.isSome(endAt) ? { end_at: iso(endAt.value) } : {},
  catch_up: catchUp,
  ...Option.isSome(catchUpWindow) ? { catch_up_window_seconds: Duration.toSeconds(catchUpWindow.value) } : {},
  ...Option.isSome(maxRuns) ? { max_runs: maxRuns.value } : {},
  pause_on_failure: pauseOnFailure
})

/** How late a backup may be made that nobody was there for: on the next day it is due again. */
const lateBackup = Duration.hours(20)

/** The schedule that `[backup]` sets. */
const backups = ({ backup, project, scheduler }: GliderConfig): ReadonlyArray<ScheduleDefinition> =>
  backup?.enabled !== true ? [] : [{
    ...settingsOf(project.name, {
      ...byDefault,
      when: { _tag: "Cron", expression: backup.cron },
      timezone: DateTime.zoneToString(scheduler.timezone),
      catchUpWindow: Option.some(lateBackup)
    }),
    id: "backup",
    workflow: BackUp._tag,
    kind: "workflow",
    input: {
      key: "backup",
      keep: backup.keep,
      ...Option.isSome(backup.folder) ? { folder: backup.folder.value } : {}
    }
  }]

/** What the config defines; its mistakes that only the workflows can see are told with their lines. */
export const definitionsOf = Effect.fn("Schedules.definitions")(
  function*(
    config: GliderConfig
  ): Effect.fn.Return<ReadonlyArray<ScheduleDefinition>, ConfigFileError, FileSystem.FileSystem> {
    const project = config.project.name
    const complaints: Array<Complaint> = []
    const most = config.scheduler.mostSchedules
    if (config.tasks.length + config.schedules.length > most) {
      const message = `there are more than ${most} schedules; raise [scheduler] max_schedules if that is meant`
      complaints.push({ path: ["schedule"], at: "key", message })
    }
    const syncs = config.tasks.map((task): ScheduleDefinition => ({
      ...settingsOf(project, task),
      id: task.name,
      workflow: task.name,
      kind: "sync",
      input: { input: encodeInput(inputOf(task)), timeoutMillis: Duration.toMillis(task.timeout) }
    }))
    const workflows = config.schedules.flatMap(
      ({ id, input, workflow, ...schedule }): ReadonlyArray<ScheduleDefinition> => {
        const checked = checkInput(workflow, input)
        if (Result.isSuccess(checked)) {
          return [{ ...settingsOf(project, schedule), id, workflow, kind: "workflow", input: checked.success }]
        }
        const { key, message } = checked.failure
        complaints.push({ path: ["schedule", id, key], at: "value", message })
        return []
      }
    )
    if (complaints.length > 0) return yield* refuse(config.path, complaints)
    return [...syncs, ...workflows, ...backups(config)]
  }
)
