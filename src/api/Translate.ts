/** Failures of the services as problems of the API. */
import type { AccountsError } from "../accounts/AccountsError.ts"
import type { ConfigFileError } from "../config/Mistake.ts"
import type { ProviderError } from "../domain/ProviderError.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { InvalidConfig, SignInFailed, StoreFailed } from "./Problems.ts"

/** The store's failure, in its own words. */
export const storeFailed = (error: SurrealError): StoreFailed =>
  new StoreFailed({
    detail: error.message,
    ...(error.reason._tag === "StoreUnavailable" ? { fix: "glider doctor" } : {})
  })

/** Every mistake of the config file, with its line. */
export const invalidConfig = (error: ConfigFileError): InvalidConfig =>
  new InvalidConfig({
    detail: error.message,
    details: error.mistakes.map((mistake) => ({
      pointer: `/${mistake.key.replaceAll(".", "/")}`,
      message: mistake.text
    })),
    fix: "glider config check"
  })

/** Why a sign-in, or its end, did not go through; the sentence says what to do. */
export const signInFailed = (error: AccountsError | ProviderError): SignInFailed =>
  new SignInFailed({ detail: error.message })
