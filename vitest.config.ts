import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"
import { slow } from "./vitest.slow.config.ts"

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: [
      "test/browser/**",
      "test/chaos/**",
      "test/live/**",
      "test/nix/**",
      ...slow,
      "node_modules/**"
    ],
    maxWorkers: Math.ceil(availableParallelism() * 1.5), // some wait for the true clock or a server for a fourth of their time
    isolate: false, // no module mocks here, so files share a worker: a third of the time was imports
    globalSetup: "test/support/BuiltGlider.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: "v8", include: ["src/**/*.{ts,tsx}"] }
  }
})
