/** Instants and spans of time on the command line. */
import { DateTime, Effect, Result } from "effect"
import { CliError, Flag } from "effect/cli"
import { durationMillis } from "../domain/DurationText.ts"

/**
 * An instant: RFC 3339, a day (where it begins in UTC), `now`, or a span of time such as `7d`, which lies before now or
 * after it as the flag says, unless it has a sign: `--from=-2h`, `--to=+2h`.
 */
export const instantFlag = (name: string, description: string, bare: "ago" | "ahead" = "ago") =>
  Flag.String(name).pipe(
    Flag.mapEffect(Effect.fnUntraced(function*(text) {
      const { parseValue } = yield* Effect.promise(() => import("../domain/RunQueryValues.ts"))
      const now = yield* DateTime.now
      const span = Result.getOrUndefined(parseValue("instant", `-${text.replace(/^[+-]/, "")}`, false))
      if (span?._tag === "Ago") {
        const isAhead = text.startsWith("+") || (bare === "ahead" && !text.startsWith("-"))
        return DateTime.add(now, { milliseconds: isAhead ? span.millis : -span.millis })
      }
      const value = Result.getOrUndefined(parseValue("instant", text, false))
      if (value?._tag === "Ago") return now
      if (value?._tag === "Day" || value?._tag === "At") return DateTime.makeUnsafe(value.millis)
      return yield* new CliError.InvalidValue({
        option: name,
        value: text,
        expected: "an instant such as 2026-11-24T09:00:00Z, a day, now, or a span such as 7d or 12h",
        kind: "flag"
      })
    })),
    Flag.optional,
    Flag.withMetavar("instant or span"),
    Flag.withDescription(description)
  )

/** Arguments in which a span with its sign belongs to the flag before it: `--from -2h` is no flag `-2`. */
export const withSpans = (args: ReadonlyArray<string>): ReadonlyArray<string> =>
  args.flatMap((arg, at) => {
    const takes = /^--[a-z-]+$/.test(arg) && /^-(\d{1,9}[wdhms])+$/.test(args[at + 1] ?? "")
    if (takes) return [`${arg}=${args[at + 1]}`]
    return at > 0 && /^-(\d{1,9}[wdhms])+$/.test(arg) && /^--[a-z-]+$/.test(args[at - 1] ?? "") ? [] : [arg]
  })

/** A length of time, in milliseconds. */
export const durationFlag = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.filterMap(durationMillis, (text) => `Expected a duration such as 30s, 1m30s or 2h, got ${text}`),
    Flag.optional,
    Flag.withMetavar("duration"),
    Flag.withDescription(description)
  )
