import { Array as Arr, Context, Effect, Layer, Option, Schema } from "effect"
import { AffinityKind, AffinityPriority } from "../domain/Affinity.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** How near something is. Instants are epoch milliseconds. */
export interface AffinityRow {
  readonly kind: AffinityKind
  readonly key: string
  readonly name: string
  readonly artists: ReadonlyArray<string>
  readonly uses: number
  readonly lastMet: number
  readonly priority: AffinityPriority
  /** As of the day on which it was made. */
  readonly score: number
  readonly archivedAt: number | undefined
  readonly archivedReason: string | undefined
}

export interface AffinityListing {
  readonly kind: AffinityKind
  readonly archived: boolean
  /** The `next` of the page before. */
  readonly after: Option.Option<string>
  readonly limit: number
}

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema))

const Row = Schema.Struct({
  id: Schema.Tuple([AffinityKind, Schema.String]),
  name: Schema.String,
  artists: Schema.Array(Schema.String),
  uses: Schema.Finite,
  last_met: Schema.Finite,
  priority: AffinityPriority,
  score: Schema.Finite,
  place: Schema.String,
  archived_at: optional(Schema.Finite),
  archived_reason: optional(Schema.String)
})

const columns =
  "record::id(id) AS id, name, artists, uses, last_met, priority, score, place, archived_at, archived_reason"

const rowOf = (row: typeof Row.Type): AffinityRow => ({
  kind: row.id[0],
  key: row.id[1],
  name: row.name,
  artists: row.artists,
  uses: row.uses,
  lastMet: row.last_met,
  priority: row.priority,
  score: row.score,
  archivedAt: row.archived_at ?? undefined,
  archivedReason: row.archived_reason ?? undefined
})

/** Ascends from the nearest to the farthest. */
const placeOf = ({ key, score }: AffinityRow): string =>
  `${String(Math.round((1 - score) * 1e9)).padStart(10, "0")} ${key}`

const rowId = (kind: AffinityKind, key: string) => recordId("affinity", [kind, key])

/** Rows in one transaction. */
const batch = 500

/** The table `affinity`. No row is ever removed. */
export class AffinityRows extends Context.Service<AffinityRows, {
  readonly all: (kind: AffinityKind) => Effect.Effect<ReadonlyArray<AffinityRow>, SurrealError>
  readonly get: (kind: AffinityKind, key: string) => Effect.Effect<Option.Option<AffinityRow>, SurrealError>
  /** Writes them as they are, a few hundred in a transaction; what the owner has said of those that are there stays. */
  readonly put: (rows: ReadonlyArray<AffinityRow>) => Effect.Effect<void, SurrealError>
  /** Writes one as it is, with what the owner says of it. */
  readonly prefer: (row: AffinityRow) => Effect.Effect<void, SurrealError>
  /** The nearest first, by the scores that are stored. */
  readonly list: (listing: AffinityListing) => Effect.Effect<
    { readonly rows: ReadonlyArray<AffinityRow>; readonly next: Option.Option<string> },
    SurrealError
  >
}>()("glider/store/AffinityRows") {
  static readonly layer: Layer.Layer<AffinityRows, never, Surreal> = Layer.effect(
    AffinityRows,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const all = Effect.fn("AffinityRows.all")(function*(kind: AffinityKind) {
        const rows = yield* surreal.query(
          Schema.Array(Row),
          `SELECT ${columns} FROM affinity:[$kind]..[$kind, ..]`,
          { kind }
        )
        return rows.map(rowOf)
      })

      const get = Effect.fn("AffinityRows.get")(function*(kind: AffinityKind, key: string) {
        const [row] = yield* surreal.query(Schema.Array(Row), `SELECT ${columns} FROM $ids WHERE id != NONE`, {
          ids: [rowId(kind, key)]
        })
        return Option.map(Option.fromUndefinedOr(row), rowOf)
      })

      const written = (rows: ReadonlyArray<AffinityRow>, more: string) => ({
        sql: "INSERT INTO affinity $rows ON DUPLICATE KEY UPDATE name = $input.name, artists = $input.artists, " +
          "uses = $input.uses, last_met = $input.last_met, score = $input.score, place = $input.place, " +
          `archived_at = $input.archived_at, archived_reason = $input.archived_reason${more} RETURN NONE`,
        vars: {
          rows: rows.map((row) => ({
            id: rowId(row.kind, row.key),
            kind: row.kind,
            name: row.name,
            artists: row.artists,
            uses: row.uses,
            last_met: row.lastMet,
            priority: row.priority,
            score: row.score,
            place: placeOf(row),
            archived_at: row.archivedAt,
            archived_reason: row.archivedReason
          }))
        }
      })

      const put = Effect.fn("AffinityRows.put")((rows: ReadonlyArray<AffinityRow>) =>
        Effect.forEach(Arr.chunksOf(rows, batch), (chunk) => surreal.transaction([written(chunk, "")]), {
          discard: true
        })
      )

      const prefer = Effect.fn("AffinityRows.prefer")((row: AffinityRow) =>
        Effect.asVoid(surreal.transaction([written([row], ", priority = $input.priority")]))
      )

      const list = Effect.fn("AffinityRows.list")(function*({ after, archived, kind, limit }: AffinityListing) {
        const found = yield* surreal.query(
          Schema.Array(Row),
          `SELECT ${columns} FROM affinity WITH INDEX affinity_by_shelf ` +
            "WHERE shelf = $shelf AND place > $after LIMIT $size",
          {
            shelf: `${kind} ${archived ? "archived" : "active"}`,
            after: Option.getOrElse(after, () => ""),
            size: limit + 1
          }
        )
        const shown = found.slice(0, limit)
        return {
          rows: shown.map(rowOf),
          next: found.length > limit
            ? Option.map(Option.fromUndefinedOr(shown.at(-1)), ({ place }) => place)
            : Option.none()
        }
      })
      return AffinityRows.of({ all, get, put, prefer, list })
    })
  )
}
