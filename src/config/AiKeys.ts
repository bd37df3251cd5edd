import { Schema } from "effect"
import { AiProvider } from "../domain/AiProvider.ts"
import * as Addresses from "./Addresses.ts"
import { aiDefaults } from "./AiSettings.ts"
import { checked, NonEmptyText, optional, positive, wholeNumber } from "./Keys.ts"

/** `[ai]`. */
export const ai = Schema.Struct({
  provider: optional(
    AiProvider,
    "Whose API it speaks: \"openai\" also for servers of local models that have its chat completions."
  ),
  base_url: optional(
    checked(Addresses.baseAddress),
    `Where it is reached, in place of ${aiDefaults.openai.baseUrl} or ${aiDefaults.anthropic.baseUrl}.`
  ),
  model: optional(
    NonEmptyText,
    `The model's name, in place of ${aiDefaults.openai.model} or ${aiDefaults.anthropic.model}.`
  ),
  timeout_seconds: optional(
    wholeNumber(1, 3600, positive, "at most 3600 seconds, which is an hour"),
    "Seconds after which a request to it is given up, in place of 120 for a choice among songs and 300 for agents."
  )
})
