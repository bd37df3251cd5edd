import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Config, Console, Effect, Option, Redacted } from "effect"
import { Provider, providerTitle } from "../../src/domain/Provider.ts"
import type { Run } from "../../src/domain/Run.ts"
import { variables } from "../../src/services/Secrets.ts"
import { SyncRunner } from "../../src/workflows/SyncRunner.ts"
import { connect, liveWorld, save, tasks } from "./LiveWorld.ts"
import { read } from "./TokensFile.ts"

/** The file of refresh tokens and what it holds. A file that is named and cannot be used fails the tests at once. */
const { file, tokens } = await Effect.runPromise(
  Effect.gen(function*() {
    const file = yield* Config.withDefault(Config.String("GLIDER_LIVE_TOKENS_FILE"), "")
    return { file, tokens: file === "" ? {} : yield* read(file) }
  }).pipe(Effect.provide(NodeServices.layer))
)

const isSet = (variable: string): Effect.Effect<boolean> =>
  Effect.forEach([variable, `${variable}_FILE`], (name) => Config.option(Config.String(name))).pipe(
    Effect.map((found) => found.some(Option.isSome)),
    Effect.orDie
  )

/** Why a provider cannot be tried; none when it can. */
const missing = await Effect.runPromise(
  Effect.forEach(Provider.literals, (provider) =>
    Effect.gen(function*() {
      const { id, secret } = variables(provider)
      if (file === "") return [provider, "GLIDER_LIVE_TOKENS_FILE is not set"] as const
      if (tokens[provider] === undefined) return [provider, `GLIDER_LIVE_TOKENS_FILE has no "${provider}"`] as const
      if (!(yield* isSet(id))) return [provider, `${id} is not set`] as const
      if (provider !== "spotify" && !(yield* isSet(secret))) return [provider, `${secret} is not set`] as const
      return [provider, ""] as const
    }))
)

/** Numbers only: what was read is the person's. */
const summary = ({ syncReport, workflow }: Run): string =>
  Object.entries(syncReport.streams).map(([stream, { created, quarantined, read }]) =>
    `  ${workflow} ${stream}: ${read} read, ${created} stored, ${quarantined} unreadable`
  ).join("\n")

describe("the real providers", () => {
  for (const [provider, reason] of missing) {
    const title = `${providerTitle[provider]}: one sync into an empty store reads every record it lists`
    it.live.skipIf(reason !== "")(
      reason === "" ? title : `${title} (skipped: ${reason})`,
      () =>
        Effect.gen(function*() {
          const runner = yield* SyncRunner
          const task = tasks[provider]
          yield* connect(file, provider, tokens[provider] ?? Redacted.make(""))
          const outcome = yield* Effect.ensuring(
            runner.run({ task, trigger: "manual", onProgress: () => Effect.void }),
            Effect.orDie(save(file, provider)) // a renewal on the way has used up what is in the file
          )
          if (outcome._tag !== "Ran") return assert.fail("the task was running already")
          const { run } = outcome
          yield* Console.log(summary(run))
          assert.strictEqual(
            run.status,
            "completed",
            Option.match(run.error, { onNone: () => "", onSome: ({ message }) => message })
          )
          assert.isNotEmpty(Object.keys(run.syncReport.streams))
          for (const [stream, counts] of Object.entries(run.syncReport.streams)) {
            assert.strictEqual(counts.quarantined, 0, `${stream}: records that could not be read`)
          }
        }).pipe(Effect.provide(liveWorld))
    )
  }
})
