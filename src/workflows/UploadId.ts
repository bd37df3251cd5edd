import { Effect, Random } from "effect"

/** What an upload is called, and its run after it. */
export const uploadId = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, 0x100000000, { halfOpen: true }), 3),
  (parts) => `import-${parts.map((part) => part.toString(16).padStart(8, "0")).join("")}`
)
