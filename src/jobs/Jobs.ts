import { Clock, Context, type DateTime, Effect, Layer, Option, Random, Schema } from "effect"
import { type BackgroundJob, isOver, type JobFilter, overStatuses } from "../domain/BackgroundJob.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { BackgroundJobs, type JobPage, type OverStatus } from "../store/BackgroundJobs.ts"
import type { NewJob } from "../store/JobRows.ts"
import { AtWork } from "./AtWork.ts"
import type { JobType, Plain } from "./JobType.ts"
import { type InvalidPayload, JobTypes, UnknownJobType } from "./JobTypes.ts"

/** No job has that id. */
export class UnknownJob extends Schema.TaggedError<UnknownJob>()("UnknownJob", { id: Schema.String }) {
  override get message(): string {
    return `there is no job ${this.id}`
  }
}

/** It is queued or running, so there is nothing to repeat. */
export class JobNotOver extends Schema.TaggedError<JobNotOver>()("JobNotOver", { id: Schema.String }) {
  override get message(): string {
    return `the job ${this.id} is not over; cancel it first`
  }
}

/** What is said of a job besides its payload; its type says the rest. */
export interface EnqueueOptions {
  /** Jobs of one key are one job: while it is queued or running, and after it has succeeded, no other is made. */
  readonly key?: string
  readonly priority?: number
  /** It does not begin before. */
  readonly runAt?: DateTime.Utc
  readonly resource?: string
  readonly maxAttempts?: number
}

export interface Enqueued {
  readonly id: string
  /** False when a job of the key was there: the id is that one's. */
  readonly isNew: boolean
}

/** What is different in a repetition. */
export interface ReplayOverrides {
  /** Merged into the payload, key by key. */
  readonly payload?: { readonly [key: string]: Schema.Json }
  readonly runAt?: DateTime.Utc
  readonly priority?: number
  readonly maxAttempts?: number
  readonly resource?: string
}

type Repeats = UnknownJob | JobNotOver | InvalidPayload | UnknownJobType | SurrealError

