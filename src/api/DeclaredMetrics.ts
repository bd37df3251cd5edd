/** Names that were asked for and whose subject Glider does not have yet: there, at zero, until it does. */
import * as Series from "../Series.ts"

Series.counter("memory_decay_runs_total", {
  description: "Runs that let memories decay; 0 until there are memories",
  labels: []
})

Series.counter("nodes_decayed_total", { description: "Memories that decayed; 0 until there are memories", labels: [] })

Series.counter("nodes_archived_total", {
  description: "Memories that were archived; 0 until there are memories",
  labels: []
})
