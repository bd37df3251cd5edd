import { Clock, Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { CurrentConfig } from "../Config.ts"
import { AffinityKind, type AffinityPriority, archivedBelow, dailyRates, scoreOf } from "../domain/Affinity.ts"
import { dayOf, daysBetween, type LocalDay } from "../domain/LocalDay.ts"
import * as Series from "../Series.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type AffinityListing, type AffinityRow, AffinityRows } from "../store/AffinityRows.ts"
import { type Encounter, type Encounters, Met } from "./Encounters.ts"

/** What a look at everything has come to. */
export const DecayResult = Schema.Struct({
  /** Things that are known. */
  known: Schema.Natural,
  /** Those that were met for the first time, and those that were met again. */
  met: Schema.Natural,
  /** Those that have come down since the last look. */
  decayed: Schema.Natural,
  /** Those that are archived since this look. */
  archived: Schema.Natural
})
export type DecayResult = typeof DecayResult.Type

const nothing: DecayResult = { known: 0, met: 0, decayed: 0, archived: 0 }

const runs = Series.counter("memory_decay_runs_total", {
  description: "Looks that let affinities fall",
  labels: []
})

const decayed = Series.counter("nodes_decayed_total", {
  description: "Tracks, artists, places and people whose affinity has fallen",
  labels: []
})

const archived = Series.counter("nodes_archived_total", {
  description: "Tracks, artists, places and people that were archived, since their affinity is below a tenth",
  labels: []
})

/** How near tracks, artists, places and people are to the owner. */
export class Affinities extends Context.Service<Affinities, {
  /** Looks at all that was met, and makes every score anew; a second look on the same day changes nothing. */
  readonly decay: Effect.Effect<DecayResult, SurrealError>
  /** The nearest first, with the scores of today. */
  readonly list: (listing: AffinityListing) => Effect.Effect<
    { readonly rows: ReadonlyArray<AffinityRow>; readonly next: Option.Option<string> },
    SurrealError
  >
  /** Says how much something matters, and so how fast it falls; none where it is not known. */
  readonly prefer: (
    kind: AffinityKind,
    key: string,
    priority: AffinityPriority
  ) => Effect.Effect<Option.Option<AffinityRow>, SurrealError>
}>()("glider/affinity/Affinities") {
  static readonly layer = Layer.effect(
    Affinities,
    Effect.gen(function*() {
      const { affinity: rates = dailyRates, scheduler: { timezone } } = yield* CurrentConfig
      const met = yield* Met
      const rows = yield* AffinityRows

      /** The score that it has on a day. */
      const scored = (row: AffinityRow, today: LocalDay): AffinityRow => {
        const days = daysBetween(dayOf(DateTime.makeUnsafe(row.lastMet), timezone), today)
        return { ...row, score: scoreOf({ uses: row.uses, days, priority: row.priority }, rates[row.kind]) }
      }

      /** The same, archived once that is below a tenth, and no more once it is not. */
      const judged = (row: AffinityRow, today: LocalDay, now: number): AffinityRow => {
        const one = scored(row, today)
        if (one.score >= archivedBelow) return { ...one, archivedAt: undefined, archivedReason: undefined }
        return { ...one, archivedAt: row.archivedAt ?? now, archivedReason: row.archivedReason ?? "relevance_decay" }
      }

      const ofKind = Effect.fnUntraced(
        function*(kind: AffinityKind, found: Encounters, today: LocalDay, now: number) {
          const known = new Map((yield* rows.all(kind)).map((row) => [row.key, row]))
          const looked = [...new Set([...known.keys(), ...found.keys()])].map((key) => {
            const before = known.get(key)
            return { before, after: judged(joined(kind, key, before, found.get(key)), today, now) }
          })
          const changed = looked.filter(({ after, before }) => before === undefined || differs(before, after))
          yield* rows.put(changed.map(({ after }) => after))
          const count = (is: (after: AffinityRow, before: AffinityRow | undefined) => boolean) =>
            changed.filter(({ after, before }) => is(after, before)).length
          return {
            known: looked.length,
            met: count((after, before) => before === undefined || after.uses > before.uses),
            decayed: count((after, before) => before !== undefined && after.score < before.score),
            archived: count((after, before) => after.archivedAt !== undefined && before?.archivedAt === undefined)
          } satisfies DecayResult
        }
      )

      const decay = Effect.gen(function*() {
        const now = yield* DateTime.now
        const today = dayOf(now, timezone)
        const found = yield* met.all(now)
        let total = nothing
        for (const kind of AffinityKind.literals) {
          total = sumOf(total, yield* ofKind(kind, found[kind], today, now.epochMilliseconds))
        }
        yield* runs.update({}, 1)
        yield* decayed.update({}, total.decayed)
        yield* archived.update({}, total.archived)
        return total
      }).pipe(Effect.withSpan("Affinities.decay"))

      const list = Effect.fn("Affinities.list")(function*(listing: AffinityListing) {
        const today = dayOf(yield* DateTime.now, timezone)
        const page = yield* rows.list(listing)
        return { ...page, rows: page.rows.map((row) => scored(row, today)) }
      })

      const prefer = Effect.fn("Affinities.prefer")(
        function*(kind: AffinityKind, key: string, priority: AffinityPriority) {
          const found = yield* rows.get(kind, key)
          if (Option.isNone(found)) return found
          const now = yield* Clock.currentTimeMillis
          const row = judged({ ...found.value, priority }, dayOf(DateTime.makeUnsafe(now), timezone), now)
          yield* rows.prefer(row)
          return Option.some(row)
        }
      )
      return Affinities.of({ decay, list, prefer })
    })
  )
}

/** What is known of something now. What the records no longer tell of stays as it was met. */
const joined = (
  kind: AffinityKind,
  key: string,
  before: AffinityRow | undefined,
  met: Encounter | undefined
): AffinityRow => ({
  kind,
  key,
  name: met?.name ?? before?.name ?? key,
  artists: met?.artists ?? before?.artists ?? [],
  uses: met?.uses ?? before?.uses ?? 0,
  lastMet: met?.last ?? before?.lastMet ?? 0,
  priority: before?.priority ?? "medium",
  score: before?.score ?? 0,
  archivedAt: before?.archivedAt,
  archivedReason: before?.archivedReason
})

const differs = (before: AffinityRow, after: AffinityRow): boolean =>
  // of what is archived the score is not looked after any more
  (before.score !== after.score && (before.archivedAt === undefined || after.archivedAt === undefined)) ||
  before.uses !== after.uses || before.lastMet !== after.lastMet || before.name !== after.name ||
  before.archivedAt !== after.archivedAt

const sumOf = (one: DecayResult, other: DecayResult): DecayResult => ({
  known: one.known + other.known,
  met: one.met + other.met,
  decayed: one.decayed + other.decayed,
  archived: one.archived + other.archived
})
