/** What commands say: data on standard output, everything else on standard error. */
import { Console, DateTime, Duration, Effect, Formatter, Option } from "effect"
import { OutputFlag } from "./Flags.ts"

const written = (control: string): string => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`

/** The text with its control characters written out, lest a title or an id steers the terminal. */
export const visible = (text: string): string => text.replace(/\p{Cc}/gu, written)

/** The same for what may have several lines, and tabs in them. */
export const visibleLines = (text: string): string => text.replace(/(?![\n\t])\p{Cc}/gu, written)

/** Columns under headings, each as wide as its widest cell; control characters in a cell are written out. */
export const table = (headings: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const shown = rows.map((row) => row.map(visible))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...shown.map((row) => row[column]?.length ?? 0))
  )
  const line = (cells: ReadonlyArray<string>) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  return [headings, ...shown].map(line).join("\n")
}

/** A message for the person, on standard error. */
export const say = (text: string): Effect.Effect<void> => Console.error(text)

/** Data on standard output: the encoded form as one JSON document, or the text for a person. */
export const print = Effect.fnUntraced(function*(data: { readonly json: unknown; readonly text: string }) {
  const output = yield* OutputFlag
  yield* Console.log(output === "json" ? Formatter.formatJson(data.json, { space: 2 }) : data.text)
})

/** How far an instant is from now: `4m ago`, `in 2h 10m`, `now`. */
export const fromNow = (now: DateTime.Utc, instant: DateTime.Utc): string => {
  const seconds = Math.round((DateTime.toEpochMillis(instant) - DateTime.toEpochMillis(now)) / 1000)
  if (seconds === 0) return "now"
  const length = Duration.seconds(
    Math.abs(seconds) > 3600 ? Math.round(Math.abs(seconds) / 60) * 60 : Math.abs(seconds)
  )
  const text = Duration.format(length)
  return seconds < 0 ? `${text} ago` : `in ${text}`
}

/** The cell of something that may be absent. */
export const orDash = (value: Option.Option<string>): string => Option.getOrElse(value, () => "-")
