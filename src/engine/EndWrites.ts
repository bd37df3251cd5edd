import { Context } from "effect"
import type { Statement } from "../services/Surreal.ts"
import type { RunRow } from "../store/RunColumns.ts"

/** What else is written in the commit of a run's end, by the row that it leaves. */
export type WritesOfEnd = (run: RunRow) => ReadonlyArray<Statement>

/** It, where somebody wants anything written. */
export class EndWrites extends Context.Reference<WritesOfEnd>("glider/engine/EndWrites", {
  defaultValue: () => () => []
}) {}
