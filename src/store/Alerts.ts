import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import { type Alert, Saying } from "../domain/Alert.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import {
  type AlertChanges,
  alertOf,
  AlertRow,
  alertRow,
  statementsOf,
  type TellingKey,
  TellingRow,
  tellingRow
} from "./AlertRows.ts"

/** The next message to a sink. */
export interface NextTelling {
  readonly key: TellingKey
  readonly alert: Alert
  /** Tries so far. */
  readonly attempts: number
  /** When its turn is, epoch milliseconds. */
  readonly due: number
  /** Why the last try has failed. */
  readonly lastError: Option.Option<string>
}

/** How a try has ended. */
export type Told =
  | { readonly status: "sent"; readonly at: number }
  | { readonly status: "pending"; readonly due: number; readonly error: string }
  | { readonly status: "failed"; readonly error: string }

export interface AlertListing {
  /** Only those that last. */
  readonly open: boolean
  /** The `next` of the page before. */
  readonly after: Option.Option<string>
  readonly limit: number
}

export interface AlertPage {
  readonly alerts: ReadonlyArray<Alert>
  readonly next: Option.Option<string>
}

/** The tables `alert` and `alert_telling`: what somebody should look at, and what was said of it to whom. */
export class Alerts extends Context.Service<Alerts, {
  /** Those that last, the oldest first; never more than a thousand. */
  readonly open: Effect.Effect<ReadonlyArray<Alert>, SurrealError>
  /** The newest first. */
  readonly list: (listing: AlertListing) => Effect.Effect<AlertPage, SurrealError>
  /** Writes what has changed and what is to be said of it, with what else belongs to it, in one transaction. */
  readonly change: (
    changes: AlertChanges,
    now: DateTime.Utc,
    besides: ReadonlyArray<Statement>
  ) => Effect.Effect<void, SurrealError>
  /** What waits longest for a sink, whether or not its turn has come. */
  readonly next: (sink: string) => Effect.Effect<Option.Option<NextTelling>, SurrealError>
  /** The right to send it, until then; false when another has it, or it is not to be sent any more. */
  readonly claim: (telling: NextTelling, until: number) => Effect.Effect<boolean, SurrealError>
  /** Notes how the try that was claimed has ended. */
  readonly told: (telling: NextTelling, result: Told) => Effect.Effect<void, SurrealError>
  /** Removes alerts that ended before then, a batch at a time, and says how many. */
  readonly prune: (before: DateTime.Utc) => Effect.Effect<number, SurrealError>
}>()("glider/store/Alerts") {
  static readonly layer: Layer.Layer<Alerts, never, Surreal> = Layer.effect(
    Alerts,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const withTellings = Effect.fnUntraced(function*(rows: ReadonlyArray<typeof AlertRow.Type>) {
        const tellings = rows.length === 0 ? [] : yield* surreal.query(
          Schema.Array(TellingRow),
          "SELECT * FROM alert_telling WITH INDEX alert_telling_by_alert WHERE alert IN $alerts",
          { alerts: rows.map(({ name }) => name) }
        )
        const inOrder = tellings.toSorted((one, other) =>
          one.created_at.epochMilliseconds - other.created_at.epochMilliseconds || (one.sink < other.sink ? -1 : 1)
        )
        return rows.map((row) => alertOf(row, inOrder))
      })

      const lasting = surreal.query(
        Schema.Array(AlertRow),
        "SELECT *, record::id(id)[0] AS name FROM alert WITH INDEX alert_by_open WHERE open >= '' LIMIT $most",
        { most }
      )

      const open = lasting.pipe(
        Effect.map((rows) => rows.toSorted((one, other) => one.place < other.place ? 1 : -1)),
        Effect.flatMap(withTellings),
        Effect.withSpan("Alerts.open")
      )

      const list = Effect.fn("Alerts.list")(function*({ after, limit, open: isOpen }: AlertListing) {
        const from = Option.getOrElse(after, () => "")
        const rows = isOpen
          ? (yield* lasting).toSorted((one, other) => one.place < other.place ? -1 : 1).filter(({ place }) =>
            place > from
          )
          : yield* surreal.query(
            Schema.Array(AlertRow),
            "SELECT *, record::id(id)[0] AS name FROM alert WITH INDEX alert_by_place WHERE place > $from LIMIT $size",
            { from, size: limit + 1 }
          )
        const shown = rows.slice(0, limit)
        return {
          alerts: yield* withTellings(shown),
          next: rows.length > limit
            ? Option.map(Option.fromUndefinedOr(shown.at(-1)), ({ place }) => place)
            : Option.none()
        }
      })

      const change = Effect.fn("Alerts.change")(
        function*(changes: AlertChanges, now: DateTime.Utc, besides: ReadonlyArray<Statement>) {
          const statements = [...statementsOf(changes, now), ...besides]
          if (statements.length > 0) yield* surreal.transaction(statements)
        }
      )

      const next = Effect.fn("Alerts.next")(function*(
        sink: string
      ): Effect.fn.Return<Option.Option<NextTelling>, SurrealError> {
        const [first] = yield* surreal.query(
          Schema.Array(TellingRow),
          "SELECT * FROM alert_telling WITH INDEX alert_telling_by_queue WHERE queue = $sink AND created_at >= 0 LIMIT 1",
          { sink }
        )
        if (first === undefined) return Option.none()
        const rows = yield* surreal.query(
          Schema.Array(AlertRow),
          "SELECT *, record::id(id)[0] AS name FROM $ids WHERE id != NONE",
          { ids: [alertRow(first.alert)] }
        )
        const key = { alert: first.alert, sink, saying: first.saying, number: first.created_at.epochMilliseconds }
        const [row] = rows
        if (row === undefined) { // another process was first to raise the same
          yield* surreal.execute("DELETE $ids RETURN NONE", { ids: [tellingRow(key)] })
          return yield* next(sink)
        }
        return Option.some({
          key,
          alert: alertOf(row, []),
          attempts: first.attempts,
          due: first.due,
          lastError: first.last_error
        })
      })

      const claim = Effect.fn("Alerts.claim")(function*({ attempts, key }: NextTelling, until: number) {
        const [result] = yield* surreal.transaction([{
          sql: "UPDATE $ids SET attempts += 1, due = $until WHERE status = 'pending' AND attempts = $attempts " +
            "RETURN VALUE attempts",
          vars: { ids: [tellingRow(key)], until, attempts }
        }])
        return (yield* Effect.orDie(decodeCounts(result))).length > 0
      })

      const told = Effect.fn("Alerts.told")(function*({ attempts, key }: NextTelling, result: Told) {
        const set = result.status === "sent"
          ? "sent_at = $at, last_error = NONE"
          : `last_error = $error${result.status === "pending" ? ", due = $due" : ""}`
        yield* surreal.transaction([{
          sql: `UPDATE $ids SET status = $status, ${set} WHERE status = 'pending' AND attempts = $claimed RETURN NONE`,
          vars: { ids: [tellingRow(key)], claimed: attempts + 1, ...result }
        }])
      })

      const prune = Effect.fn("Alerts.prune")(function*(before: DateTime.Utc) {
        const names = yield* surreal.query(
          Schema.Array(Schema.String),
          "SELECT VALUE record::id(id)[0] FROM alert WITH INDEX alert_by_end " +
            "WHERE resolved_at >= 0 AND resolved_at < $before LIMIT $batch",
          { before: before.epochMilliseconds, batch }
        )
        if (names.length === 0) return 0
        const tellings = yield* surreal.query(
          Schema.Array(
            Schema.Struct({ alert: Schema.String, sink: Schema.String, saying: Saying, created_at: Schema.Finite })
          ),
          "SELECT alert, sink, saying, created_at FROM alert_telling WITH INDEX alert_telling_by_alert WHERE alert IN $names",
          { names }
        )
        const ids = [
          ...names.map(alertRow),
          ...tellings.map(({ created_at, ...key }) => tellingRow({ ...key, number: created_at }))
        ]
        yield* surreal.transaction([{ sql: "DELETE $ids RETURN NONE", vars: { ids } }])
        return names.length
      })

      return Alerts.of({ open, list, change, next, claim, told, prune })
    })
  )
}

/** So many alerts that last are looked at; who has more knows enough. */
const most = 1000

/** Alerts that are removed at once. */
const batch = 100

const decodeCounts = Schema.decodeUnknownEffect(Schema.Array(Schema.Natural))
