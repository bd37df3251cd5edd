import { Schema } from "effect"
import { Flag } from "effect/cli"

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

/** A flag whose value is JSON. */
export const jsonFlag = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.filterMap(decode, (text) => `Expected JSON, got ${text}`),
    Flag.optional,
    Flag.withMetavar("json"),
    Flag.withDescription(description)
  )
