/** Accounts that fail again and again are left alone for some hours, so that nobody at the provider minds. */
import { Clock, Context, DateTime, Duration, Effect, Layer, Option } from "effect"
import { type GliderConfig, LatestConfig } from "../Config.ts"
import type { Connection } from "../domain/Connection.ts"
import { type HealthFacts, judged, quarantine, type Verdict } from "../domain/ConnectionHealth.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type HealthRow, SourceRuns } from "../store/SourceRuns.ts"
import { planOf } from "./ConnectorPlan.ts"

/**
 * What is known of an account. What went wrong with the sign-in before this one is over, and what is of the time to come, since the clock
 * was ahead once, is not believed.
 */
export const factsOf = (connection: Connection, row: HealthRow, config: GliderConfig, now: number): HealthFacts => {
  const { interval, isEnabled, isSwept } = planOf(connection, config)
  const connectedAt = Math.min(now, connection.connectedAt.epochMilliseconds)
  const past = (at: Option.Option<number>) => Option.filter(at, (at) => at <= now)
  return {
    state: connection.state,
    isEnabled,
    isSwept,
    interval,
    connectedAt,
    lastSuccessAt: past(row.lastSuccessAt),
    failures: row.failures.filter((at) => at >= connectedAt && at <= now),
    quarantinedUntil: Option.filter(row.quarantinedUntil, (until) => {
      const from = until - Duration.toMillis(quarantine.lasts)
      return from >= connectedAt && from <= now
    }),
    recoveredAt: past(row.recoveredAt)
  }
}

export class Quarantine extends Context.Service<Quarantine, {
  /** Puts an account away when it has failed too often, and says how it is. */
  readonly judge: (connection: Connection) => Effect.Effect<Verdict, SurrealError>
}>()("glider/workflows/Quarantine") {
  static readonly layer = Layer.effect(
    Quarantine,
    Effect.gen(function*() {
      const latest = yield* LatestConfig
      const runs = yield* SourceRuns

      const judge = Effect.fn("Quarantine.judge")(function*(connection: Connection) {
        const now = yield* Clock.currentTimeMillis
        const facts = factsOf(connection, yield* runs.healthOf(connection.id), yield* latest.get, now)
        const verdict = judged(facts, now)
        if (verdict.needsQuarantine) {
          const until = now + Duration.toMillis(quarantine.lasts)
          yield* runs.quarantine(connection.id, until)
          yield* Effect.logWarning("an account is left alone for some hours, since its syncs fail again and again")
            .pipe(
              Effect.annotateLogs({ connection: connection.id, until: DateTime.formatIso(DateTime.makeUnsafe(until)) })
            )
        }
        return verdict
      })

      return Quarantine.of({ judge })
    })
  )
}
