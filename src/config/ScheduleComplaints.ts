/** What is wrong with a schedule whose keys are each right. */
import { Option, Predicate, Result, Schema } from "effect"
import { defaultDst, type Dst, DstGap, DstRepeat } from "../domain/Dst.ts"
import { durationMillis, durationText } from "../domain/DurationText.ts"
import { TaskName } from "../domain/Task.ts"
import { ianaZone } from "../domain/TimeZones.ts"
import * as Timing from "../timing/Timing.ts"
import type { Complaint } from "./Complaints.ts"
import { type KeyPath, valueAt } from "./Positions.ts"
import { instantOf } from "./ScheduleKeys.ts"

type Table = { readonly [key: string]: unknown }

const tablesOf = (file: unknown, room: "sync" | "schedule" | "jobs"): ReadonlyArray<readonly [KeyPath, Table]> => {
  const tables = Predicate.isObject(file) ? Object.entries(file).find(([name]) => name === room)?.[1] : undefined
  return Predicate.isObject(tables)
    ? Object.entries(tables).flatMap(([id, table]) => Predicate.isObject(table) ? [[[room, id], { ...table }]] : [])
    : []
}

/** The table that says when backups are made, where it says so; its ticks are in the zone of the scheduler. */
const backupOf = (file: unknown): ReadonlyArray<readonly [KeyPath, Table]> =>
  Option.match(Option.filter(valueAt(file, ["backup", "cron"]), Predicate.isString), {
    onNone: () => [],
    onSome: (cron) => [[["backup"], {
      cron,
      timezone: Option.getOrElse(valueAt(file, ["scheduler", "timezone"]), () => "UTC")
    }]]
  })

/** The tables of standing jobs, where they say when; their ticks are in the zone of the scheduler. */
const standingOf = (file: unknown): ReadonlyArray<readonly [KeyPath, Table]> =>
  tablesOf(file, "jobs").flatMap(([path, table]) =>
    Predicate.isString(table["cron"])
      ? [[path, {
        cron: table["cron"],
        timezone: Option.getOrElse(valueAt(file, ["scheduler", "timezone"]), () => "UTC")
      }]]
      : []
  )

const text = (value: unknown): Option.Option<string> => Predicate.isString(value) ? Option.some(value) : Option.none()

const millis = (value: unknown): Option.Option<number> => Option.flatMap(text(value), durationMillis)

const isGap = Schema.is(DstGap)
const isRepeat = Schema.is(DstRepeat)

/** What is given of it, where that is right. */
const dstOf = (table: Table): Dst => {
  const [gap, repeat] = ["gap", "repeat"].map((key) => Option.getOrUndefined(valueAt(table, ["dst", key])))
  return {
    gap: isGap(gap) ? gap : defaultDst.gap,
    repeat: isRepeat(repeat) ? repeat : defaultDst.repeat
  }
}

/** How a table says when it runs; none when that is a mistake of its own. */
const timingOf = (table: Table): Option.Option<Result.Result<Timing.Timing, string>> => {
  const zone = Option.getOrElse(text(table["timezone"]), () => "UTC")
  const seconds = table["interval_seconds"]
  if (seconds !== undefined) {
    return Number.isInteger(seconds) && Number(seconds) > 0
      ? Option.some(Result.succeed({ _tag: "Interval", millis: Number(seconds) * 1000 }))
      : Option.none()
  }
  if (Option.isNone(ianaZone(zone))) return Option.none()
  return Option.map(
    Option.filter(text(table["cron"]), (expression) => expression !== ""),
    (expression) => Result.mapError(Timing.parse(expression, zone, dstOf(table)), ({ message }) => message)
  )
}

/** Of the tables of syncs and of workflows; `now` is what the distance between ticks is taken from. */
export const scheduleComplaints = (file: unknown, now: number): ReadonlyArray<Complaint> => {
  const least = Option.match(Option.filter(valueAt(file, ["scheduler", "min_interval_seconds"]), Predicate.isNumber), {
    onNone: () => 1000,
    onSome: (seconds) => seconds * 1000
  })
  return [...tablesOf(file, "sync"), ...tablesOf(file, "schedule"), ...backupOf(file), ...standingOf(file)].flatMap((
    [path, table]
  ) => ofTable(path, table, least, now))
}

const ofTable = (path: KeyPath, table: Table, least: number, now: number): ReadonlyArray<Complaint> => {
  const found: Array<Complaint> = []
  const complain = (key: string, at: Complaint["at"], message: string) =>
    found.push({ path: [...path, key], at, message })
  const isGiven = (key: string) => table[key] !== undefined

  if (path.length > 1 && !/^[A-Za-z0-9_-]{1,100}$/.test(String(path[1]))) {
    found.push({ path, at: "key", message: "expected a name of letters, digits, - and _, at most 100 of them" })
  }
  if (path[0] === "schedule" && TaskName.literals.some((task) => task === path[1])) {
    found.push({ path, at: "key", message: `is the name of a sync: its schedule stands in [sync.${path[1]}]` })
  }
  if (path[0] === "schedule" && path[1] === "backup") {
    found.push({ path, at: "key", message: "is the name of what [backup] sets: set it there, or take another name" })
  }
  if (isGiven("interval_seconds") && isGiven("cron")) {
    complain("cron", "key", "stands in place of interval_seconds: keep one of the two")
    return found
  }
  if (!isGiven("interval_seconds") && !isGiven("cron")) {
    complain("interval_seconds", "key", "Missing required field: interval_seconds, or cron in its place")
  }
  const start = instantOf(table["start_at"])
  const end = instantOf(table["end_at"])
  if (Option.isSome(start) && Option.isSome(end) && start.value.epochMilliseconds > end.value.epochMilliseconds) {
    complain("end_at", "value", "expected an instant that is not before start_at")
  }
  const timing = timingOf(table)
  if (Option.isNone(timing)) return found
  if (Result.isFailure(timing.value)) {
    complain("cron", "value", timing.value.failure)
    return found
  }
  const when = timing.value.success
  const gap = when._tag === "Interval" ? when.millis : Timing.leastGap(when, now)
  if (gap < least) {
    complain(
      when._tag === "Interval" ? "interval_seconds" : "cron",
      "value",
      `fires every ${durationText(gap)}, more often than [scheduler] min_interval_seconds allows (${
        durationText(least)
      })`
    )
  }
  const jitter = millis(table["jitter"])
  if (Option.isSome(jitter) && jitter.value > 0 && jitter.value >= gap) {
    complain("jitter", "value", `expected less than the ${durationText(gap)} between two ticks`)
  }
  return found
}
