/** The ledger of syncs is written in the commit of a run's end, beside what else is written there. */
import { Effect, Layer } from "effect"
import { EndWrites, type WritesOfEnd } from "../engine/EndWrites.ts"
import { ledgerWrites } from "../store/SourceRuns.ts"

export const layer = Layer.effect(
  EndWrites,
  Effect.map(EndWrites, (others): WritesOfEnd => (run) => [...ledgerWrites(run), ...others(run)])
)
