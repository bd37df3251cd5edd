/** All values of a field in order; `Cron` keeps none where the field leaves all in. */
export const allOf = (values: ReadonlySet<number>, first: number, last: number): ReadonlyArray<number> =>
  values.size > 0
    ? [...values].toSorted((a, b) => a - b)
    : Array.from({ length: last - first + 1 }, (_, at) => first + at)

export const isAll = (values: ReadonlyArray<number>, size: number): boolean => values.length === size

/** How far apart the values are when they go round evenly, from 0: 15 for 0, 15, 30, 45 of 60. */
export const stepOf = (values: ReadonlyArray<number>, size: number): number | undefined => {
  const step = size / values.length
  return values.length > 1 && values.every((value, at) => value === at * step) ? step : undefined
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (texts: ReadonlyArray<string>): string =>
  texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.slice(-1).join("")}`

const padded = (value: number): string => String(value).padStart(2, "0")

/** `09:05`, or `09:05:30`. */
export const clockTime = (hour: number, minute: number, second?: number): string =>
  [hour, minute, ...(second === undefined ? [] : [second])].map(padded).join(":")

/** `day 1`, `days 1 and 15`, `days 1 to 7`, `days 1, 3, 5 … 31`: every number, or a series that leaves no doubt. */
export const numbered = (unit: string, values: ReadonlyArray<number>): string => {
  const [first = 0, second = first, third = second] = values
  const last = values.at(-1) ?? first
  const step = second - first
  if (values.length === 1) return `${unit} ${first}`
  const even = values.every((value, at) => value === first + at * step)
  if (values.length > 2 && even && step === 1) return `${unit}s ${first} to ${last}`
  if (values.length > 5 && even) return `${unit}s ${first}, ${second}, ${third} … ${last}`
  return `${unit}s ${listed(values.map(String))}`
}

/** Three or more values without a gap, which read best as `first to last`. */
export const isRun = (values: ReadonlyArray<number>): boolean =>
  values.length > 2 && (values.at(-1) ?? 0) - (values[0] ?? 0) === values.length - 1
