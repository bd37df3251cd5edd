/** Commits that are broken on purpose: the checks of the crash tests must find each of them. */
import { Effect, Fiber, Layer, Predicate } from "effect"
import { RecordId } from "surrealdb"
import { type Statement, Surreal } from "../../src/services/Surreal.ts"
import type { Defect } from "./VictimLines.ts"

const isCursor = ({ vars }: Statement): boolean => {
  const id = vars?.["id"]
  return id instanceof RecordId && id.table.name.endsWith("_sync_state")
}

/** The time between the two halves of what should be one transaction. */
const disk = "120 millis"

/** The store, whose transactions are not what they should be. */
export const breaking = (defect: Defect) =>
  Layer.effect(
    Surreal,
    Effect.gen(function*() {
      const inner = yield* Surreal
      let later: Fiber.Fiber<unknown, unknown> | undefined = undefined
      return Surreal.of({
        ...inner,
        transaction: Effect.fnUntraced(function*(statements: ReadonlyArray<Statement>) {
          const cursor = statements.filter(isCursor)
          const rows = statements.filter((statement) => !isCursor(statement))
          if (cursor.length === 0 || rows.length === 0) return yield* inner.transaction(statements)
          switch (defect) {
            case "no-recovery":
              return yield* inner.transaction(statements)
            case "cursor-first":
              yield* inner.transaction(cursor)
              yield* Effect.sleep(disk)
              return [...yield* inner.transaction(rows), undefined]
            case "rows-later": {
              const before: unknown = later
              const write = Effect.sleep(disk).pipe(Effect.andThen(inner.transaction(statements)))
              later = yield* Effect.forkDetach(
                Predicate.isNotUndefined(before) && Fiber.isFiber(before)
                  ? Effect.andThen(Fiber.await(before), write)
                  : write
              )
              return statements.map(() => [])
            }
          }
        })
      })
    })
  )
