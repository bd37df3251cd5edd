import { Effect, Option, Schema, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import type { SyncOptions } from "../api/Messages.ts"
import { OuraDataType, type SyncName } from "../domain/Task.ts"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"

const Days = Schema.Int.check(
  Schema.isBetween({ minimum: 1, maximum: 36_525 }, { expected: "a whole number of days, 1 or more" })
)

const DataTypes = Schema.Array(OuraDataType)
const allTypes = OuraDataType.literals.join(",")

/** What the flags of a sync say; the absent ones are left to the config. */
type Options = NonNullable<ConstructorParameters<typeof SyncOptions>[0]>

const run = Effect.fn("cli.sync")(function*(name: SyncName, options: Options) {
  yield* withClient(Effect.fnUntraced(function*(client) {
    const { SyncOptions } = yield* Effect.promise(() => import("../api/Messages.ts"))
    const { finish, showProgress } = yield* Effect.promise(() => import("./RunReport.ts"))
    const events = yield* client.syncs.run({ params: { name }, payload: new SyncOptions(options) })
    const last = yield* showProgress(name, events).pipe(Stream.runLast)
    if (Option.isNone(last)) {
      return yield* new CommandFailed({
        message: `the connection to the running glider broke while ${name} ran`,
        fix: "glider status",
        exitCode: exitCodes.failed
      })
    }
    yield* finish(last.value)
  }))
})

const googleCalendar = Command.make(
  "google_calendar",
  {
    calendarId: Flag.String("calendar-id").pipe(
      Flag.withSchema(Schema.NonEmptyString),
      Flag.atLeast(0),
      Flag.withMetavar("id"),
      Flag.withDescription("A calendar to read, in place of those in the config; may be repeated")
    ),
    daysBack: Flag.Int("days-back").pipe(
      Flag.withSchema(Days),
      Flag.optional,
      Flag.withDescription("How many days before now a full listing begins")
    ),
    ignoreSyncToken: Flag.Boolean("ignore-sync-token").pipe(
      Flag.withDefault(false),
      Flag.withDescription("List everything anew instead of what has changed")
    )
  },
  ({ calendarId, daysBack, ignoreSyncToken }) =>
    run("google_calendar", {
      ...(calendarId.length === 0 ? {} : { calendarIds: calendarId }),
      ...(Option.isSome(daysBack) ? { daysBack: daysBack.value } : {}),
      ...(ignoreSyncToken ? { ignoreSyncToken } : {})
    })
).pipe(
  Command.withDescription("Bring the events of Google Calendar up to date"),
  Command.withExamples([
    { command: "glider sync google_calendar", description: "What has changed since the last run" },
    {
      command: "glider sync google_calendar --calendar-id primary --days-back 30 --ignore-sync-token",
      description: "One calendar, read anew from 30 days ago on"
    }
  ])
)

const spotify = Command.make("spotify", {}, () => run("spotify", {})).pipe(
  Command.withDescription("Bring the plays from Spotify up to date"),
  Command.withExamples([{ command: "glider sync spotify --output json", description: "The run as JSON" }])
)

const oura = Command.make(
  "oura",
  {
    mode: Flag.Literals("mode", ["heartrate", "full"]).pipe(
      Flag.optional,
      Flag.withDescription("Heart rate alone, or all nine data types")
    ),
    lookbackDays: Flag.Int("lookback-days").pipe(
      Flag.withSchema(Days),
      Flag.optional,
      Flag.withDescription("How many days back are read again")
    ),
    dataTypes: Flag.String("data-types").pipe(
      Flag.filterMap(
        (list) => Schema.decodeUnknownOption(DataTypes)(list.split(",").map((name) => name.trim())),
        (list) => `Expected data types with commas between, got ${JSON.stringify(list)}; there are ${allTypes}`
      ),
      Flag.optional,
      Flag.withMetavar("list"),
      Flag.withDescription(`What is read, with commas between: ${allTypes}`)
    ),
    forceLookback: Flag.Boolean("force-lookback").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Read exactly the days of --lookback-days, wherever the last run ended")
    )
  },
  ({ dataTypes, forceLookback, lookbackDays, mode }) =>
    run("oura", {
      ...(Option.isSome(mode) ? { mode: mode.value } : {}),
      ...(Option.isSome(lookbackDays) ? { lookbackDays: lookbackDays.value } : {}),
      ...(Option.isSome(dataTypes) ? { dataTypes: dataTypes.value } : {}),
      ...(forceLookback ? { forceLookback } : {})
    })
).pipe(
  Command.withDescription("Bring the records of the Oura ring up to date"),
  Command.withExamples([
    { command: "glider sync oura --mode heartrate --lookback-days 7", description: "A week of heart rate" },
    { command: "glider sync oura --data-types daily_sleep,workout", description: "Two kinds of documents" }
  ])
)

/** `glider sync`. */
export const sync = Command.make("sync").pipe(
  Command.withDescription("Run one sync now, with progress, then a summary"),
  Command.withSubcommands([googleCalendar, spotify, oura])
)
