/** Evidence whose rows bear the instant from which their age counts, in a column with an index. */
import { type DateTime, Effect, Option, Schema, Stream } from "effect"
import type { EvidenceKind } from "../domain/Evidence.ts"
import type { Surreal } from "../services/Surreal.ts"
import { recordId } from "../services/SurrealValue.ts"
import type { Evidence, EvidencePage } from "./Evidence.ts"
import type { Key } from "./Write.ts"

/** Rows that are removed in one transaction. */
const batch = 500

interface Aged {
  readonly kind: EvidenceKind
  readonly table: string
  /** Epoch milliseconds; a row without it has no age. */
  readonly column: string
  readonly index: string
  /** The id that a subject means, which is its parts with slashes between them. */
  readonly keyOf: (subject: string) => Key
}

/** Where a page has ended: at an instant, of which some rows have come already. */
interface Place {
  readonly from: number
  readonly seen: ReadonlySet<string>
}

const beginning: Place = { from: 0, seen: new Set() }

const IdParts = Schema.Array(Schema.Union([Schema.String, Schema.Finite]))

const Rows = Schema.Array(Schema.Struct({ key: IdParts, at: Schema.Finite }))

const aged = ({ column, index, keyOf, kind, table }: Aged) => (surreal: Surreal["Service"]): Evidence => {
  const idsOf = (subjects: ReadonlyArray<string>) => subjects.map((subject) => recordId(table, keyOf(subject)))

  const pageAfter = (before: DateTime.Utc) =>
    Effect.fnUntraced(function*({ from, seen }: Place) {
      const rows = yield* surreal.query(
        Rows,
        `SELECT record::id(id) AS key, ${column} AS at FROM ${table} WITH INDEX ${index} ` +
          `WHERE ${column} >= $from AND ${column} < $before LIMIT $size`,
        // those of the last instant that are still there come once more
        { from, before: before.epochMilliseconds, size: batch + seen.size }
      )
      const found = rows.map(({ at, key }) => ({ at, subject: key.join("/") }))
      const fresh = found.filter(({ subject }) => !seen.has(subject))
      const page: EvidencePage = {
        scanned: fresh.length,
        expired: fresh.map(({ subject }) => subject),
        inUse: [],
        removal: (subjects) => [{ sql: "DELETE $ids RETURN NONE", vars: { ids: idsOf(subjects) } }]
      }
      const last = fresh.at(-1)
      const next = Option.map(Option.fromUndefinedOr(last), ({ at }): Place => ({
        from: at,
        seen: new Set([
          ...at === from ? seen : [],
          ...found.flatMap((one) => one.at === at ? [one.subject] : [])
        ])
      }))
      return [[page], next] as const
    })

  return {
    kind,
    pages: (before) => Stream.paginate(beginning, pageAfter(before)),
    present: (subjects) =>
      Effect.map(
        surreal.query(Schema.Array(IdParts), "SELECT VALUE record::id(id) FROM $ids WHERE id != NONE", {
          ids: idsOf(subjects)
        }),
        (keys) => keys.map((key) => key.join("/"))
      )
  }
}

/** Two names of which the first has no slash. */
const pair = (subject: string): Key => {
  const at = subject.indexOf("/")
  return [subject.slice(0, at), subject.slice(at + 1)]
}

/** Project, schedule and nominal instant. */
const tickKey = (subject: string): Key => {
  const [project, rest] = [subject.slice(0, subject.indexOf("/")), subject.slice(subject.indexOf("/") + 1)]
  const at = rest.lastIndexOf("/")
  return [project, rest.slice(0, at), Number(rest.slice(at + 1))]
}

export const tickEvidence = aged({
  kind: "tick",
  table: "tick",
  column: "at",
  index: "tick_by_age",
  keyOf: tickKey
})

/** What was told; what failed for good waits for a person, and what was not told yet for its turn. */
export const deliveryEvidence = aged({
  kind: "delivery",
  table: "webhook_outbox",
  column: "published_at",
  index: "webhook_outbox_by_published",
  keyOf: pair
})

/** A message that is as old is refused for its age, should it come again. */
export const messageEvidence = aged({
  kind: "message",
  table: "webhook_inbox",
  column: "received_at",
  index: "webhook_inbox_by_age",
  keyOf: pair
})

export const auditEvidence = aged({
  kind: "audit",
  table: "retention_audit",
  column: "at",
  index: "retention_audit_by_age",
  keyOf: pair
})
