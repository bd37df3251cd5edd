import { NodeServices } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { Effect } from "effect"
import type { End } from "../support/WorkflowVictimProcess.ts"
import { tell } from "../support/WorkflowVictimStory.ts"
it.live("x", () => Effect.gen(function*() {
  const told = yield* tell({ seed: 1, ends: Array.from({ length: 10 }, (_, i): End => ({ _tag: "At", place: `commit.before:${i + 1}` })) })
  console.log(told.violations)
  const last = told.lives.at(-1)?.lines.find((l) => l._tag === "Told")
  if (last?._tag === "Told") for (const run of last.runs) {
    if (told.violations.some(v => v.startsWith(run.order + ":") || v.startsWith(run.order + " "))) console.log(run.order, run.workflow, run.state, run.entries.map(e => `${e.at % 100000} ${e._tag} ${"name" in e ? e.name : ""}`).join("\n   "))
  }
  console.log(told.lives.map(l => `${l.setup.life} ${l.killed} ${l.atPlace} ${l.lines.map(x => x._tag + ("order" in x ? " " + x.order : "")).filter(x => !x.startsWith("Told")).join(", ")} ${l.complaint.slice(0, 500)}`).join("\n"))
}).pipe(Effect.provide(NodeServices.layer)))
