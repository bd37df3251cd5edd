import { Context, Effect, FileSystem, Layer, Option, Schedule, Schema, type Scope } from "effect"
import type * as Sdk from "surrealdb"
import { storeAtStart } from "../RetryPolicy.ts"
import type { Rechecked } from "./StoreWitness.ts"
import { isRemote, open, storeFolder, type StoreTarget, toSurrealError } from "./SurrealEngine.ts"
import { SurrealError, UnexpectedRow } from "./SurrealError.ts"

/** SurrealQL with its variables; input never enters the text. */
export interface Statement {
  readonly sql: string
  readonly vars?: { readonly [name: string]: unknown } | undefined
}

/** Runs one statement and decodes its result, e.g. `Schema.Array(Row)` for a SELECT. */
export type Query = <S extends Schema.Top>(
  result: S,
  sql: string,
  vars?: Statement["vars"]
) => Effect.Effect<S["Type"], SurrealError, S["DecodingServices"]>

/** The one door to the database. */
export class Surreal extends Context.Service<Surreal, {
  readonly query: Query
  /** Runs statements for their effect alone, each by itself. */
  readonly execute: (sql: string, vars?: Statement["vars"]) => Effect.Effect<void, SurrealError>
  /**
   * Commits all statements or none, uninterruptibly, and again when another transaction was faster. Each statement has
   * variables of its own. Gives each statement's result.
   */
  readonly transaction: (
    statements: ReadonlyArray<Statement>
  ) => Effect.Effect<ReadonlyArray<unknown>, SurrealError>
  /** Reads everything as it is at this moment, whatever is written meanwhile, until the scope ends. */
  readonly snapshot: Effect.Effect<Query, SurrealError, Scope.Scope>
  /** What an embedded store takes of the disk, in bytes; none of one that is in memory or a server's. */
  readonly size: Effect.Effect<Option.Option<number>>
  /** Reads the files of an embedded store again and compares them with what was written down; none where nothing is. */
  readonly recheck: Effect.Effect<Option.Option<Rechecked>, SurrealError>
}>()("glider/services/Surreal") {
  /**
   * Waits for a server that is not there yet, and says so; a daemon may be started before it. What will not change by
   * itself, as a wrong password, is a failure at once.
   */
  static readonly layerPatient = (target: StoreTarget): Layer.Layer<Surreal, SurrealError, FileSystem.FileSystem> =>
    isRemote(target.url)
      ? Layer.effectContext(
        Layer.build(Surreal.layer(target)).pipe(
          Effect.tapError(({ message }) => Effect.logWarning(`the store cannot be opened yet: ${message}`)),
          Effect.retry({ schedule: storeAtStart, while: ({ message }) => !/authentication/i.test(message) })
        )
      )
      : Surreal.layer(target)

  /** Opens the store; closing the scope waits for calls under way and closes it. */
  static readonly layer = (target: StoreTarget): Layer.Layer<Surreal, SurrealError, FileSystem.FileSystem> =>
    Layer.effect(
      Surreal,
      Effect.gen(function*() {
        const { call, recheck } = yield* open(target)
        /** Within a transaction where one is given, and else by itself. */
        const run = (operation: string, statement: Statement, within?: Sdk.SurrealTransaction) =>
          call(
            operation,
            (client) => (within ?? client).query(statement.sql, { ...statement.vars }).responses()
          ).pipe(Effect.flatMap((responses) => results(operation, responses)))
        const queryWithin = (within?: Sdk.SurrealTransaction): Query =>
          Effect.fn("Surreal.query")(
            function*<S extends Schema.Top>(result: S, sql: string, vars?: Statement["vars"]) {
              const operation = title(sql)
              yield* Effect.annotateCurrentSpan({ "db.system.name": "surrealdb", "db.operation.name": operation })
              const answers = yield* run(operation, { sql, vars }, within)
              return yield* Schema.decodeUnknownEffect(result)(answers.at(-1)).pipe(
                Effect.mapError(({ message }) =>
                  new SurrealError({ operation, reason: new UnexpectedRow({ message }) })
                )
              )
            }
          )
        const query = queryWithin()
        const snapshot = Effect.acquireRelease(
          call("snapshot", (client) => client.beginTransaction()),
          (within) => Effect.ignore(call("end of the snapshot", () => within.cancel()))
        ).pipe(Effect.map(queryWithin))
        const execute = Effect.fn("Surreal.execute")(function*(sql: string, vars?: Statement["vars"]) {
          yield* Effect.annotateCurrentSpan({ "db.system.name": "surrealdb", "db.operation.name": title(sql) })
          yield* Effect.uninterruptible(run(title(sql), { sql, vars }))
        })
        const transaction = Effect.fn("Surreal.transaction")(
          function*(statements: ReadonlyArray<Statement>) {
            if (statements.length === 0) return []
            const operation = `transaction of ${statements.length}`
            yield* Effect.annotateCurrentSpan({ "db.system.name": "surrealdb", "db.operation.name": operation })
            const answers = yield* run(operation, combine(statements))
            return answers.slice(1, -1)
          },
          Effect.retry(conflicts),
          Effect.uninterruptible
        )
        const fs = yield* FileSystem.FileSystem
        const size = Option.match(storeFolder(target.url), {
          onNone: () => Effect.succeedNone,
          onSome: (folder) => Effect.option(folderSize(fs, folder))
        })
        return Surreal.of({ query, execute, transaction, snapshot, size, recheck: Effect.transposeOption(recheck) })
      })
    )
}

