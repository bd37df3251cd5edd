/** Accounts that are left alone, and further ones that have stopped bringing anything. */
import { DateTime, Duration, Effect, Option } from "effect"
import { LatestConfig } from "../Config.ts"
import type { Cause } from "../domain/Alert.ts"
import type { Connection } from "../domain/Connection.ts"
import { type HealthFacts, patience } from "../domain/ConnectionHealth.ts"
import { durationText } from "../domain/DurationText.ts"
import { providerTitle } from "../domain/Provider.ts"
import { CircuitBreakers } from "../services/CircuitBreakers.ts"
import { ProviderGate } from "../services/ProviderGate.ts"
import { Connections } from "../store/Connections.ts"
import { SourceRuns, unknownHealth } from "../store/SourceRuns.ts"
import { factsOf } from "../workflows/Quarantine.ts"
import type { Rule, Seen } from "./Rule.ts"

const refOf = ({ name, provider }: Connection): string => Option.getOrElse(name, () => provider)

const keyOf = (rule: "stale" | "quarantined", { id }: Connection): string => `${rule}/${id}`

const leftAlone = (connection: Connection, { quarantinedUntil }: HealthFacts, now: number): ReadonlyArray<Cause> => {
  if (!Option.exists(quarantinedUntil, (until) => until > now)) return []
  const until = DateTime.formatIso(DateTime.makeUnsafe(Option.getOrElse(quarantinedUntil, () => now)))
  return [{
    rule: "quarantined",
    key: keyOf("quarantined", connection),
    severity: "warning",
    title: `${refOf(connection)} is left alone`,
    message: `The syncs of ${connection.id} failed again and again; none is made before ${until}.`,
    fix: `glider connections runs ${refOf(connection)}, then glider connections release ${refOf(connection)}`
  }]
}

const silent = (connection: Connection, since: number, now: number): Cause => ({
  rule: "stale",
  key: keyOf("stale", connection),
  severity: "warning",
  title: `${refOf(connection)} has stopped bringing anything`,
  message: `No sync of ${connection.id} at ${providerTitle[connection.provider]} has succeeded since ` +
    `${DateTime.formatIso(DateTime.makeUnsafe(since))}, for ${durationText(now - since)}.`,
  fix: `glider connections runs ${refOf(connection)}`
})

export const connectionRules = Effect.gen(function*() {
  const breakers = yield* CircuitBreakers
  const config = yield* LatestConfig
  const connections = yield* Connections
  const gate = yield* ProviderGate
  const runs = yield* SourceRuns
  const startedAt = (yield* DateTime.now).epochMilliseconds

  const known = Effect.gen(function*() {
    const now = (yield* DateTime.now).epochMilliseconds
    const latest = yield* config.get
    const health = yield* runs.health
    return (yield* connections.all).flatMap(({ connection }) =>
      connection.state === "connected"
        ? [{
          connection,
          facts: factsOf(connection, health.get(connection.id) ?? unknownHealth(connection.id), latest, now)
        }]
        : []
    )
  })

  const quarantined = ({ now }: Seen) =>
    Effect.map(
      known,
      (all) => all.flatMap(({ connection, facts }) => leftAlone(connection, facts, now.epochMilliseconds))
    )

  /** Of the first account of a provider its tasks tell. */
  const stale = Effect.fnUntraced(function*({ isOpen, now }: Seen) {
    const at = now.epochMilliseconds
    const broken = new Set((yield* breakers.all).filter(({ state }) => state !== "closed").map(({ name }) => name))
    const found: Array<Cause> = []
    for (const { connection, facts } of yield* known) {
      const isAway = Option.exists(facts.quarantinedUntil, (until) => until > at)
      if (Option.isNone(connection.name) || !facts.isEnabled || isAway) continue
      const isKnown = isOpen(keyOf("stale", connection))
      const isHindered = broken.has(connection.provider) || Option.isSome(yield* gate.shutUntil(connection.provider))
      if (isHindered && !isKnown) continue
      const last = Math.max(facts.connectedAt, Option.getOrElse(facts.lastSuccessAt, () => 0))
      // a machine that was off has first to come round to it
      const since = isKnown ? last : Math.max(last, startedAt)
      const limit = Math.max(
        patience.intervals * Duration.toMillis(facts.interval),
        Duration.toMillis(patience.floor)
      )
      if (at - since > limit) found.push(silent(connection, last, at))
    }
    return found
  })

  return {
    quarantined: { rule: "quarantined", causes: quarantined } satisfies Rule,
    stale: { rule: "stale", causes: stale } satisfies Rule
  }
})
