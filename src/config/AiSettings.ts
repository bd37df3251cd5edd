import type { Duration, Option } from "effect"
import type { AiProvider } from "../domain/AiProvider.ts"

/** `[ai]` with its defaults filled in. */
export interface AiSettings {
  readonly provider: AiProvider
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly model: string
  /** For one request, from connecting to the last byte of the answer; none where it is left to whoever asks. */
  readonly timeout: Option.Option<Duration.Duration>
}

/** What holds for a provider where the file says no more than its name. */
export const aiDefaults: { readonly [P in AiProvider]: { readonly baseUrl: string; readonly model: string } } = {
  openai: { baseUrl: "https://api.openai.com/v1", model: "gpt-4o" },
  anthropic: { baseUrl: "https://api.anthropic.com/v1", model: "claude-sonnet-4-5" }
}
