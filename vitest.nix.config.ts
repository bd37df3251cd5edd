import { defineConfig } from "vitest/config"

/** `.ci/nix`: the flake as Nix reads it; see docs/nix.md. */
export default defineConfig({
  test: {
    include: ["test/nix/**/*.nix.test.ts"],
    reporters: ["verbose"], // the only one that shows what is skipped
    testTimeout: 60_000,
    hookTimeout: 120_000
  }
})
