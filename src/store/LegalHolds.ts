import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { everySubject, EvidenceKind, LegalHold } from "../domain/Evidence.ts"
import { type Statement, Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

const Row = Schema.Struct({
  key: Schema.Tuple([EvidenceKind, Schema.String]),
  reason: Schema.String,
  since: Schema.Natural,
  until: Schema.optional(Schema.NullOr(Schema.Natural)),
  immutable: Schema.Boolean
})

const columns = "record::id(id) AS key, reason, since, until, immutable"

const holdOf = ({ immutable, key: [kind, subject], reason, since, until }: typeof Row.Type): LegalHold =>
  new LegalHold({
    kind,
    subject,
    reason,
    since: DateTime.makeUnsafe(since),
    until: Option.map(Option.fromNullishOr(until), (at) => DateTime.makeUnsafe(at)),
    immutable
  })

const rowId = (kind: EvidenceKind, subject: string) => recordId("legal_hold", [kind, subject])

const idsOf = (kind: EvidenceKind, subjects: ReadonlyArray<string>) =>
  [everySubject, ...subjects].map((subject) => rowId(kind, subject))

/** Whether a hold has not ended. */
const isInForce = "(until = NONE OR until > $now)"

/** Fails the transaction with `AlreadyExists` when one of the subjects is held by now. */
export const unlessHeld = (kind: EvidenceKind, subjects: ReadonlyArray<string>, now: DateTime.Utc): Statement => ({
  sql: `IF array::len((SELECT VALUE id FROM $ids WHERE id != NONE AND ${isInForce})) > 0 ` +
    "{ THROW 'a hold already exists' }",
  vars: { ids: idsOf(kind, subjects), now: now.epochMilliseconds }
})

/** The table `legal_hold`: what is kept however old it is. */
export class LegalHolds extends Context.Service<LegalHolds, {
  /** Holds a subject; one that is held by an immutable hold already stays held as it is, and then it is false. */
  readonly add: (hold: LegalHold) => Effect.Effect<boolean, SurrealError>
  /** Ends a hold; false when nobody can end it yet, or there is none. */
  readonly remove: (kind: EvidenceKind, subject: string, now: DateTime.Utc) => Effect.Effect<boolean, SurrealError>
  readonly get: (kind: EvidenceKind, subject: string) => Effect.Effect<Option.Option<LegalHold>, SurrealError>
  /** By kind and subject. */
  readonly list: (
    after: Option.Option<readonly [EvidenceKind, string]>,
    limit: number
  ) => Effect.Effect<ReadonlyArray<LegalHold>, SurrealError>
  /** Those of the subjects that are held; all of them where the kind is. */
  readonly among: (
    kind: EvidenceKind,
    subjects: ReadonlyArray<string>,
    now: DateTime.Utc
  ) => Effect.Effect<ReadonlySet<string>, SurrealError>
}>()("glider/store/LegalHolds") {
  static readonly layer: Layer.Layer<LegalHolds, never, Surreal> = Layer.effect(
    LegalHolds,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const add = Effect.fn("LegalHolds.add")(
        function*({ immutable, kind, reason, since, subject, until }: LegalHold) {
          const id = rowId(kind, subject)
          yield* surreal.transaction([
            {
              sql: "IF array::len((SELECT VALUE id FROM $ids WHERE id != NONE AND immutable = true AND " +
                `${isInForce})) > 0 { THROW 'a hold that nobody can change already exists' }`,
              vars: { ids: [id], now: since.epochMilliseconds }
            },
            {
              sql:
                "UPSERT $id SET reason = $reason, since = $since, until = $until, immutable = $immutable RETURN NONE",
              vars: {
                id,
                reason,
                since: since.epochMilliseconds,
                until: Option.getOrUndefined(Option.map(until, DateTime.toEpochMillis)),
                immutable
              }
            }
          ])
          return true
        },
        (adding) => Effect.catchIf(adding, ({ reason }) => reason._tag === "AlreadyExists", () => Effect.succeed(false))
      )

      const remove = Effect.fn("LegalHolds.remove")(function*(kind: EvidenceKind, subject: string, now: DateTime.Utc) {
        const [gone] = yield* surreal.transaction([{
          sql: "DELETE $id WHERE immutable = false OR until <= $now RETURN BEFORE",
          vars: { id: rowId(kind, subject), now: now.epochMilliseconds }
        }])
        return Array.isArray(gone) && gone.length > 0
      })

      const get = Effect.fn("LegalHolds.get")(function*(kind: EvidenceKind, subject: string) {
        const [row] = yield* surreal.query(Schema.Array(Row), `SELECT ${columns} FROM $ids WHERE id != NONE`, {
          ids: [rowId(kind, subject)]
        })
        return Option.map(Option.fromUndefinedOr(row), holdOf)
      })

      const list = Effect.fn("LegalHolds.list")(
        function*(after: Option.Option<readonly [EvidenceKind, string]>, limit: number) {
          const rows = yield* surreal.query(
            Schema.Array(Row),
            `SELECT ${columns} FROM legal_hold WITH INDEX legal_hold_by_place WHERE place > $after LIMIT $limit`,
            { after: Option.match(after, { onNone: () => "", onSome: (key) => key.join(" ") }), limit }
          )
          return rows.map(holdOf)
        }
      )

      const among = Effect.fn("LegalHolds.among")(
        function*(kind: EvidenceKind, subjects: ReadonlyArray<string>, now: DateTime.Utc) {
          if (subjects.length === 0) return new Set<string>()
          const held = yield* surreal.query(
            Schema.Array(Schema.String),
            `SELECT VALUE record::id(id)[1] FROM $ids WHERE id != NONE AND ${isInForce}`,
            { ids: idsOf(kind, subjects), now: now.epochMilliseconds }
          )
          return new Set(held.includes(everySubject) ? subjects : held)
        }
      )
      return LegalHolds.of({ add, remove, get, list, among })
    })
  )
}
