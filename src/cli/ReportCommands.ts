import { Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { LocalDay } from "../domain/LocalDay.ts"
import { ReportKind } from "../domain/ReportPeriod.ts"
import { withClient } from "./Ask.ts"

const format = Flag.Literals("format", ["md", "html", "json"]).pipe(
  Flag.withDefault("md"),
  Flag.withDescription("How the report is printed: as Markdown, as HTML, or as JSON")
)

const shown = Effect.promise(() => import("./ShowReports.ts"))

const made = (kind: ReportKind, date: string, description: string) =>
  Command.make(kind, {
    date: Flag.String("date").pipe(
      Flag.withSchema(LocalDay),
      Flag.optional,
      Flag.withMetavar("day"),
      Flag.withDescription(date)
    ),
    format
  }, ({ date, format }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { ReportOrder } = yield* Effect.promise(() => import("../api/ReportMessages.ts"))
      const payload = new ReportOrder({ kind, ...Option.isSome(date) ? { date: date.value } : {} })
      const { showReport } = yield* shown
      yield* showReport(yield* client.reports.make({ payload }), format)
    }))).pipe(Command.withDescription(description))

const daily = made(
  "daily",
  "Which day, such as 2026-11-26; yesterday without it",
  "Make the report of a day, and print it"
)

const weekly = made(
  "weekly",
  "A day of the week that is meant; the week before this one without it",
  "Make the report of a week, from Monday to Sunday, and print it"
)

const list = Command.make("list", {
  kind: Flag.Literals("kind", ReportKind.literals).pipe(Flag.optional, Flag.withDescription("Of days, or of weeks")),
  limit: Flag.Int("limit").pipe(
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
    Flag.withDefault(50),
    Flag.withDescription("How many at most, 1 to 500")
  ),
  after: Flag.String("after").pipe(Flag.optional, Flag.withDescription("Where the page before has ended"))
}, ({ after, kind, limit }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showReports } = yield* shown
    yield* showReports(
      yield* client.reports.list({
        query: {
          limit,
          ...Option.isSome(kind) ? { kind: kind.value } : {},
          ...Option.isSome(after) ? { after: after.value } : {}
        }
      })
    )
  }))).pipe(Command.withDescription("The reports that are there, the newest days first"))

const show = Command.make("show", {
  key: Argument.String("report").pipe(Argument.withDescription("Its key, such as weekly_reports:2026-W48")),
  format
}, ({ format, key }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showReport } = yield* shown
    yield* showReport(yield* client.reports.get({ params: { key } }), format)
  }))).pipe(Command.withDescription("Print a report that is there"))

/** `glider report`. */
export const report = Command.make("report").pipe(
  Command.withAlias("reports"),
  Command.withDescription("What days and weeks were like, against those before"),
  Command.withSubcommands([daily, weekly, list, show])
)
