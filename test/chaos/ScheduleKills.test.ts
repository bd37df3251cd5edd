import { NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { killsOf } from "../support/Chaos.ts"
import { killed } from "../support/ScheduleKills.ts"

const surroundings = Layer.mergeAll(Sandbox.layer({ seed: "schedule kills" }), FetchHttpClient.layer).pipe(
  Layer.provideMerge(NodeServices.layer)
)

layer(surroundings, { excludeTestServices: true })("schedules of a process that is killed", (it) => {
  it.effect(
    "have exactly one outcome for every tick, and no tick starts two runs",
    () => Effect.flatMap(killsOf(15), (kills) => killed({ kills, seed: 7 })),
    900_000
  )
})
