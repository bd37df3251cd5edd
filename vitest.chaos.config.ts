import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/chaos/**/*.test.ts"],
    globalSetup: "test/support/BuiltGlider.ts",
    testTimeout: 600_000,
    hookTimeout: 60_000,
    maxWorkers: 2 // some look whether things happen in time, which more of them beside each other only delay
  }
})
