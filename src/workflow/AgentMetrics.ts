/** What agents tell the metrics. Each is counted in an activity, so a replay counts nothing. */
import { Effect } from "effect"
import * as Series from "../Series.ts"

const invocations = Series.counter("openai_agent_invocations_total", {
  description: "Agents that came to an end, by name and by how: completed, handed_off, failed",
  labels: ["agent_name", "status"]
})

const durations = Series.histogram("openai_agent_duration_seconds", {
  description: "How long agents took, from their first question to the model to their end, by name",
  labels: ["agent_name"],
  boundaries: [1, 5, 20, 60, 300],
  limit: 8
})

const handOffs = Series.counter("openai_agent_handoffs_total", {
  description: "Tasks that one agent gave to another",
  labels: ["from", "to"]
})

const tools = Series.counter("openai_tool_invocations_total", {
  description:
    "Attempts of tools that agents called, by name (unknown where there is no such tool) and by what came of it: " +
    "success, failed (the model is told), refused (not carried out), " +
    "error (ends the run, unless another attempt goes well)",
  labels: ["tool_name", "status"]
})

/** How an agent ended. */
export type Ending = "completed" | "handed_off" | "failed"

/** What came of the call of a tool: it worked, told a failure, was not carried out, or ended the run. */
export type CallStatus = "success" | "failed" | "refused" | "error"

/** Counts the end of an agent; `millis` where it has asked the model. */
export const agentEnded = (agent: string, status: Ending, millis: number | undefined): Effect.Effect<void> => {
  const counted = invocations.update({ agent_name: agent, status }, 1)
  return millis === undefined
    ? counted
    : Effect.andThen(counted, durations.update({ agent_name: agent }, millis / 1000))
}

export const handedOff = (from: string, to: string): Effect.Effect<void> => handOffs.update({ from, to }, 1)

/** Counts a call of a tool; one that there is not has no name of its own. */
export const toolCalled = (tool: string, status: CallStatus): Effect.Effect<void> =>
  tools.update({ tool_name: tool, status }, 1)