/** Work that the store holds until it is done. */
export class Jobs extends Context.Service<Jobs, {
  /** Gives work, durably. A key that a failed or cancelled job has had is free again. */
  readonly enqueue: <P extends Plain, S extends Plain, F extends Plain>(
    type: JobType<P, S, F>,
    payload: P["Type"],
    options?: EnqueueOptions
  ) => Effect.Effect<Enqueued, SurrealError>
  /** Gives much work of one type in few transactions; the answers are in the same order. */
  readonly enqueueAll: <P extends Plain, S extends Plain, F extends Plain>(
    type: JobType<P, S, F>,
    items: ReadonlyArray<EnqueueOptions & { readonly payload: P["Type"] }>
  ) => Effect.Effect<ReadonlyArray<Enqueued>, SurrealError>
  readonly list: (
    filter: JobFilter,
    after: Option.Option<string>,
    limit: number
  ) => Effect.Effect<JobPage, SurrealError>
  readonly get: (id: string) => Effect.Effect<BackgroundJob, UnknownJob | SurrealError>
  /** Ends one that is queued or running, also in the middle of its work; false when it is over. */
  readonly cancel: (id: string) => Effect.Effect<boolean, UnknownJob | SurrealError>
  /** Does one that is over again, as a new job without a key; gives its id. */
  readonly retry: (id: string) => Effect.Effect<string, Repeats>
  /** Does one again in another way, over or not. */
  readonly replay: (id: string, overrides: ReplayOverrides) => Effect.Effect<string, Repeats>
  /** Removes jobs that have ended before then, or says how many would be. Dead letters go only when `failed` is asked for. */
  readonly purge: (purge: {
    readonly before: DateTime.Utc
    readonly statuses: ReadonlyArray<OverStatus>
    readonly isDry: boolean
  }) => Effect.Effect<{ readonly [S in OverStatus]: number }, SurrealError>
}>()("glider/jobs/Jobs") {
  static readonly layer = Layer.effect(
    Jobs,
    Effect.gen(function*() {
      const atWork = yield* AtWork
      const table = yield* BackgroundJobs
      const types = yield* JobTypes

      /** Twelve digits of the instant, so that ids ascend, and chance: what a key is for, its index does. */
      const idOf = Effect.fnUntraced(function*(now: number) {
        const chance = yield* Effect.replicateEffect(Random.nextIntBetween(0, 0x1_0000, { halfOpen: true }), 5)
        return `job_${hexOf(now, 12)}${chance.map((part) => hexOf(part, 4)).join("")}`
      })

      /** Writes them, and says of each what became of it. */
      const written = Effect.fnUntraced(function*(jobs: ReadonlyArray<NewJob>) {
        const became = new Map<string, Enqueued>()
        let open = jobs
        // a job of the key that fails between the two looks makes room: then this one is written after all
        while (open.length > 0) {
          const inserted = new Set(yield* table.insert(open))
          for (const { id } of open) if (inserted.has(id)) became.set(id, { id, isNew: true })
          open = open.filter(({ id }) => !became.has(id))
          const holders = yield* table.holders(open.flatMap(({ key }) => key === undefined ? [] : [key]))
          for (const { id, key } of open) {
            const holder = key === undefined ? undefined : holders.get(key)
            if (holder !== undefined) became.set(id, { id: holder, isNew: false })
          }
          open = open.filter(({ id }) => !became.has(id))
        }
        yield* atWork.ring
        return (job: NewJob): Enqueued => became.get(job.id) ?? { id: job.id, isNew: false }
      })

      const planned = Effect.fnUntraced(function*<P extends Plain, S extends Plain, F extends Plain>(
        type: JobType<P, S, F>,
        payload: P["Type"],
        options: EnqueueOptions
      ) {
        const now = yield* Clock.currentTimeMillis
        // what its own types let through encodes: a bug, not a failure
        const encoded = yield* Effect.orDie(
          Schema.encodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(type.payload)))(payload)
        )
        return {
          id: yield* idOf(now),
          type: type.name,
          priority: options.priority ?? type.priority,
          runAt: options.runAt?.epochMilliseconds ?? now,
          resource: options.resource ?? type.resource(payload),
          maxAttempts: options.maxAttempts ?? type.maxAttempts,
          key: options.key,
          payload: encoded,
          createdAt: now,
          retryOf: undefined
        } satisfies NewJob
      })

      const enqueue = Effect.fn("Jobs.enqueue")(function*<P extends Plain, S extends Plain, F extends Plain>(
        type: JobType<P, S, F>,
        payload: P["Type"],
        options: EnqueueOptions = {}
      ) {
        const job = yield* planned(type, payload, options)
        return (yield* written([job]))(job)
      })

      const enqueueAll = Effect.fn("Jobs.enqueueAll")(function*<P extends Plain, S extends Plain, F extends Plain>(
        type: JobType<P, S, F>,
        items: ReadonlyArray<EnqueueOptions & { readonly payload: P["Type"] }>
      ) {
        const jobs = yield* Effect.forEach(items, (item) => planned(type, item.payload, item))
        return jobs.map(yield* written(jobs))
      })

      const get = Effect.fnUntraced(function*(id: string) {
        const found = yield* table.get(id)
        return yield* Option.match(found, {
          onNone: () => Effect.fail(new UnknownJob({ id })),
          onSome: Effect.succeed
        })
      })

      const cancel = Effect.fn("Jobs.cancel")(function*(id: string) {
        yield* get(id)
        const isCancelled = yield* table.cancel(id, yield* Clock.currentTimeMillis)
        if (isCancelled) yield* atWork.stop(id, "cancelled")
        return isCancelled
      })

      const repeated = Effect.fnUntraced(function*(job: BackgroundJob, overrides: ReplayOverrides) {
        const type = yield* Option.match(types.find(job.type), {
          onNone: () => Effect.fail(new UnknownJobType({ type: job.type, known: types.all().map(({ name }) => name) })),
          onSome: Effect.succeed
        })
        const payload = merged(job.payload, overrides.payload)
        const resource = yield* type.check(payload)
        const now = yield* Clock.currentTimeMillis
        const id = yield* idOf(now)
        yield* table.repeat({
          id,
          type: job.type,
          priority: overrides.priority ?? job.priority,
          runAt: overrides.runAt?.epochMilliseconds ?? now,
          // a payload that is another one's may be about another resource
          resource: overrides.resource ??
            Option.getOrUndefined(overrides.payload === undefined ? job.resource : resource),
          maxAttempts: overrides.maxAttempts ?? job.maxAttempts,
          key: undefined,
          payload: yield* Effect.orDie(encodeJson(payload)),
          createdAt: now,
          retryOf: job.id
        }, job.id)
        yield* atWork.ring
        return id
      })

      const retry = Effect.fn("Jobs.retry")(function*(id: string) {
        const job = yield* get(id)
        return yield* isOver(job) ? repeated(job, {}) : new JobNotOver({ id })
      })

      const replay = Effect.fn("Jobs.replay")(function*(id: string, overrides: ReplayOverrides) {
        return yield* repeated(yield* get(id), overrides)
      })

      const purge: Jobs["Service"]["purge"] = Effect.fn("Jobs.purge")(function*({ before, isDry, statuses }) {
        const counts = { succeeded: 0, failed: 0, cancelled: 0 }
        for (const status of overStatuses) {
          if (!statuses.includes(status)) continue
          counts[status] = yield* isDry ? table.count(status, before) : table.prune(status, before)
        }
        return counts
      })

      return Jobs.of({
        enqueue,
        enqueueAll,
        list: (filter, after, limit) => table.list({ filter, after, limit }),
        get,
        cancel,
        retry,
        replay,
        purge
      })
    })
  )
}

const hexOf = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

const encodeJson = Schema.encodeEffect(Schema.fromJsonString(Schema.Json))

const decodeObject = Schema.decodeUnknownOption(Schema.JsonObject)

/** A payload that is no object is replaced. */
const merged = (payload: Schema.Json, over: ReplayOverrides["payload"]): Schema.Json =>
  over === undefined ? payload : { ...Option.getOrElse(decodeObject(payload), () => ({})), ...over }
