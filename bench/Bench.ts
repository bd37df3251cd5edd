/**
 * Measures what Glider promises: `npm run bench -- [store] [workflows] [schedules] [integrity] [pages] [music] [agent] [jobs] [webhooks] [start] [idle] [--quick]`. Results as JSON
 * on standard output, a summary on standard error. A missed number is a result; the exit code tells only whether the benchmarks could run.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Console, Effect, Exit, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { cpus, loadavg, totalmem } from "node:os"
import { agent } from "./agent/Agents.ts"
import { idle } from "./Idle.ts"
import { integrity } from "./integrity/Integrity.ts"
import { jobs } from "./jobs/JobRounds.ts"
import { music } from "./music/Music.ts"
import { pages } from "./pages/Pages.ts"
import { full, quick, summary } from "./Report.ts"
import { schedules } from "./schedules/Schedules.ts"
import { start } from "./Start.ts"
import { store } from "./Store.ts"
import { webhooks } from "./webhooks/WebhookRounds.ts"
import { workflows } from "./workflows/Workflows.ts"

const benchmarks = { store, workflows, schedules, integrity, pages, music, agent, jobs, webhooks, start, idle }

const isName = (argument: string): argument is keyof typeof benchmarks => Object.hasOwn(benchmarks, argument)

const names = [
  "store",
  "workflows",
  "schedules",
  "integrity",
  "pages",
  "music",
  "agent",
  "jobs",
  "webhooks",
  "start",
  "idle"
] as const

const asked = process.argv.slice(2)
const sizes = asked.includes("--quick") ? quick : full
const chosen = names.filter((name) => asked.includes(name))
const unknown = asked.filter((argument) => argument !== "--quick" && !isName(argument))

const machine = () => ({
  node: process.version,
  cpus: cpus().length,
  cpu: cpus()[0]?.model,
  memoryMegabytes: Math.round(totalmem() / 1e6),
  /** Processes that want a core, over the last minute: above the number of cores, the results say little. */
  load: loadavg()[0]
})

const program = Effect.gen(function*() {
  if (unknown.length > 0) {
    yield* Console.error(
      `unknown: ${
        unknown.join(" ")
      }\nusage: npm run bench -- [store] [workflows] [schedules] [integrity] [pages] [music] [agent] [jobs] [webhooks] [start] [idle] [--quick]`
    )
    return 2
  }
  const before = machine()
  const results = yield* Effect.forEach(chosen.length === 0 ? names : chosen, (name) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(benchmarks[name](sizes))
      const outcome = Exit.getSuccess(exit)
      yield* Console.error(summary(name, outcome))
      if (Exit.isSuccess(exit)) return { name, ...exit.value }
      yield* Console.error(Cause.pretty(exit.cause))
      return { name, promises: [], error: Cause.pretty(exit.cause) }
    }), { concurrency: sizes === quick ? 2 : 1 })
  yield* Console.log(JSON.stringify({ quick: sizes === quick, machine: before, results }, null, 2))
  return results.some((result) => "error" in result) ? 1 : 0
})

program.pipe(
  Effect.provide(Layer.mergeAll(NodeServices.layer, FetchHttpClient.layer)),
  (main) =>
    NodeRuntime.runMain(main, { teardown: (exit) => process.exit(Exit.isSuccess(exit) ? Number(exit.value) : 1) })
)
