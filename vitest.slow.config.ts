import { defineConfig } from "vitest/config"

/**
 * Tests that start the program, its examples, servers or the compiler as processes of their own, or that kill or damage something within
 * one process many times over; see docs/testing.md.
 */
export const slow = [
  "test/cli/Completions.test.ts",
  "test/cli/Process.test.ts",
  "test/docs/Workflows.test.ts",
  "test/engine/CrashAtCommit.test.ts",
  "test/engine/ManyRuns.test.ts",
  "test/examples/Examples.test.ts",
  "test/integration/Browser.test.ts",
  "test/integration/CommandLine.test.ts",
  "test/integration/DamagedStore.test.ts",
  "test/integration/RunCommands.test.ts",
  "test/integration/Secrets.test.ts",
  "test/mcp/Process.test.ts",
  "test/services/HeapTrim.test.ts",
  "test/services/Manifest.test.ts",
  "test/services/StoreExamination.test.ts",
  "test/services/SurrealRemote.test.ts",
  "test/services/ToolServers.test.ts",
  "test/workflows/ImportCrash.test.ts",
  "test/workflows/OutsideTools.test.ts"
]

/** `npm run test:slow`. */
export default defineConfig({
  test: {
    include: slow,
    maxWorkers: "100%",
    isolate: false,
    globalSetup: "test/support/BuiltGlider.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
