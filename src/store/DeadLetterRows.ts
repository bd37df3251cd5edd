/** The rows of `dead_letter` and `quarantine`, and the failed ones of `webhook_outbox` and `background_job`, as one queue: by age, at one age by kind, and then by key. */
import { DateTime, Effect, Option, Schema } from "effect"
import { ConnectionId } from "../domain/Connection.ts"
import {
  DeadLetter,
  type DeadLetterFilter,
  deadLetterId,
  deadLetterKey,
  DeadLetterKind,
  type DeadLetterPlace
} from "../domain/DeadLetter.ts"
import { RunError } from "../domain/Run.ts"
import type { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Instant } from "../services/SurrealValue.ts"
import type { Stretch } from "./Paging.ts"

/** A letter with its negative instant, in milliseconds. */
export interface Aged {
  readonly letter: DeadLetter
  readonly age: number
}

export const RunLetterColumns = Schema.Struct({
  key: Schema.String,
  age: Schema.Finite,
  workflow: Schema.String,
  attempts: Schema.Natural,
  error: RunError,
  chain: Schema.Array(Schema.String)
})

export const runLetter = ({ age, key, ...letter }: typeof RunLetterColumns.Type): Aged => ({
  age,
  letter: DeadLetter.cases.Run.make({
    ...letter,
    id: deadLetterId({ _tag: "Run", run: key }),
    run: key,
    at: DateTime.makeUnsafe(-age)
  })
})

/** Read with `record::id(id) AS parts`. */
export const QuarantineColumns = Schema.Struct({
  parts: Schema.Tuple([ConnectionId, Schema.String, Schema.String]),
  age: Schema.Finite,
  problem: Schema.String,
  raw: Schema.String,
  last_seen_at: Instant
})

export const quarantined = (
  { age, last_seen_at, parts: [connection, stream, hash], problem, raw }: typeof QuarantineColumns.Type
): Aged => ({
  age,
  letter: DeadLetter.cases.Record.make({
    id: deadLetterId({ _tag: "Record", connection, stream, hash }),
    connection,
    stream,
    problem,
    raw,
    at: DateTime.makeUnsafe(-age),
    lastSeenAt: last_seen_at
  })
})

/** Read of `webhook_outbox`. */
export const DeliveryLetterColumns = Schema.Struct({
  endpoint: Schema.String,
  event: Schema.String,
  type: Schema.String,
  age: Schema.Finite,
  attempt_count: Schema.Natural,
  last_error: Schema.optional(Schema.NullOr(Schema.String))
})

export const undelivered = (
  { age, attempt_count, endpoint, event, last_error, type }: typeof DeliveryLetterColumns.Type
): Aged => ({
  age,
  letter: DeadLetter.cases.Delivery.make({
    id: deadLetterId({ _tag: "Delivery", endpoint, event }),
    endpoint,
    event,
    type,
    at: DateTime.makeUnsafe(-age),
    attempts: attempt_count,
    problem: last_error ?? "it was not taken"
  })
})

/** Read of `background_job`. */
export const JobLetterColumns = Schema.Struct({
  key: Schema.String,
  job_type: Schema.String,
  age: Schema.Finite,
  attempts: Schema.Natural,
  last_error: RunError
})

export const undone = ({ age, attempts, job_type, key, last_error }: typeof JobLetterColumns.Type): Aged => ({
  age,
  letter: DeadLetter.cases.Job.make({
    id: deadLetterId({ _tag: "Job", job: key }),
    job: key,
    type: job_type,
    at: DateTime.makeUnsafe(-age),
    attempts,
    error: last_error
  })
})

/** Where a table is read from: the rows of one age after a key, and those of this age and older. */
interface Start {
  readonly ties: { readonly age: number; readonly key: string } | undefined
  readonly from: number
}

const rankOf = (kind: DeadLetterKind): number => DeadLetterKind.literals.indexOf(kind)

const kinds = { Run: "run", Record: "record", Delivery: "delivery", Job: "job" } as const

