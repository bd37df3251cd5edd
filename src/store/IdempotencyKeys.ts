import { Clock, Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** An answer as it was given. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A key, which belongs to one client. */
export interface KeyOf {
  readonly client: string
  readonly key: string
}

/** What is known of a key. */
export interface Known {
  /** Of the request that it came with. */
  readonly fingerprint: string
  /** None when there was none: the process may have been killed before. */
  readonly answer: Option.Option<Answer>
}

/** How long a key is kept. */
const kept = Duration.hours(24)

/** The table `idempotency_key`: requests that must not be done twice, and what was answered. */
export class IdempotencyKeys extends Context.Service<IdempotencyKeys, {
  /** What is known of the key. When nothing is, it is written down as that of this request. */
  readonly begin: (of: KeyOf, fingerprint: string) => Effect.Effect<Option.Option<Known>, SurrealError>
  readonly remember: (of: KeyOf, answer: Answer) => Effect.Effect<void, SurrealError>
  readonly forget: (of: KeyOf) => Effect.Effect<void, SurrealError>
  /** Removes the keys that are too old. */
  readonly prune: Effect.Effect<void, SurrealError>
}>()("glider/store/IdempotencyKeys") {
  static readonly layer: Layer.Layer<IdempotencyKeys, never, Surreal> = Layer.effect(
    IdempotencyKeys,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const idOf = ({ client, key }: KeyOf) => recordId("idempotency_key", [client, key])
      const oldest = Effect.map(Clock.currentTimeMillis, (now) => now - Duration.toMillis(kept))

      const begin = Effect.fn("IdempotencyKeys.begin")(function*(of: KeyOf, fingerprint: string) {
        const [row] = yield* surreal.query(Rows, "SELECT * FROM $id WHERE at > $oldest", {
          id: idOf(of),
          oldest: yield* oldest
        })
        if (row !== undefined) return Option.some(known(row))
        const at = yield* Clock.currentTimeMillis
        yield* surreal.execute("UPSERT $id CONTENT $row RETURN NONE", { id: idOf(of), row: { fingerprint, at } })
        return Option.none()
      })
      const remember = Effect.fn("IdempotencyKeys.remember")((of: KeyOf, answer: Answer) =>
        surreal.execute("UPDATE $id MERGE $answer RETURN NONE", { id: idOf(of), answer })
      )
      const forget = Effect.fn("IdempotencyKeys.forget")((of: KeyOf) =>
        surreal.execute("DELETE $id RETURN NONE", { id: idOf(of) })
      )
      const prune = Effect.flatMap(
        oldest,
        (before) =>
          surreal.execute("DELETE idempotency_key WITH INDEX idempotency_key_by_age WHERE at <= $before RETURN NONE", {
            before
          })
      ).pipe(Effect.withSpan("IdempotencyKeys.prune"))

      return IdempotencyKeys.of({ begin, remember, forget, prune })
    })
  )
}

const Row = Schema.Struct({
  fingerprint: Schema.String,
  status: Schema.optional(Schema.Int),
  type: Schema.optional(Schema.String),
  body: Schema.optional(Schema.String)
})
const Rows = Schema.Array(Row)

const known = ({ body, fingerprint, status, type }: typeof Row.Type): Known => ({
  fingerprint,
  answer: status === undefined || type === undefined || body === undefined
    ? Option.none()
    : Option.some({ status, type, body })
})
