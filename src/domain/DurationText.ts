import { Option } from "effect"

const units: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const words = /^(milli|sec|min|hour|day)/
const wordUnits: { readonly [word: string]: string } = { milli: "ms", sec: "s", min: "m", hour: "h", day: "d" }

const unitOf = (text: string): number => {
  const word = words.exec(text)?.[1]
  return units[word === undefined ? text : wordUnits[word] ?? ""] ?? NaN
}

/** Milliseconds of `30s`, `1m30s`, `2h`, `90 seconds`, `1.5 hours`; none of what is no duration, or negative. */
export const durationMillis = (text: string): Option.Option<number> => {
  const given = text.trim().toLowerCase()
  const part = /(\d+(?:\.\d+)?)\s*(milliseconds?|millis|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)\s*/y
  let total = 0
  let at = 0
  while (at < given.length) {
    part.lastIndex = at
    const found = part.exec(given)
    if (found === null) return Option.none()
    total += Number(found[1]) * unitOf(found[2] ?? "")
    at = part.lastIndex
  }
  return at === 0 || !Number.isFinite(total) ? Option.none() : Option.some(total)
}

/** The shortest of those forms: `1m30s`, `2h`, `0s`. */
export const durationText = (millis: number): string => {
  let left = Math.max(0, Math.round(millis))
  const parts: Array<string> = []
  for (const unit of ["d", "h", "m", "s", "ms"]) {
    const size = units[unit] ?? 1
    const count = Math.floor(left / size)
    if (count > 0) parts.push(`${count}${unit}`)
    left -= count * size
  }
  return parts.length === 0 ? "0s" : parts.join("")
}
