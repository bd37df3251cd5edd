/** Put in by the build. */
declare const GLIDER_VERSION: string | undefined

/** The version of the package; `source` when run from the source. */
export const version: string = typeof GLIDER_VERSION === "string" ? GLIDER_VERSION : "source"
