import type { Migration } from "../Migration.ts"

/** How the circuit breakers stand; the id is `[name]`. Closed without `retry_at`. */
export const circuitBreakers: Migration = {
  number: 12,
  name: "circuit breakers",
  statements: [
    "DEFINE TABLE IF NOT EXISTS circuit_breaker SCHEMAFULL",
    "DEFINE FIELD IF NOT EXISTS failures ON circuit_breaker TYPE int",
    "DEFINE FIELD IF NOT EXISTS opened_at ON circuit_breaker TYPE option<datetime>",
    "DEFINE FIELD IF NOT EXISTS retry_at ON circuit_breaker TYPE option<datetime>"
  ]
}
