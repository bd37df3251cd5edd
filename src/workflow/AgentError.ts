import { Schema } from "effect"

/** Why an agent came to no end of its own. */
const Reason = Schema.Literals([
  /** There is no model to ask, or agents are switched off. */
  "unavailable",
  /** The model could not be asked, or refused. */
  "model",
  /** The answer of the model is larger than the bounds allow. */
  "answer_size",
  "turns",
  "tool_calls",
  "hand_offs",
  /** The result of a tool is larger than the bounds allow. */
  "result_size",
  "time"
])

/** An agent that could not do its work, or would not come to an end. What its tools have done so far is in the journal. */
export class AgentError extends Schema.TaggedError<AgentError>()("AgentError", {
  agent: Schema.String,
  reason: Reason,
  message: Schema.String,
  /** Whether the same may go well another time: where the model was busy or not to be reached. */
  retryable: Schema.Boolean,
  /** How long the model asked to be left alone. */
  retryAfterMillis: Schema.optionalKey(Schema.Finite)
}) {}
