import { Clock, Context, Effect, Layer, Option, Schema } from "effect"
import { CurrentConfig } from "../Config.ts"
import * as StableHash from "../domain/StableHash.ts"
import { RunControl } from "../engine/RunControl.ts"
import { Ai } from "../services/Ai.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { AgentSync } from "./AgentSync.ts"

/** What is asked for: the input of the workflow without its key. */
export type AgentWish = Omit<(typeof AgentSync)["payloadSchema"]["Type"], "key">

/** No agent can be asked here, and what is to be done about it. */
export class NoAgents extends Schema.TaggedError<NoAgents>()("NoAgents", {
  message: Schema.String,
  fix: Schema.String
}) {}

/** Five hexadecimal digits. */
const digitsOf = (text: string): string => Math.floor(StableHash.fraction(text) * 16 ** 5).toString(16).padStart(5, "0")

/** Of the user what may stand in an address as it is. */
const userOf = (user: string | undefined): string => user?.replaceAll(/[^\w.@-]/g, "_").slice(0, 64) ?? "anonymous"

/** How somebody's wish for a song becomes a run of agents. */
export class AgentIntake extends Context.Service<AgentIntake, {
  /**
   * Starts a run, durably, and gives its id: `agent-sync-{user}-{milliseconds}-{5 hexadecimal digits}`. With a `derived` id, which
   * the same request has whenever it is sent, it is `agent-sync-{user}-{derived}`, and the same run.
   */
  readonly accept: (
    wish: AgentWish,
    derived: Option.Option<string>
  ) => Effect.Effect<string, NoAgents | SurrealError>
}>()("glider/workflows/AgentIntake") {
  static readonly layer = Layer.effect(
    AgentIntake,
    Effect.gen(function*() {
      const { agents } = yield* CurrentConfig
      const control = yield* RunControl
      const { model } = yield* Ai
      let last = 0

      /** Milliseconds since 1970, distinct and ascending, so that no two runs of a process have one id. */
      const stamp = Effect.map(Clock.currentTimeMillis, (now) => {
        last = Math.max(now, last + 1)
        return last
      })

      const accept = Effect.fn("AgentIntake.accept")(function*(wish: AgentWish, derived: Option.Option<string>) {
        if (!agents.enabled) {
          const fix = "set [agents] enabled = true in config.toml, and start glider run again"
          return yield* new NoAgents({ message: "agents are switched off", fix })
        }
        if (Option.isNone(model)) {
          const fix = "set [ai] provider in config.toml, and start glider run again"
          return yield* new NoAgents({ message: "no language model is named", fix })
        }
        const own = Option.isSome(derived)
          ? derived.value
          : `${yield* stamp}-${digitsOf(Object.values(wish).join("\n"))}`
        const run = `agent-sync-${userOf(wish.user_id)}-${own}`
        return yield* Effect.catchTags(control.start(AgentSync._tag, { ...wish, key: run }, Option.some(run)), {
          InvalidInput: Effect.die, // the wish has the types of the input
          UnknownWorkflow: Effect.die
        })
      })

      return AgentIntake.of({ accept })
    })
  )
}
