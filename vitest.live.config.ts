import { defineConfig } from "vitest/config"

/** `npm run test:live`: against the real providers, with the person's own sign-ins; see docs/testing.md. */
export default defineConfig({
  test: {
    include: ["test/live/**/*.live.test.ts"],
    reporters: ["verbose"], // the only one that shows what is skipped
    testTimeout: 20 * 60_000, // a first sync is allowed 15 minutes
    hookTimeout: 60_000,
    fileParallelism: false // two tests must not use up one refresh token
  }
})
