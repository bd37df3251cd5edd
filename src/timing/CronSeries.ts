import { Cron, DateTime, Option, Result } from "effect"
import type { CronFields } from "./CronFields.ts"
import { CronMistake, quoted } from "./CronMistake.ts"
import { type CronText, read } from "./CronText.ts"
import { Memo } from "./Memo.ts"

/** An expression made ready: what it matches on a clock that is never changed. */
export interface CronSeries {
  readonly _tag: "Series"
  /** In UTC, so that its instants are labels: see `Span` in WallClock.ts. */
  readonly cron: Cron.Cron
  readonly fields: CronFields
  /** The hour field begins with `*`: it follows the rhythm of the clock. */
  readonly hourWildcard: boolean
  /** The hour field leaves out no hour. */
  readonly everyHour: boolean
  /** The last answer, which holds for every label from the one that was asked for: looking for it costs most. */
  readonly last: { asked: number; answer: number }
}

/** What a text comes to. */
export type Compiled = Extract<CronText, { readonly _tag: "Every" }> | CronSeries

/** A fixed offset spares what `Cron` asks a named zone, which is most of its cost. */
const utc = DateTime.zoneMakeOffset(0)

/** Every field as a list of all its values comes nowhere near. */
const longestExpression = 1_000

const make = (expression: string): Result.Result<Compiled, CronMistake> => {
  if (expression.length > longestExpression) {
    return Result.fail(
      new CronMistake({
        message: `${quoted(expression)} is too long: expected at most ${longestExpression} characters`,
        expression,
        example: "\"0 9 * * MON\""
      })
    )
  }
  return Result.flatMap(
    read(expression),
    (text) => text._tag === "Every" ? Result.succeed<Compiled>(text) : ofFields(expression, text.fields)
  )
}

const ofFields = (expression: string, fields: CronFields): Result.Result<Compiled, CronMistake> => {
  const { dayOfMonth, dayOfWeek, hour, minute, month, second } = fields
  const refused = (message: string, example: string) => new CronMistake({ message, expression, example })
  return Cron.parse([second, minute, hour, dayOfMonth, month, dayOfWeek].join(" "), utc).pipe(
    Result.mapError(({ message }) => refused(`${quoted(expression)}: ${message}`, "\"0 9 * * MON\"")),
    Result.filterOrFail(
      (cron) => Option.isSome(Option.liftThrowable(Cron.next)(cron, 0)),
      () =>
        refused(
          `${quoted(expression)} never runs: none of its months has such a day, e.g. "0 0 28 2 *"`,
          "\"0 0 28 2 *\""
        )
    ),
    Result.map((cron): CronSeries => ({
      _tag: "Series",
      cron,
      fields,
      hourWildcard: hour.startsWith("*"),
      everyHour: cron.hours.size === 0 || cron.hours.size === 24,
      last: { asked: Infinity, answer: -Infinity }
    }))
  )
}

/** Each some kilobytes, so that schedules hold their expression only; a daily one for every minute of the day fits in. */
const known = new Memo<string, Result.Result<Compiled, CronMistake>>(2_048, make)

/** Makes five or six fields, a macro or `@every` ready, or says what is wrong with them. */
export const compile = (expression: string): Result.Result<Compiled, CronMistake> => known.get(expression)

/** The first label after another that the expression matches. */
export const nextLabel = ({ cron, last }: CronSeries, after: number): number => {
  const isKnown = last.asked <= after && after < last.answer
  if (!isKnown) {
    last.answer = Cron.next(cron, after).getTime()
    last.asked = after
  }
  return last.answer
}
