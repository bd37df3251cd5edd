import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Ref, Schema } from "effect"
import { Surreal } from "../../src/services/Surreal.ts"
import { AlreadyExists, SurrealError } from "../../src/services/SurrealError.ts"
import { isCurrent, Migrations } from "../../src/store/Migrations.ts"
import { surrealTest } from "../support/StoreTest.ts"

/** A start of a process over the store of the surroundings. */
const started = Effect.map(
  Layer.build(Layer.fresh(Migrations.layer)),
  (context) => Context.get(context, Migrations)
)

const numbers = ({ applied }: Migrations["Service"]) => applied.map(({ number }) => number)

it.effect("the schema is brought up to date once", () =>
  Effect.gen(function*() {
    const first = yield* started
    assert.deepStrictEqual(numbers(first), numbers(first).toSorted((one, other) => one - other))
    assert.strictEqual(numbers(first).at(-1), first.version)
    const second = yield* started
    assert.deepStrictEqual([numbers(second), second.version], [[], first.version])
  }).pipe(Effect.provide(surrealTest)))

it.effect("a store counts as up to date with all of the steps, and with none more or less", () =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    assert.isFalse(yield* isCurrent(surreal)) // not even the table is there, nor is it made
    assert.isFalse(yield* isCurrent(surreal))
    const { version } = yield* started
    assert.isTrue(yield* isCurrent(surreal))
    yield* surreal.execute("CREATE migration SET number = $number", { number: version + 1 })
    assert.isFalse(yield* isCurrent(surreal))
    yield* surreal.execute("DELETE migration WHERE number > $version OR number = 3", { version })
    assert.isFalse(yield* isCurrent(surreal))
  }).pipe(Effect.provide(surrealTest)))

it.effect("of two starts at once each goes on when the other was faster", () =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const transactions = yield* Ref.make(0)
    const outrun = Surreal.of({
      ...surreal,
      transaction: Effect.fnUntraced(function*(statements) {
        if ((yield* Ref.getAndUpdate(transactions, (count) => count + 1)) % 2 === 0) {
          yield* surreal.transaction(statements)
        }
        return yield* surreal.transaction(statements)
      })
    })
    const slower = yield* Effect.provideService(started, Surreal, outrun)
    const done = yield* surreal.query(Schema.Array(Schema.Finite), "SELECT VALUE number FROM migration ORDER BY number")
    assert.deepStrictEqual([done.at(-1), new Set(done).size], [slower.version, done.length])
    assert.deepStrictEqual(numbers(slower), done.filter((_, index) => index % 2 === 1))
  }).pipe(Effect.provide(surrealTest)))

it.effect("a step that fails and that nobody else has done fails the start", () =>
  Effect.gen(function*() {
    const taken = new SurrealError({ operation: "transaction", reason: new AlreadyExists({ message: "taken" }) })
    const store = Surreal.of({
      query: (result, sql) =>
        Effect.orDie(Schema.decodeUnknownEffect(result)(sql === "INFO FOR DB" ? { tables: {} } : [])),
      execute: () => Effect.void,
      transaction: () => Effect.fail(taken),
      snapshot: Effect.die("nothing is read as a whole here"),
      size: Effect.succeedNone,
      recheck: Effect.succeedNone
    })
    assert.strictEqual(yield* Effect.flip(Effect.provideService(started, Surreal, store)), taken)
  }))

it.effect("a store that a newer version has brought further is refused, and nothing is written to it", () =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    const { version } = yield* started
    yield* surreal.execute("CREATE migration:later SET number = $number, name = 'later'", { number: version + 1 })
    const { message } = yield* Effect.flip(started)
    assert.include(message, `it has schema ${version + 1}, from a newer Glider, and this one knows ${version}`)
    assert.include(message, "docs/upgrade.md")
  }).pipe(Effect.provide(surrealTest)))

it.effect("a database with the records of an earlier Glider is refused, and stays as it is", () =>
  Effect.gen(function*() {
    const surreal = yield* Surreal
    yield* surreal.execute("CREATE spotify_listening_history:one SET played_at = '2024-05-01T10:00:00+00:00Z'")
    const { message } = yield* Effect.flip(started)
    assert.include(message, "glider db import-earlier")
    const { tables } = yield* surreal.query(
      Schema.Struct({ tables: Schema.Record(Schema.String, Schema.Unknown) }),
      "INFO FOR DB"
    )
    assert.deepStrictEqual(Object.keys(tables), ["spotify_listening_history"])
  }).pipe(Effect.provide(surrealTest)))
