/** A stretch of the past that is fetched: its name, its windows, and what each of them asks for. */
import { DateTime, Duration, Effect, Schema } from "effect"
import { createHash } from "node:crypto"
import { ConnectionId } from "../domain/Connection.ts"
import { FailureClass } from "../domain/FailureClass.ts"
import { OuraDataType } from "../domain/Task.ts"
import { SyncInput } from "../syncs/SyncInput.ts"

/** Days of a window. */
const windowDays = 7

/** Windows of a part, which is a run of its own: each pass of a run replays all that it did. */
export const windowsOfPart = 25

/** Nobody has lived for longer. */
export const mostWindows = 10_000

/** The stretch cannot be fetched, or not all of it. */
export class BackfillRefused extends Schema.TaggedError<BackfillRefused>()("BackfillRefused", {
  kind: FailureClass,
  message: Schema.String
}) {}

export const BackfillPayload = Schema.Struct({
  connection: ConnectionId,
  from: Schema.DateTimeUtcFromString,
  /** Not included. */
  to: Schema.DateTimeUtcFromString,
  /** Data types of Oura, or calendars of Google; all that is synced when there are none. */
  streams: Schema.Array(Schema.String),
  /** How long it rests between two windows. */
  pauseMillis: Schema.Natural,
  /** The window that this run begins with. */
  first: Schema.Natural
})
export type BackfillPayload = typeof BackfillPayload.Type

/** As JSON. */
export const encodeBackfill = Schema.encodeSync(BackfillPayload)

/** What all runs are found by that fetch the same stretch of the same account; the first of them bears it as its id. */
export const backfillKey = (
  { connection, from, streams, to }: Pick<BackfillPayload, "connection" | "from" | "streams" | "to">
): string => {
  const what = [
    connection,
    DateTime.formatIso(from),
    DateTime.formatIso(to),
    streams.length === 0 ? "*" : streams.toSorted().join(",")
  ]
  return `backfill_${createHash("sha256").update(`backfill:${what.join(":")}`).digest("hex").slice(0, 32)}`
}

/** The run of the part that begins with the window, by the run that it is a part of. */
export const partId = (run: string, first: number): string => `${run}.part${Math.floor(first / windowsOfPart) + 1}`

export const windowsIn = ({ from, to }: Pick<BackfillPayload, "from" | "to">): number =>
  Math.max(0, Math.ceil((to.epochMilliseconds - from.epochMilliseconds) / Duration.toMillis(Duration.days(windowDays))))

const rangeOf = ({ from, to }: Pick<BackfillPayload, "from" | "to">, window: number) => ({
  from: DateTime.add(from, { days: window * windowDays }),
  to: DateTime.min(to, DateTime.add(from, { days: (window + 1) * windowDays }))
})

/** What a window asks for; a failure where the provider gives nothing of the past. */
export const inputOfWindow = (
  input: SyncInput,
  { from, streams, to }: Pick<BackfillPayload, "from" | "streams" | "to">,
  window: number
): Effect.Effect<SyncInput, BackfillRefused> => {
  const range = rangeOf({ from, to }, window)
  return SyncInput.match(input, {
    Spotify: () =>
      Effect.fail(
        new BackfillRefused({
          kind: "permanent",
          message: "Spotify gives the last 50 plays and none before them; import its streaming history instead"
        })
      ),
    GoogleCalendar: (google) =>
      Effect.succeed(
        SyncInput.cases.GoogleCalendar.make({
          ...google,
          calendarIds: streams.length === 0 ? google.calendarIds : streams,
          range
        })
      ),
    Oura: (oura) => {
      const types = streams.filter(Schema.is(OuraDataType))
      const unknown = streams.filter((name) => !types.some((type) => type === name))
      return unknown.length > 0
        ? Effect.fail(
          new BackfillRefused({
            kind: "permanent",
            message: `Oura has no data type ${unknown.join(", ")}; there are ${OuraDataType.literals.join(", ")}`
          })
        )
        : Effect.succeed(
          SyncInput.cases.Oura.make({ ...oura, dataTypes: types.length === 0 ? oura.dataTypes : types, range })
        )
    }
  })
}
