import { defineConfig } from "vitest/config"

/** `npm run test:browser`: the page in Debian's Chromium, against the program as it is installed; see docs/testing.md. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.browser.test.ts"],
    globalSetup: "test/browser/support/Setup.ts",
    maxWorkers: 3, // each has a browser of its own, and waits for it a third of the time
    isolate: false, // files of a worker share the browser
    testTimeout: 90_000,
    hookTimeout: 120_000
  }
})
