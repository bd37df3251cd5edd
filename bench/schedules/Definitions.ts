/** Schedules as a config with very many of them would define them. */
import { DateTime } from "effect"
import type { ScheduleDefinition } from "../../src/domain/ScheduleDefinition.ts"

const hour = 3_600_000

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"] as const

type When = Pick<ScheduleDefinition, "cron" | "interval_seconds" | "start_at">

/** The id of a schedule, by its number. */
export const idOf = (number: number): string => `nightly-report-${String(number).padStart(6, "0")}`

const definition = (number: number, when: When, more: Partial<ScheduleDefinition> = {}): ScheduleDefinition => ({
  project: "glider",
  id: idOf(number),
  workflow: "diagnostics",
  kind: "workflow",
  enabled: true,
  ...when,
  timezone: zones[number % zones.length] ?? "UTC",
  dst: { gap: "auto", repeat: "auto" },
  jitter_seconds: 0,
  overlap_policy: "skip",
  catch_up: "latest",
  pause_on_failure: false,
  input: { key: `report ${number}` },
  ...more
})

/**
 * Of all kinds in turn: daily by the wall clock, at a fixed rate, and so long after the end of a run. None is due in the two
 * hours after an instant, in any of the zones.
 */
export const mixed = (count: number, now: number): ReadonlyArray<ScheduleDefinition> => {
  const later = DateTime.formatIso(DateTime.makeUnsafe(now + 2 * hour))
  const start = { start_at: later }
  return Array.from({ length: count }, (_, number) => {
    const minute = Math.floor(number / 3) % 60
    switch (number % 3) {
      case 0:
        return definition(number, { cron: `${minute} ${Math.floor(number / 180) % 24} * * *`, ...start })
      case 1:
        return definition(number, { cron: "@every 1h", ...start })
      default:
        return definition(number, { interval_seconds: 3600 + number % 60, ...start })
    }
  })
}

/** The same, of which one in a hundred is said otherwise. */
export const changed = (definitions: ReadonlyArray<ScheduleDefinition>): ReadonlyArray<ScheduleDefinition> =>
  definitions.map((one, number) => number % 100 === 0 ? { ...one, input: { key: `another report ${number}` } } : one)

/** All due every so many seconds from an instant on: at the same instant, or anywhere in the second after it. */
export const together = (
  count: number,
  { every, first, isSpread, workflow }: {
    readonly every: number
    readonly first: number
    readonly isSpread: boolean
    readonly workflow: string
  }
): ReadonlyArray<ScheduleDefinition> =>
  Array.from({ length: count }, (_, number) =>
    definition(number, {
      cron: every === 60 ? "0 * * * * *" : `*/${every} * * * * *`,
      start_at: DateTime.formatIso(DateTime.makeUnsafe(first))
    }, {
      workflow,
      timezone: "UTC",
      jitter_seconds: isSpread ? 1 : 0
    }))
