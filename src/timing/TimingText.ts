import { Result } from "effect"
import { compile, type CronSeries } from "./CronSeries.ts"
import { daysOf } from "./DaysText.ts"
import { allOf, clockTime, isAll, listed, numbered, stepOf } from "./NumbersText.ts"
import type { Timing } from "./Timing.ts"

/**
 * When a schedule runs, for people: `At 02:30 every Monday, Europe/Prague`, `Every 15 minutes`, `2m after the end of each
 * run`. Expressions that no short sentence fits are told field by field. Changes of clocks are left out.
 */
export const describe = (timing: Timing): string => {
  switch (timing._tag) {
    case "Interval":
      return `${spanText(timing.millis)} after the end of each run`
    case "Every":
      return `Every ${spanText(timing.millis)}`
    case "Cron": {
      const series = Result.getOrThrow(compile(timing.expression))
      return series._tag === "Every" ? `Every ${spanText(series.millis)}` : cronText(series, timing.timezone)
    }
  }
}

const units = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1_000], ["ms", 1]] as const

/** `2m`, `1h30m`, `1d`. */
const spanText = (millis: number): string => {
  let rest = millis
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count === 0 ? [] : [`${count}${unit}`]
  })
  return parts.length === 0 ? "0s" : parts.join("")
}

const cronText = (series: CronSeries, timezone: string): string => {
  const time = timeText(series)
  const days = daysOf(series)
  if (time._tag === "Rhythm") return days === "every day" ? time.text : `${time.text} ${days}, ${timezone}`
  return `${time.text}${time._tag === "Hourly" && days === "every day" ? "" : ` ${days}`}, ${timezone}`
}

/**
 * A time of day. `Rhythm` and `Hourly` go on all day, so that "every day" need not be said; and a rhythm of minutes or
 * seconds is the same in all zones.
 */
interface TimeText {
  readonly _tag: "Rhythm" | "Hourly" | "Daily"
  readonly text: string
}

const mostTimes = 6

const timeText = ({ cron }: CronSeries): TimeText => {
  const seconds = allOf(cron.seconds, 0, 59)
  const minutes = allOf(cron.minutes, 0, 59)
  const hours = allOf(cron.hours, 0, 23)
  const onTheMinute = seconds.length === 1 && seconds[0] === 0
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => clockTime(hour, minute, onTheMinute ? undefined : second)))
  )
  if (times.length <= mostTimes) return { _tag: "Daily", text: `At ${listed(times)}` }
  const fields = [
    ...(onTheMinute ? [] : [fieldText("second", seconds, 60)]),
    fieldText("minute", minutes, 60),
    fieldText("hour", hours, 24)
  ].join(" of ")
  return rhythm(seconds, minutes, hours, onTheMinute) ?? hourly(minutes, hours, onTheMinute) ?? {
    _tag: isAll(hours, 24) ? "Hourly" : "Daily",
    text: fields.startsWith("every") ? `Every${fields.slice("every".length)}` : `At ${fields}`
  }
}

/** `Every 15 minutes`, `Every minute from 09:00 to 09:59`, `Every 10 seconds`. */
const rhythm = (
  seconds: ReadonlyArray<number>,
  minutes: ReadonlyArray<number>,
  hours: ReadonlyArray<number>,
  onTheMinute: boolean
): TimeText | undefined => {
  const ofSeconds = stepOf(seconds, 60)
  if (!onTheMinute) {
    if (ofSeconds === undefined || !isAll(minutes, 60) || !isAll(hours, 24)) return undefined
    return { _tag: "Rhythm", text: everyText(ofSeconds, "second") }
  }
  const ofMinutes = stepOf(minutes, 60)
  if (ofMinutes === undefined) return undefined
  const every = everyText(ofMinutes, "minute")
  if (isAll(hours, 24)) return { _tag: "Rhythm", text: every }
  const [first = 0] = hours
  const last = hours.at(-1) ?? first
  if (last - first !== hours.length - 1) return undefined
  return { _tag: "Daily", text: `${every} from ${clockTime(first, 0)} to ${clockTime(last, minutes.at(-1) ?? 0)}` }
}

/** `Every hour`, `Every 2 hours`, `Every hour at minute 5 from 09:05 to 17:05`. */
const hourly = (
  minutes: ReadonlyArray<number>,
  hours: ReadonlyArray<number>,
  onTheMinute: boolean
): TimeText | undefined => {
  const [minute] = minutes
  if (!onTheMinute || minute === undefined || minutes.length > 1) return undefined
  const at = minute === 0 ? "" : ` at minute ${minute}`
  const step = stepOf(hours, 24)
  if (step !== undefined) return { _tag: "Hourly", text: `${everyText(step, "hour")}${at}` }
  const [first = 0] = hours
  const last = hours.at(-1) ?? first
  if (last - first !== hours.length - 1) return undefined
  return { _tag: "Daily", text: `Every hour from ${clockTime(first, minute)} to ${clockTime(last, minute)}` }
}

const everyText = (step: number, unit: string): string => step === 1 ? `Every ${unit}` : `Every ${step} ${unit}s`

const fieldText = (unit: string, values: ReadonlyArray<number>, size: number): string =>
  isAll(values, size) ? `every ${unit}` : numbered(unit, values)
