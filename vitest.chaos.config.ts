import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/chaos/**/*.test.ts"],
    globalSetup: "test/support/BuiltGlider.ts",
    testTimeout: 600_000,
    hookTimeout: 60_000,
    maxWorkers: 3 // each waits for children that are killed, or for their time, almost half of its own
  }
})
