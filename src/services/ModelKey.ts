/** The key for the language model: where it is found, and whether it has to be there. */
import { Effect, Option } from "effect"
import { aiDefaults, type AiSettings } from "../config/AiSettings.ts"
import { aiProviderTitle } from "../domain/AiProvider.ts"
import { Secrets } from "./Secrets.ts"

/** The variable that holds it; a file may, too, as with every secret. */
export const keyVariable = "GLIDER_AI_API_KEY"

/** Why the model cannot be used, and what mends it. */
export interface KeyProblem {
  readonly message: string
  readonly fix: string
}

/** Whether it cannot do without: the vendors' own servers refuse who shows none, those of local models ask for none. */
export const isVendors = ({ baseUrl, provider }: AiSettings): boolean =>
  new URL(baseUrl).host === new URL(aiDefaults[provider].baseUrl).host

/** What is said where the key is missing. */
export const missingKey = ({ provider }: AiSettings): KeyProblem => ({
  message: `${keyVariable} is not set, and ${aiProviderTitle[provider]} answers nobody without a key. ` +
    `Set it, or ${keyVariable}_FILE, or give the systemd credential glider-ai-api-key`,
  fix: `export ${keyVariable}=…`
})

/** What keeps the key from being used; none where all is well. */
export const keyProblem = (ai: AiSettings): Effect.Effect<Option.Option<KeyProblem>, never, Secrets> =>
  Effect.flatMap(Secrets, (secrets) =>
    Effect.match(secrets.find(keyVariable), {
      onFailure: ({ message }): Option.Option<KeyProblem> =>
        Option.some({ message, fix: `set ${keyVariable} or ${keyVariable}_FILE, to what can be read` }),
      onSuccess: (key) => Option.isNone(key) && isVendors(ai) ? Option.some(missingKey(ai)) : Option.none()
    }))
