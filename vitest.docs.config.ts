import { defineConfig } from "vitest/config"

/** `npm run docs:test`: what the documents tell to type, typed; see docs/testing.md. */
export default defineConfig({
  test: {
    include: ["test/docs/**/*.docs.test.ts"],
    globalSetup: "test/support/BuiltGlider.ts",
    maxWorkers: 1, // one demo for all documents
    testTimeout: 120_000,
    hookTimeout: 120_000
  }
})
