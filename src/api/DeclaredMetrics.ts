/** Names that were asked for and whose subject Glider does not have yet: there, at zero, until it does. */
import * as Series from "../Series.ts"

Series.gauge("circuit_breaker_state", {
  description: "0 closed, 1 half open, 2 open; 0 until there are circuit breakers",
  labels: ["connector"],
  seeds: [{ connector: "google" }, { connector: "spotify" }, { connector: "oura" }]
})

Series.counter("circuit_breaker_failures_total", {
  description: "Failures that a circuit breaker counted; 0 until there are circuit breakers",
  labels: ["connector"],
  seeds: [{ connector: "google" }, { connector: "spotify" }, { connector: "oura" }]
})

Series.counter("memory_decay_runs_total", {
  description: "Runs that let memories decay; 0 until there are memories",
  labels: []
})

Series.counter("nodes_decayed_total", { description: "Memories that decayed; 0 until there are memories", labels: [] })

Series.counter("nodes_archived_total", {
  description: "Memories that were archived; 0 until there are memories",
  labels: []
})
