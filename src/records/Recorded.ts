import { Context, DateTime, Effect, Layer, Option } from "effect"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { kindProvider, RecordKind } from "../domain/RecordKind.ts"
import { type Missing, missing, reached, without } from "../domain/Unrecorded.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { eventsTable } from "../store/GoogleEvents.ts"
import { ImportCoverage } from "../store/ImportCoverage.ts"
import { ImportedCalendars } from "../store/ImportedCalendars.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { playsTable } from "../store/Plays.ts"
import { SyncGaps } from "../store/SyncGaps.ts"
import { Owner } from "./Owner.ts"
import { bodyTypes, Reaches } from "./Reaches.ts"
import { type Plans, readingOf } from "./Reading.ts"
import { detailOf } from "./UnrecordedWords.ts"

/** A stretch of time of which the records of a kind may be incomplete, and why. */
export interface Unrecorded {
  readonly kind: RecordKind
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
  readonly why: Missing["why"] | "lost"
  /** A sentence, with what there is to do. */
  readonly detail: string
}

/** How far the records of a kind go. */
export interface Coverage {
  readonly kind: RecordKind
  readonly since: Option.Option<DateTime.Utc>
  readonly until: Option.Option<DateTime.Utc>
}

/** What the records do not say, since nothing was recorded: a gap is no quiet day. */
export class Recorded extends Context.Service<Recorded, {
  /** By what the config in force has read; the stretches are cut to the days of the owner and to now. */
  readonly between: (range: DayRange, plans: Plans) => Effect.Effect<
    { readonly coverage: ReadonlyArray<Coverage>; readonly unrecorded: ReadonlyArray<Unrecorded> },
    SurrealError
  >
}>()("glider/records/Recorded") {
  static readonly layer = Layer.effect(
    Recorded,
    Effect.gen(function*() {
      const connections = yield* Connections
      const gaps = yield* SyncGaps
      const imports = yield* ImportCoverage
      const calendars = yield* ImportedCalendars
      const owner = yield* Owner
      const reaches = yield* Reaches

      const ofKind = Effect.fnUntraced(
        function*(kind: RecordKind, range: DayRange, now: DateTime.Utc, plans: Plans) {
          const rows = yield* connections.ofProvider(kindProvider[kind])
          const accounts = rows.map(({ connection }) => connection)
          const judged = yield* Effect.forEach(
            accounts.filter((account) => readingOf(account, plans).reads(kind)),
            (account) => Effect.map(reaches.of(account, kind, plans), (reach) => ({ account, reach }))
          )
          const of = judged.map(({ reach }) => reach)
          // who has imported calendars need not have an account, and who has one that is asked for nothing of the kind no other
          const hasImported = kind === "calendar" && (yield* calendars.all).some(({ read_at: at }) => Option.isSome(at))
          const isEnough = hasImported || (judged.length === 0 && accounts.length > 0)
          const span = spanOf(range, owner.zone)
          const lost = yield* Effect.forEach(streams[kind], (stream) => gaps.between(stream, span))
          // where an import tells of all there was, nothing is missing, whatever the provider was asked
          const covered = (yield* Effect.forEach(
            streams[kind],
            (stream) => Effect.forEach(judged, ({ account }) => imports.of(stream, account.id))
          )).flat(2)
          const { since, until } = reached(of)
          const found: ReadonlyArray<Unrecorded> = [
            ...missing(of, now.epochMilliseconds).filter(({ why }) => !(isEnough && why === "not_connected")).flatMap(
              (stretch) => without(stretch, covered)
            ).map(
              ({ from, to, why }): Unrecorded => ({
                kind,
                from: DateTime.max(span.from, instant(from, span.from)),
                to: DateTime.min(instant(to, span.to), span.to),
                why,
                detail: detailOf(kind, why, judged, now.epochMilliseconds)
              })
            ),
            ...lost.flat().flatMap(({ from, reason, to }) =>
              without({ from: from.epochMilliseconds, to: to.epochMilliseconds, reason }, covered)
            ).map(({ from, reason, to }): Unrecorded => ({
              kind,
              from: DateTime.max(span.from, DateTime.makeUnsafe(from)),
              to: DateTime.min(DateTime.min(DateTime.makeUnsafe(to), span.to), now),
              why: "lost",
              detail: reason
            }))
          ]
          return {
            coverage: {
              kind,
              since: instantOf(least([since, ...covered.map(({ from }) => from)])),
              until: instantOf(until)
            },
            unrecorded: found.filter(({ from, to }) => from.epochMilliseconds < to.epochMilliseconds)
          }
        }
      )

      const between = Effect.fn("Recorded.between")(function*(range: DayRange, plans: Plans) {
        const { now } = yield* owner.now
        const kinds = yield* Effect.forEach(RecordKind.literals, (kind) => ofKind(kind, range, now, plans))
        return {
          coverage: kinds.map(({ coverage }) => coverage),
          unrecorded: kinds.flatMap(({ unrecorded }) => unrecorded).toSorted((one, other) =>
            one.from.epochMilliseconds - other.from.epochMilliseconds
          )
        }
      })
      return Recorded.of({ between })
    })
  )
}

/** The streams of `sync_gap` that a kind is of. */
const streams: { readonly [K in RecordKind]: ReadonlyArray<string> } = {
  calendar: [eventsTable],
  listening: [playsTable],
  heart_rate: [ouraTable("heartrate")],
  body: bodyTypes.map(ouraTable)
}

const least = (instants: ReadonlyArray<number | undefined>): number | undefined =>
  instants.reduce((least, at) => least === undefined || (at !== undefined && at < least) ? at : least, undefined)

const instant = (millis: number, otherwise: DateTime.Utc): DateTime.Utc =>
  Number.isFinite(millis) ? DateTime.makeUnsafe(millis) : otherwise

const instantOf = (millis: number | undefined): Option.Option<DateTime.Utc> =>
  Option.map(Option.fromUndefinedOr(millis), (millis) => DateTime.makeUnsafe(millis))
