import { Schema } from "effect"

/** Whose way of speaking a language model understands; `openai` is also that of most servers of local models. */
export const AiProvider = Schema.Literals(["openai", "anthropic"])
export type AiProvider = typeof AiProvider.Type

/** As the vendors write themselves. */
export const aiProviderTitle: { readonly [P in AiProvider]: string } = { openai: "OpenAI", anthropic: "Anthropic" }
