import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import { daysBetween, LocalDay } from "../domain/LocalDay.ts"
import { Report } from "../domain/Report.ts"
import { keyOf, rangeOf, ReportKind, type ReportPeriod } from "../domain/ReportPeriod.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import { eventId, Outbox, tell } from "./Outbox.ts"

/** A report without its content. */
export interface ReportEntry {
  readonly period: ReportPeriod
  /** Epoch milliseconds, of the last time that it was made. */
  readonly madeAt: number
  readonly timesMade: number
}

export interface ReportListing {
  readonly kind: Option.Option<ReportKind>
  /** The `next` of the page before. */
  readonly after: Option.Option<string>
  readonly limit: number
}

export interface ReportPage {
  readonly reports: ReadonlyArray<ReportEntry>
  readonly next: Option.Option<string>
}

const EntryRow = Schema.Struct({
  key: Schema.Tuple([ReportKind, Schema.String]),
  place: Schema.String,
  made_at: Schema.Natural,
  times_made: Schema.Natural
})

const Content = Schema.fromJsonString(Report)

/** The table `report`: one for each day and each week that somebody wanted one of. */
export class ReportRows extends Context.Service<ReportRows, {
  /** Puts it there, in place of the one that was made before; whoever wants to hear of it is told. */
  readonly put: (period: ReportPeriod, report: Report) => Effect.Effect<void, SurrealError>
  readonly get: (period: ReportPeriod) => Effect.Effect<Option.Option<Report>, SurrealError>
  /** By the ends of their periods, the newest first. */
  readonly list: (listing: ReportListing) => Effect.Effect<ReportPage, SurrealError>
}>()("glider/store/ReportRows") {
  static readonly layer: Layer.Layer<ReportRows, never, Surreal> = Layer.effect(
    ReportRows,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const outbox = yield* Outbox

      const put = Effect.fn("ReportRows.put")(function*(period: ReportPeriod, report: Report) {
        const content = yield* Effect.orDie(Schema.encodeEffect(Content)(report))
        const { made_at: at } = report
        yield* surreal.transaction([
          {
            sql: "UPSERT $id SET kind = $kind, place = $place, made_at = $at, content = $content, " +
              "times_made += 1 RETURN NONE",
            vars: {
              id: rowId(period),
              kind: period.kind,
              place: placeOf(period),
              at: at.epochMilliseconds,
              content
            }
          },
          ...tell([told(period, at, outbox.receivers("report.created").map(({ name }) => name))])
        ])
        yield* outbox.wake
      })

      const get = Effect.fn("ReportRows.get")(function*(period: ReportPeriod) {
        const [found] = yield* surreal.query(
          Schema.Array(Content),
          "SELECT VALUE content FROM $ids WHERE id != NONE",
          { ids: [rowId(period)] }
        )
        return Option.fromUndefinedOr(found)
      })

      const list = Effect.fn("ReportRows.list")(
        function*({ after, kind, limit }: ReportListing): Effect.fn.Return<ReportPage, SurrealError> {
          const [index, where] = Option.isSome(kind) ? ["report_by_kind", "kind = $kind AND "] : ["report_by_place", ""]
          const rows = yield* surreal.query(
            Schema.Array(EntryRow),
            `SELECT record::id(id) AS key, place, made_at, times_made FROM report WITH INDEX ${index} ` +
              `WHERE ${where}place > $after LIMIT $size`,
            {
              kind: Option.getOrUndefined(kind),
              after: Option.getOrElse(after, () => ""),
              size: limit + 1
            }
          )
          const shown = rows.slice(0, limit)
          return {
            reports: shown.map(({ key: [kind, name], made_at, times_made }) => ({
              period: { kind, name },
              madeAt: made_at,
              timesMade: times_made
            })),
            next: rows.length > limit
              ? Option.map(Option.fromUndefinedOr(shown.at(-1)), ({ place }) => place)
              : Option.none()
          }
        }
      )
      return ReportRows.of({ put, get, list })
    })
  )
}

const rowId = ({ kind, name }: ReportPeriod) => recordId("report", [kind, name])

/** No report ends after this. */
const last = LocalDay.make("2300-01-01")

const placeOf = (period: ReportPeriod): string =>
  `${String(daysBetween(rangeOf(period).to, last)).padStart(7, "0")} ${period.kind}`

/** That there is one; whoever wants to read it asks for it. */
const told = (period: ReportPeriod, at: DateTime.Utc, receivers: ReadonlyArray<string>) => {
  const key = keyOf(period)
  const { from, to } = rangeOf(period)
  return {
    event: {
      id: eventId(at, "report.created", key),
      type: "report.created" as const,
      subject: key,
      at,
      data: JSON.stringify({ key, kind: period.kind, from, to })
    },
    receivers
  }
}
