/** Schedules and their ticks on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import {
  type PlannedChange,
  ScheduleInfo,
  SchedulePage,
  SchedulePlan,
  ScheduleTicks,
  type TickLine
} from "../api/ScheduleMessages.ts"
import { durationText } from "../domain/DurationText.ts"
import { fromNow, orDash, print, say, table, visible, visibleLines } from "./Print.ts"

const encodePage = Schema.encodeEffect(SchedulePage)
const encodeInfo = Schema.encodeEffect(ScheduleInfo)
const encodeTicks = Schema.encodeEffect(ScheduleTicks)
const encodePlan = Schema.encodeEffect(SchedulePlan)

/** An instant as the clocks of the zone show it, with their offset. */
const inZone = (instant: DateTime.Utc, timezone: string): string =>
  Option.match(DateTime.setZoneNamed(instant, timezone), {
    onNone: () => DateTime.formatIso(instant),
    onSome: DateTime.formatIsoOffset
  }).replace(".000", "")

const utcText = (instant: DateTime.Utc): string => DateTime.formatIso(instant).replace(".000", "")

const pauseText = ({ pause }: ScheduleInfo, now: DateTime.Utc): Option.Option<string> =>
  Option.map(pause, ({ by, note, until }) =>
    [
      by === "failure" ? "paused after a failure" : "paused",
      ...Option.toArray(Option.map(until, (end) => `until ${utcText(end)} (${fromNow(now, end)})`)),
      ...Option.toArray(Option.map(note, (why) => `(${visible(why)})`))
    ].join(" "))

/** Whether it runs, and whether that is as the config says. */
export const stateText = (info: ScheduleInfo, now: DateTime.Utc): string =>
  [
    info.enabled ? "on" : "off",
    ...Option.toArray(pauseText(info, now)),
    ...info.is_override ? ["override"] : []
  ].join(", ")

const statusText = ({ last_run_status: status }: ScheduleInfo): string =>
  orDash(Option.map(status, (known) => known.replace("_", " ")))

/** `glider schedule list`. */
export const showSchedules = Effect.fnUntraced(function*(page: SchedulePage) {
  const now = yield* DateTime.now
  const rows = page.schedules.map((info) => [
    info.id,
    info.description,
    stateText(info, now),
    orDash(Option.map(info.next_run_time, (at) => fromNow(now, at))),
    orDash(Option.map(info.last_run_time, (at) => fromNow(now, at))),
    statusText(info)
  ])
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: rows.length === 0 ? "no schedules" : table(["SCHEDULE", "WHEN", "STATE", "NEXT", "LAST", "STATUS"], rows)
  })
  if (Option.isSome(page.next)) yield* say(`More: glider schedule list --after ${page.next.value}`)
})

const yesNo = (is: boolean): string => is ? "yes" : "no"

const whenText = (cron: string | undefined, seconds: number | undefined): string =>
  cron ?? (seconds === undefined ? "-" : `every ${durationText(seconds * 1000)}`)

/** What the config says, and what holds. */
const settingRows = (info: ScheduleInfo, now: DateTime.Utc): ReadonlyArray<ReadonlyArray<string>> => {
  const config = info.yaml_config
  const same = (name: string, value: string) => [name, value, value]
  return [
    ["enabled", yesNo(config.enabled), yesNo(info.enabled)],
    [
      "when",
      whenText(config.cron, config.interval_seconds),
      whenText(Option.getOrUndefined(info.cron), Option.getOrUndefined(info.interval_seconds))
    ],
    ["pause", "-", orDash(pauseText(info, now))],
    same("timezone", config.timezone),
    same("dst", `gap ${config.dst.gap}, repeat ${config.dst.repeat}`),
    same("jitter", durationText(config.jitter_seconds * 1000)),
    same("overlap_policy", config.overlap_policy),
    same("catch_up", config.catch_up),
    ...config.catch_up_window_seconds === undefined
      ? []
      : [same("catch_up_window", durationText(config.catch_up_window_seconds * 1000))],
    ...config.start_at === undefined ? [] : [same("start_at", config.start_at)],
    ...config.end_at === undefined ? [] : [same("end_at", config.end_at)],
    ...config.max_runs === undefined ? [] : [same("max_runs", String(config.max_runs))],
    same("pause_on_failure", yesNo(config.pause_on_failure))
  ]
}

