import { Array as Arr, Context, type DateTime, Effect, Layer, Option, Order, Schema } from "effect"
import { type BackgroundJob, type JobFilter, JobStatus, type overStatuses } from "../domain/BackgroundJob.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { bucketOf, JobColumns, jobId, jobOfRow, keysOf, type NewJob, placeAt, rowOfNew } from "./JobRows.ts"

export type OverStatus = typeof overStatuses[number]

export interface JobListing {
  readonly filter: JobFilter
  /** The `next` of the page before. */
  readonly after: Option.Option<string>
  readonly limit: number
}

/** Jobs, the newest first. */
export interface JobPage {
  readonly jobs: ReadonlyArray<BackgroundJob>
  /** Where the next page begins; none after the last. */
  readonly next: Option.Option<string>
}

/** How many jobs of a type are queued or running, and since when the one that waits longest could have begun. */
export interface JobDepth {
  readonly type: string
  readonly status: "queued" | "running"
  readonly count: number
  readonly oldest: number
}

/** The table `background_job`, as those use it who give work and look after it. */
export class BackgroundJobs extends Context.Service<BackgroundJobs, {
  /** Writes those of whose key no other job is queued, running or has succeeded, all at once; gives their ids. */
  readonly insert: (jobs: ReadonlyArray<NewJob>) => Effect.Effect<ReadonlyArray<string>, SurrealError>
  /** The jobs that have these keys, by key. */
  readonly holders: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, SurrealError>
  /** Writes a job that repeats another. */
  readonly repeat: (job: NewJob, original: string) => Effect.Effect<void, SurrealError>
  readonly get: (id: string) => Effect.Effect<Option.Option<BackgroundJob>, SurrealError>
  readonly list: (listing: JobListing) => Effect.Effect<JobPage, SurrealError>
  /** Ends one that is queued or running; false when it is neither. */
  readonly cancel: (id: string, now: number) => Effect.Effect<boolean, SurrealError>
  /** What waits and what runs. */
  readonly depths: (now: number) => Effect.Effect<ReadonlyArray<JobDepth>, SurrealError>
  /** Of how many jobs of a status the end lies before then. */
  readonly count: (status: OverStatus, before: DateTime.Utc) => Effect.Effect<number, SurrealError>
  /** Removes them, a batch at a time, and says how many. */
  readonly prune: (status: OverStatus, before: DateTime.Utc) => Effect.Effect<number, SurrealError>
}>()("glider/store/BackgroundJobs") {
  static readonly layer: Layer.Layer<BackgroundJobs, never, Surreal> = Layer.effect(
    BackgroundJobs,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const insert = Effect.fn("BackgroundJobs.insert")(function*(jobs: ReadonlyArray<NewJob>) {
        const inserted = yield* Effect.forEach(
          Arr.chunksOf(jobs, batch),
          (chunk) => surreal.transaction([{ sql: `${ignoring} RETURN VALUE key`, vars: { rows: chunk.map(rowOfNew) } }])
        )
        return (yield* Effect.forEach(inserted, ([keys]) => keysOf(keys))).flat()
      })

      const holders = Effect.fn("BackgroundJobs.holders")(function*(keys: ReadonlyArray<string>) {
        const rows = yield* Effect.forEach(Arr.chunksOf(keys, batch), (chunk) =>
          surreal.query(
            Schema.Array(Schema.Struct({ key: Schema.String, idempotency_key: Schema.String })),
            "SELECT key, idempotency_key FROM background_job WITH INDEX background_job_by_bucket WHERE bucket IN $buckets",
            { buckets: chunk.map(bucketOf) }
          ))
        return new Map(rows.flat().map((row) => [row.idempotency_key, row.key]))
      })

      const repeat = Effect.fn("BackgroundJobs.repeat")(function*(job: NewJob, original: string) {
        yield* surreal.transaction([
          { sql: `${ignoring} RETURN NONE`, vars: { rows: [rowOfNew(job)] } },
          { sql: "UPDATE $ids SET retried_by = $by RETURN NONE", vars: { ids: [jobId(original)], by: job.id } }
        ])
      })

      const get = Effect.fn("BackgroundJobs.get")(function*(id: string) {
        const [row] = yield* surreal.query(Schema.Array(JobColumns), "SELECT * FROM $ids", { ids: [jobId(id)] })
        return Option.map(Option.fromUndefinedOr(row), jobOfRow)
      })

      const list = Effect.fn("BackgroundJobs.list")(
        function*({ after, filter, limit }: JobListing): Effect.fn.Return<JobPage, SurrealError> {
          const statuses = Option.match(filter.status, { onNone: () => JobStatus.literals, onSome: Arr.of })
          const [index, column, values] = Option.match(filter.type, {
            onNone: () => ["background_job_by_status", "status", statuses] as const,
            onSome: (type) => ["background_job_by_shelf", "shelf", statuses.map((one) => `${type} ${one}`)] as const
          })
          const shelves = values.map((_, at) =>
            `(SELECT * FROM background_job WITH INDEX ${index} WHERE ${column} = $shelf${at} AND place > $after LIMIT $size)`
          )
          const found = yield* surreal.query(
            Schema.Array(Schema.Array(JobColumns)),
            `RETURN [${shelves.join(", ")}]`,
            {
              ...Object.fromEntries(values.map((value, at) => [`shelf${at}`, value])),
              after: Option.getOrElse(after, () => ""),
              size: limit + 1
            }
          )
          const rows = Arr.sort(found.flat(), byPlace)
          const shown = rows.slice(0, limit)
          return {
            jobs: shown.map(jobOfRow),
            next: rows.length > limit ? Option.map(Arr.last(shown), ({ place }) => place) : Option.none()
          }
        }
      )

      const cancel = Effect.fn("BackgroundJobs.cancel")(function*(id: string, now: number) {
        const [keys] = yield* surreal.transaction([{
          sql: "UPDATE $ids SET status = 'cancelled', completed_at = $now, updated_at = $now, locked_by = NONE, " +
            "lease_until = NONE WHERE status IN ['queued', 'running'] RETURN VALUE key",
          vars: { ids: [jobId(id)], now }
        }])
        return (yield* keysOf(keys)).length > 0
      })

      const depths = Effect.fn("BackgroundJobs.depths")(function*(now: number) {
        const depth = (status: JobDepth["status"]) =>
          "(SELECT job_type AS type, status, count() AS count, math::min(run_at) AS oldest FROM background_job " +
          `WITH INDEX background_job_by_status WHERE status = '${status}' GROUP BY type, status)`
        const rows = yield* surreal.query(
          Schema.Array(DepthColumns),
          `RETURN array::concat(${depth("queued")}, ${depth("running")})`
        )
        return rows.map((row): JobDepth => ({ ...row, oldest: Math.min(row.oldest, now) }))
      })

      /** Those of a status that have ended before, from one made at a place on; what has ended before was made before. */
      const ended = Effect.fnUntraced(function*(status: OverStatus, before: DateTime.Utc, after: string) {
        const rows = yield* surreal.query(
          Schema.Array(EndColumns),
          "SELECT key, place, completed_at FROM background_job WITH INDEX background_job_by_status " +
            "WHERE status = $status AND place > $after LIMIT $batch",
          { status, after, batch }
        )
        return {
          keys: rows.flatMap(({ completed_at, key }) => completed_at < before.epochMilliseconds ? [key] : []),
          last: Arr.last(rows)
        }
      })

      const each = Effect.fnUntraced(function*(
        status: OverStatus,
        before: DateTime.Utc,
        act: (keys: ReadonlyArray<string>) => Effect.Effect<unknown, SurrealError>
      ) {
        let count = 0
        let after = placeAt(before.epochMilliseconds)
        for (;;) {
          const { keys, last } = yield* ended(status, before, after)
          if (keys.length > 0) yield* act(keys)
          count += keys.length
          if (Option.isNone(last)) return count
          after = last.value.place
        }
      })

      const count = Effect.fn("BackgroundJobs.count")((status: OverStatus, before: DateTime.Utc) =>
        each(status, before, () => Effect.void)
      )

      const prune = Effect.fn("BackgroundJobs.prune")((status: OverStatus, before: DateTime.Utc) =>
        each(
          status,
          before,
          (keys) => surreal.transaction([{ sql: "DELETE $ids RETURN NONE", vars: { ids: keys.map(jobId) } }])
        )
      )

      return BackgroundJobs.of({ insert, holders, repeat, get, list, cancel, depths, count, prune })
    })
  )
}

/** Rows that are written, looked at or removed at once. */
const batch = 500

/** Leaves out those whose id or key is there. */
const ignoring = "INSERT IGNORE INTO background_job $rows"

const byPlace = Order.mapInput(Order.String, ({ place }: JobColumns) => place)

const DepthColumns = Schema.Struct({
  type: Schema.String,
  status: Schema.Literals(["queued", "running"]),
  count: Schema.Natural,
  oldest: Schema.Finite
})

const EndColumns = Schema.Struct({ key: Schema.String, place: Schema.String, completed_at: Schema.Finite })
