import { Array as Arr, Context, Effect, Layer, Option, Schema, Stream } from "effect"
import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterKey,
  deadLetterKey,
  type DeadLetterPlace,
  isMeant
} from "../domain/DeadLetter.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"
import {
  type Aged,
  DeliveryLetterColumns,
  JobLetterColumns,
  QuarantineColumns,
  quarantined,
  readAged,
  runLetter,
  RunLetterColumns,
  undelivered,
  undone
} from "./DeadLetterRows.ts"
import { fillPage } from "./Paging.ts"

/** Which dead letters to list, newest first. */
export interface DeadLetterListing {
  readonly filter: DeadLetterFilter
  /** The `next` of the page before. */
  readonly after: Option.Option<DeadLetterPlace>
  /** At most 500. */
  readonly limit: number
}

export interface DeadLetterPage {
  readonly letters: ReadonlyArray<DeadLetter>
  /** None after the last page; a page may be shorter than asked, even empty, when few of many are meant. */
  readonly next: Option.Option<DeadLetterPlace>
}

/** What a filter means at the moment. */
export interface Meant {
  readonly count: number
  /** The newest of them. */
  readonly first: ReadonlyArray<DeadLetter>
  /** The ids of them all, newest first, read page by page. What is dropped meanwhile does not disturb it. */
  readonly ids: Stream.Stream<string, SurrealError>
}

/** The one queue of what waits for a person: runs and jobs that failed for good, records that could not be read, events that were not taken. */
export class DeadLetters extends Context.Service<DeadLetters, {
  readonly list: (listing: DeadLetterListing) => Effect.Effect<DeadLetterPage, SurrealError>
  readonly get: (id: string) => Effect.Effect<Option.Option<DeadLetter>, SurrealError>
  /** How many there are. */
  readonly count: Effect.Effect<
    { readonly runs: number; readonly records: number; readonly deliveries: number; readonly jobs: number },
    SurrealError
  >
  /** What is done to all that a filter means, seen before it is done; `first` says how many of them to show. */
  readonly matching: (filter: DeadLetterFilter, first: number) => Effect.Effect<Meant, SurrealError>
  /** Takes letters out of the queue, and says how many there were. The runs and the synced records stay. */
  readonly drop: (ids: ReadonlyArray<string>) => Effect.Effect<number, SurrealError>
}>()("glider/store/DeadLetters") {
  static readonly layer: Layer.Layer<DeadLetters, never, Surreal> = Layer.effect(
    DeadLetters,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const list = Effect.fn("DeadLetters.list")(function*({ after, filter, limit }: DeadLetterListing) {
        const { found, next } = yield* fillPage({
          limit: Math.min(limit, 500),
          after,
          read: readAged(surreal, filter),
          isWanted: ({ letter }: Aged) => isMeant(filter, letter),
          placeOf: ({ letter: { at, id } }) => ({ at: at.epochMilliseconds, id })
        })
        return { letters: found.map(({ letter }) => letter), next }
      })

      const get = Effect.fn("DeadLetters.get")(function*(id: string): Effect.fn.Return<
        Option.Option<DeadLetter>,
        SurrealError
      > {
        const key = deadLetterKey(id)
        if (Option.isNone(key)) return Option.none()
        const from = { ids: [idOf(key.value)] }
        if (key.value._tag === "Delivery") {
          const [letter] = yield* surreal.query(
            Schema.Array(DeliveryLetterColumns),
            "SELECT * FROM $ids WHERE status = 'failed'",
            from
          )
          return Option.map(Option.fromUndefinedOr(letter), (columns) => undelivered(columns).letter)
        }
        if (key.value._tag === "Job") {
          const [letter] = yield* surreal.query(
            Schema.Array(JobLetterColumns),
            "SELECT * FROM $ids WHERE age != NONE",
            from
          )
          return Option.map(Option.fromUndefinedOr(letter), (columns) => undone(columns).letter)
        }
        const found = key.value._tag === "Run"
          ? yield* surreal.query(Schema.Array(RunLetterColumns), "SELECT * FROM $ids WHERE id != NONE", from).pipe(
            Effect.map(Arr.map(runLetter))
          )
          : yield* surreal.query(
            Schema.Array(QuarantineColumns),
            "SELECT *, record::id(id) AS parts FROM $ids WHERE id != NONE",
            from
          ).pipe(Effect.map(Arr.map(quarantined)))
        return Option.map(Arr.head(found), ({ letter }) => letter)
      })

      const count = surreal.query(
        Counts,
        `RETURN { runs: (SELECT count() FROM dead_letter GROUP ALL)[0].count ?? 0, ` +
          `records: (SELECT count() FROM quarantine GROUP ALL)[0].count ?? 0, ` +
          `deliveries: ${failedOf("webhook_outbox")}, jobs: ${failedOf("background_job")} }`
      ).pipe(Effect.withSpan("DeadLetters.count"))

      const all = (filter: DeadLetterFilter) =>
        Stream.paginate(
          Option.none<DeadLetterPlace>(),
          (after) =>
            Effect.map(list({ filter, after, limit: 500 }), ({ letters, next }) =>
              [letters, Option.map(next, Option.some)] as const)
        )

      const matching = Effect.fn("DeadLetters.matching")(function*(filter: DeadLetterFilter, first: number) {
        const seen: Array<DeadLetter> = []
        const count = yield* Stream.runFold(all(filter), () => 0, (count, letter) => {
          if (count < first) seen.push(letter)
          return count + 1
        })
        return { count, first: seen, ids: Stream.map(all(filter), ({ id }) => id) }
      })

      const drop = Effect.fn("DeadLetters.drop")(function*(ids: ReadonlyArray<string>) {
        const keys = ids.flatMap((id) => Option.toArray(deadLetterKey(id)))
        const dropped = yield* Effect.forEach(
          Arr.chunksOf(keys, 500),
          (chunk) =>
            surreal.transaction([{
              sql: "RETURN count(DELETE $ids WHERE age != NONE RETURN BEFORE)",
              vars: { ids: chunk.map(idOf) }
            }])
        )
        const counts = yield* Effect.orDie(decodeCounts(dropped.flat()))
        return counts.reduce((sum, count) => sum + count, 0)
      })

      return DeadLetters.of({ list, get, count, matching, drop })
    })
  )
}

const failedOf = (table: "webhook_outbox" | "background_job"): string =>
  `(SELECT count() FROM ${table} WITH INDEX ${table}_by_age WHERE age <= 0 GROUP ALL)[0].count ?? 0`

const Counts = Schema.Struct({
  runs: Schema.Natural,
  records: Schema.Natural,
  deliveries: Schema.Natural,
  jobs: Schema.Natural
})

const decodeCounts = Schema.decodeUnknownEffect(Schema.Array(Schema.Natural))

const idOf = (key: DeadLetterKey) => {
  switch (key._tag) {
    case "Run":
      return recordId("dead_letter", [key.run])
    case "Record":
      return recordId("quarantine", [key.connection, key.stream, key.hash])
    case "Delivery":
      return recordId("webhook_outbox", [key.endpoint, key.event])
    case "Job":
      return recordId("background_job", [key.job])
  }
}