/** Up to ten more tries, 5 ms doubling to 200 ms with jitter, when another transaction changed the same rows first. */
const conflicts = Schedule.min([Schedule.exponential("5 millis"), Schedule.spaced("200 millis")]).pipe(
  Schedule.jittered,
  Schedule.upTo({ times: 10 }),
  Schedule.setInputType<SurrealError>(),
  Schedule.while(({ input }) => input.reason._tag === "Conflict")
)

/** Files that the engine removes meanwhile do not count. */
const folderSize = Effect.fnUntraced(function*(fs: FileSystem.FileSystem, folder: string) {
  const names = yield* fs.readDirectory(folder, { recursive: true })
  const sizes = yield* Effect.forEach(
    names,
    (name) => Effect.option(fs.stat(`${folder}/${name}`)),
    { concurrency: 16 }
  )
  return sizes.reduce(
    (sum, found) =>
      sum + Option.match(found, { onNone: () => 0, onSome: ({ size, type }) => type === "File" ? Number(size) : 0 }),
    0
  )
})

/** The words before the first name or variable: enough to know the statement by, and never a value. */
const title = (sql: string): string => sql.trim().split(/\s+/).slice(0, 3).join(" ")

/** One `BEGIN … COMMIT` in which every statement keeps its variables apart by a prefix. */
const combine = (statements: ReadonlyArray<Statement>): Statement => {
  const vars: Record<string, unknown> = {}
  const lines = statements.map(({ sql, vars: own }, index) => {
    const names = Object.keys(own ?? {})
    for (const name of names) vars[`s${index}_${name}`] = own?.[name]
    return names.length === 0 ? sql : sql.replace(
      new RegExp(`\\$(${names.join("|")})\\b`, "g"),
      (_, name: string) => `$s${index}_${name}`
    )
  })
  return { sql: `BEGIN;\n${lines.join(";\n")};\nCOMMIT;`, vars }
}

/** The first cause among the answers, not the "not executed" of the statements around it. */
const results = (
  operation: string,
  responses: ReadonlyArray<Sdk.QueryResponse>
): Effect.Effect<ReadonlyArray<unknown>, SurrealError> => {
  const errors = responses.flatMap((response) => response.success ? [] : [response.error])
  const cause = errors.find(({ message }) => !/not executed/i.test(message)) ?? errors[0]
  return cause === undefined
    ? Effect.succeed(responses.map((response) => response.success ? response.result : undefined))
    : Effect.fail(toSurrealError(operation)(cause))
}