/** `glider schedule get`. */
export const showSchedule = Effect.fnUntraced(function*(info: ScheduleInfo) {
  const now = yield* DateTime.now
  const when = (at: DateTime.Utc) => `${inZone(at, info.timezone)} (${fromNow(now, at)})`
  const facts: ReadonlyArray<readonly [string, string]> = [
    ["schedule", info.schedule_id],
    ["runs", `${info.workflow_id} (a ${info.kind})`],
    ["when", info.description],
    ["state", stateText(info, now)],
    ["next", orDash(Option.map(info.next_run_time, when))],
    [
      "last",
      Option.match(info.last_run_id, {
        onNone: () => "-",
        onSome: (run) => [run, statusText(info), ...Option.toArray(Option.map(info.last_run_time, when))].join("  ")
      })
    ],
    ...Option.toArray(Option.map(info.buffered, (at) => ["buffered", when(at)] as const)),
    ["ticks run", String(info.runs)],
    ["revision", String(info.revision)]
  ]
  const width = Math.max(...facts.map(([name]) => name.length))
  yield* print({
    json: yield* Effect.orDie(encodeInfo(info)),
    text: [
      ...facts.map(([name, value]) => `${name.padEnd(width)}  ${visibleLines(value)}`),
      "",
      table(["SETTING", "CONFIG", "IN FORCE"], settingRows(info, now))
    ].join("\n")
  })
  if (info.is_override) yield* say("It differs from the config until that is reloaded: glider schedule plan")
  yield* say(`See its ticks: glider schedule explain ${info.id}`)
})

/** What jitter, clocks and neighbours did to a tick. */
const noteText = ({ dst, effective, nominal, reason }: TickLine): string => {
  const jitter = effective.epochMilliseconds - nominal.epochMilliseconds
  return [
    ...Option.toArray(reason),
    ...Option.toArray(dst),
    ...jitter === 0 ? [] : [`jitter ${durationText(jitter)}`]
  ].join("; ")
}

/** `glider schedule explain`. */
export const showTicks = Effect.fnUntraced(function*(told: ScheduleTicks, timezone: string) {
  const rows = told.ticks.map((tick) => [
    utcText(tick.nominal),
    inZone(tick.nominal, timezone),
    utcText(tick.effective),
    Option.match(tick.outcome, {
      onNone: () => tick.state,
      onSome: (outcome) => [outcome, ...tick.marks].join(" ").replaceAll("_", " ")
    }),
    orDash(tick.run),
    noteText(tick)
  ])
  yield* print({
    json: yield* Effect.orDie(encodeTicks(told)),
    text: [
      `${told.schedule_id}: ${told.description}`,
      "",
      rows.length === 0
        ? "no ticks"
        : table(["NOMINAL", timezone.toUpperCase(), "EFFECTIVE", "OUTCOME", "RUN", "NOTE"], rows)
    ].join("\n")
  })
})

const signs = { create: "+", update: "~", delete: "-" } as const

const changeLines = ({ differences, id, kind }: PlannedChange): ReadonlyArray<string> => [
  `${signs[kind]} ${id}`,
  ...differences.map(({ after, before, field }) => {
    const [one, other] = [JSON.stringify(before), JSON.stringify(after)]
    const text = before === null ? `+ ${field}: ${other}` : after === null
      ? `- ${field}: ${one}`
      : `~ ${field}: ${one} -> ${other}`
    return `    ${visible(text)}`
  })
]

/** `glider schedule plan`. */
export const showPlan = Effect.fnUntraced(function*(plan: SchedulePlan) {
  const lines = [
    ...plan.changes.flatMap(changeLines),
    ...plan.reverted.map((id) => `~ ${id}: what was changed by hand ends`)
  ]
  yield* print({
    json: yield* Effect.orDie(encodePlan(plan)),
    text: lines.length === 0
      ? `nothing would change (${plan.unchanged} schedules)`
      : [...lines, `${plan.unchanged} unchanged`].join("\n")
  })
  if (lines.length > 0) yield* say("Apply it: glider reload")
})