const startOf = (kind: DeadLetterKind, newest: number, after: Option.Option<DeadLetterPlace>): Start => {
  const key = Option.flatMap(after, ({ id }) => deadLetterKey(id))
  if (Option.isNone(after) || Option.isNone(key) || -after.value.at < newest) return { ties: undefined, from: newest }
  const age = -after.value.at
  const last = kinds[key.value._tag]
  if (last !== kind) return { ties: undefined, from: rankOf(kind) > rankOf(last) ? age : age + 1 }
  const { id } = after.value
  return { ties: { age, key: id.slice(id.indexOf(":") + 1) }, from: age + 1 }
}

/** In one statement, and so at one instant. The two conditions each are one range of the index, which `OR` is not. */
const tableOf = (
  table: "dead_letter" | "quarantine" | "webhook_outbox" | "background_job",
  columns: string
) => {
  const range = (condition: string) =>
    `(SELECT ${columns} FROM ${table} WITH INDEX ${table}_by_age WHERE ${condition} LIMIT $size)`
  return ({ from, ties }: Start, size: number) => ({
    sql: ties === undefined
      ? `RETURN ${range("age >= $from")}`
      : `RETURN array::concat(${range("age = $age AND key > $key")}, ${range("age >= $from")})`,
    vars: { ...ties, from, size }
  })
}

const runLetters = tableOf("dead_letter", "*")
const deliveries = tableOf("webhook_outbox", "endpoint, event, type, age, attempt_count, last_error")
const jobs = tableOf("background_job", "key, job_type, age, attempts, last_error")
const quarantine = tableOf("quarantine", "*, record::id(id) AS parts")

/** Reads the queue from a place on, as far as the filter's instants and kind go. */
export const readAged = (surreal: Surreal["Service"], { kind, newerThan, olderThan }: DeadLetterFilter) => {
  const newest = Option.match(olderThan, {
    onNone: () => Number.MIN_SAFE_INTEGER,
    onSome: ({ epochMilliseconds }) => -epochMilliseconds + 1
  })
  const oldest = Option.match(newerThan, {
    onNone: () => Infinity,
    onSome: (instant) => -instant.epochMilliseconds - 1
  })
  const isAsked = (one: DeadLetterKind) => Option.isNone(kind) || kind.value === one

  return Effect.fnUntraced(function*(
    after: Option.Option<DeadLetterPlace>,
    size: number
  ): Effect.fn.Return<Stretch<Aged, DeadLetterPlace>, SurrealError> {
    const ofRuns = runLetters(startOf("run", newest, after), size)
    const runs = isAsked("run") ? yield* surreal.query(Schema.Array(RunLetterColumns), ofRuns.sql, ofRuns.vars) : []
    const ofRecords = quarantine(startOf("record", newest, after), size)
    const records = isAsked("record")
      ? yield* surreal.query(Schema.Array(QuarantineColumns), ofRecords.sql, ofRecords.vars)
      : []
    const ofDeliveries = deliveries(startOf("delivery", newest, after), size)
    const told = isAsked("delivery")
      ? yield* surreal.query(Schema.Array(DeliveryLetterColumns), ofDeliveries.sql, ofDeliveries.vars)
      : []
    const ofJobs = jobs(startOf("job", newest, after), size)
    const failed = isAsked("job") ? yield* surreal.query(Schema.Array(JobLetterColumns), ofJobs.sql, ofJobs.vars) : []
    const all = [...runs.map(runLetter), ...records.map(quarantined), ...told.map(undelivered), ...failed.map(undone)]
      .toSorted((one, other) => one.age - other.age)
    const rows = all.slice(0, size).filter(({ age }) => age <= oldest)
    const last = rows.at(-1)?.letter
    const isEnd = last === undefined || rows.length < size
    return { rows, rest: isEnd ? Option.none() : Option.some({ at: last.at.epochMilliseconds, id: last.id }) }
  })
}
