/** What alerts are raised for, in a world of its own for each test, at noon. */
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import { Run } from "../../src/domain/Run.ts"
import { CircuitBreakers } from "../../src/services/CircuitBreakers.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Alerts } from "../../src/store/Alerts.ts"
import { Connections } from "../../src/store/Connections.ts"
import { runOf, store } from "../api/Served.ts"
import { alertWorld, type AlertWorldOptions } from "./AlertWorld.ts"

export const noon = DateTime.makeUnsafe("2026-03-02T12:00:00Z")

export const alone = <A, E, R>(test: Effect.Effect<A, E, R>, options?: AlertWorldOptions) =>
  Effect.andThen(TestClock.setTime(noon.epochMilliseconds), test).pipe(Effect.provide(alertWorld(options)))

export const signedIn = Effect.fnUntraced(function*(ends?: DateTime.Utc) {
  const connections = yield* Connections
  const at = yield* DateTime.now
  const who = { id: connectionId("spotify", "me"), provider: "spotify", userId: "me", version: 0 } as const
  const row = yield* connections.signIn(who, {
    access_token: "a",
    refresh_token: "r",
    expiresAt: DateTime.add(at, { hours: 1 }),
    refreshExpiresAt: Option.fromUndefinedOr(ends),
    scopes: [],
    at
  })
  return Option.getOrThrow(row)
})

export const run = Effect.fnUntraced(function*(id: string, workflow: string, status: Run["status"]) {
  const at = yield* DateTime.now
  const cursor = at.epochMilliseconds * 1000
  yield* store(
    new Run({ ...runOf(id, status), workflow, state: status, cursor, startedAt: at, finishedAt: Option.some(at) })
  )
})

export const letter = Effect.fnUntraced(function*(id: string, workflow: string) {
  const surreal = yield* Surreal
  const at = (yield* DateTime.now).epochMilliseconds
  yield* surreal.execute("CREATE type::record('dead_letter', [$id]) CONTENT $row RETURN NONE", {
    id,
    row: { at, workflow, attempts: 1, error: { tag: "Forbidden", message: "no", fix: null }, chain: [] }
  })
})

export const gap = Effect.fnUntraced(function*(from: DateTime.Utc) {
  const surreal = yield* Surreal
  yield* surreal.execute("CREATE sync_gap CONTENT $row RETURN NONE", {
    row: {
      stream: "spotify_listening_history",
      connection: "spotify:me",
      from,
      to: DateTime.add(from, { hours: 2 }),
      reason: "more than 50 plays between two polls",
      found_at: yield* DateTime.now
    }
  })
})

export const fails = Effect.gen(function*() {
  const { protect } = yield* CircuitBreakers
  for (let call = 0; call < 5; call++) {
    yield* Effect.exit(protect("oura", () => "out of order")(Effect.fail("away")))
  }
})

export const open = Effect.flatMap(
  Alerts,
  ({ open }) => Effect.map(open, (all) => all.map(({ key }) => key).toSorted())
)
