/** Vitest's global setup: four daemons that all files share. */
import type { TestProject } from "vitest/node"
import { missing } from "./Chromium.ts"
import type { Daemon } from "./Daemon.ts"
import { daemons } from "./Daemons.ts"

/** Who is visited by tests. */
export type Visited = "demo" | "prepared" | "empty" | "decade"

declare module "vitest" {
  interface ProvidedContext {
    readonly daemons: { readonly [N in Visited]: Daemon }
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  if (missing !== undefined) {
    console.log(`SKIPPED: ${missing}`)
    return () => Promise.resolve()
  }
  const { decade, demo, empty, end, prepared } = await daemons(["demo", "prepared", "empty", "decade"])
  if (decade === undefined || demo === undefined || empty === undefined || prepared === undefined) {
    throw new Error("not all daemons are up")
  }
  provide("daemons", { demo, prepared, empty, decade })
  return end
}
