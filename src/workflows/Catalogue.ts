/** The workflows that a `[schedule.*]` table may name, and what their runs may be given. */
import { Option, Result, Schema } from "effect"
import type { Workflow } from "effect/workflow"
import { nearest } from "../domain/Nearest.ts"
import { AgentSync } from "./AgentSync.ts"
import { BackUp } from "./BackUp.ts"
import { Diagnostics } from "./Diagnostics.ts"
import { MusicBatch } from "./MusicBatch.ts"
import { MusicSync } from "./MusicSync.ts"
import { PlaylistSync } from "./PlaylistSync.ts"

/** Checks an input against the payload of a workflow; gives it with the defaults merged, or says what is wrong. */
type Check = (input: unknown) => Result.Result<Schema.Json, string>

const isJson = Schema.is(Schema.Json)

const checkOf = <
  S extends Workflow.AnyStructSchema & { readonly DecodingServices: never; readonly EncodingServices: never }
>(
  payload: S
): Check => {
  const codec = Schema.toCodecJson(payload)
  const decode = Schema.decodeUnknownResult(codec, { errors: "all", onExcessProperty: "error" })
  const encode = Schema.encodeUnknownResult(codec)
  return (input) =>
    Result.flatMap(decode(input), encode).pipe(
      Result.mapError(({ message }) => message),
      Result.flatMap((merged) => isJson(merged) ? Result.succeed(merged) : Result.fail("expected values of JSON"))
    )
}

const catalogue: ReadonlyMap<string, Check> = new Map([
  [BackUp._tag, checkOf(BackUp.payloadSchema)],
  [Diagnostics._tag, checkOf(Diagnostics.payloadSchema)],
  [AgentSync._tag, checkOf(AgentSync.payloadSchema)],
  [MusicBatch._tag, checkOf(MusicBatch.payloadSchema)],
  [MusicSync._tag, checkOf(MusicSync.payloadSchema)],
  [PlaylistSync._tag, checkOf(PlaylistSync.payloadSchema)]
])

/** The input of a workflow, or why a schedule cannot run it so: at its key `workflow`, or at `input`. */
export const checkInput = (
  workflow: string,
  input: unknown
): Result.Result<Schema.Json, { readonly key: "workflow" | "input"; readonly message: string }> => {
  const check = catalogue.get(workflow)
  if (check !== undefined) return Result.mapError(check(input), (message) => ({ key: "input" as const, message }))
  const names = [...catalogue.keys()]
  return Result.fail({
    key: "workflow",
    message: Option.match(nearest(workflow, names), {
      onNone: () => `there is no workflow ${workflow} that a schedule can run; there are ${names.join(", ")}`,
      onSome: (meant) => `there is no workflow ${workflow}, did you mean ${meant}?`
    })
  })
}
