import { NodeServices } from "@effect/platform-node"
import { Array as Arr, Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { StoreTimeouts } from "../../src/services/SurrealEngine.ts"
import { Key } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { type Page, Write } from "../../src/store/Write.ts"
import { SurrealServer, targetOf } from "./SurrealServer.ts"

/** How long opening, and each call, may take. */
interface Limits {
  readonly open: Duration.Input
  readonly call: Duration.Input
}

const patient: Limits = { open: "10 seconds", call: "10 seconds" }

/** For tests in which calls are to fail for want of an answer. */
export const hasty: Limits = { open: "10 seconds", call: "2 seconds" }

const limited = ({ call, open }: Limits) =>
  Layer.succeed(StoreTimeouts, { open: Duration.fromInputUnsafe(open), call: Duration.fromInputUnsafe(call) })

/** The remote store of a server, opened for the scope. */
export const opened = (
  server: SurrealServer["Service"],
  limits = patient,
  password?: string,
  layer = Surreal.layer
) =>
  Layer.build(
    Commit.layer.pipe(
      Layer.provideMerge(layer(targetOf(server, password))),
      Layer.provide([NodeServices.layer, limited(limits)])
    )
  )

/** A server and the store opened on it. */
export const served = Effect.fnUntraced(function*(limits = patient) {
  const server = Context.get(yield* Layer.build(Layer.fresh(SurrealServer.layer)), SurrealServer)
  const store = yield* opened(server, limits)
  return { server, surreal: Context.get(store, Surreal), commit: Context.get(store, Commit) }
})

const table = "note"

/** The tables of `page`, and one that tests write to themselves. */
export const define =
  `DEFINE TABLE ${table} SCHEMALESS; DEFINE TABLE ${table}_state SCHEMALESS; DEFINE TABLE tally SCHEMALESS`

/** One page of a series; its rows and its cursor carry its number. */
export const page = (number: number, size: number): Page => ({
  stream: table,
  read: size,
  writes: [Write.Upsert({
    table,
    listing: Option.none(),
    rows: Arr.makeBy(size, (index) => ({
      key: ["spotify:me", number, index],
      fields: { page: number },
      raw: { page: number, index }
    }))
  })],
  cursor: Option.some({ table: `${table}_state`, key: ["spotify:me"], fields: { page: number } }),
  fraction: Option.none()
})

/** What is there of all pages. */
export const stored = Effect.fnUntraced(function*(surreal: Surreal["Service"]) {
  const keys = yield* surreal.query(Schema.Array(Key), `SELECT VALUE id FROM ${table}`)
  const cursor = yield* surreal.query(Schema.Array(Schema.Finite), `SELECT VALUE page FROM ${table}_state`)
  return { keys: keys.length, distinct: new Set(keys.map((key) => key.join())).size, cursor }
})

/** The least call there is. */
export const one = (surreal: Surreal["Service"]) => surreal.query(Schema.Finite, "RETURN 1")
