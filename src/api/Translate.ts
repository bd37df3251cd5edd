/** Failures of the services as problems of the API. */
import type { ConfigFileError } from "../config/Mistake.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { InvalidConfig, StoreFailed } from "./Problems.ts"

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
    details: error.mistakes.map((mistake) => ({ pointer: `/${mistake.key.replaceAll(".", "/")}`, message: mistake.text })),
    fix: "glider config check"
  })
