import { Schema } from "effect"

/** The sandbox was asked for something its world does not hold or its clock cannot do; `message` says what to do. */
export class SandboxMisuse extends Schema.TaggedError<SandboxMisuse>()("SandboxMisuse", {
  message: Schema.String
}) {}
