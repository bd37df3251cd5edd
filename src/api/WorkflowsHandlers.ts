import { Effect, Option, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { RunControl } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import { Api } from "./Api.ts"
import { DerivedRunId } from "./Idempotency.ts"
import { StartedRun, WorkflowInfo } from "./RunMessages.ts"
import { invalidInput, storeFailed, unknownWorkflow } from "./Translate.ts"

const isJson = Schema.is(Schema.Json)

/** The JSON schema of a payload; `true`, which allows anything, where there is none. */
const schemaOf = (payload: Schema.Top): Schema.Json => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(Schema.toCodecJson(payload))
  const whole = { ...schema, $defs: definitions }
  return isJson(whole) ? whole : true
}

export const workflowsHandlers = HttpApiBuilder.group(
  Api,
  "workflows",
  Effect.fn(function*(handlers) {
    const control = yield* RunControl
    return handlers.handleAll({
      list: () =>
        Effect.map(
          control.workflows,
          (all) =>
            all.map(({ _tag, payloadSchema }) => new WorkflowInfo({ name: _tag, input: schemaOf(payloadSchema) }))
        ),
      start: ({ params, payload }) =>
        Effect.flatMap(DerivedRunId, (derived) =>
          control.start(
            params.name,
            payload.input ?? {},
            Option.orElse(Option.fromUndefinedOr(payload.id), () => derived)
          )).pipe(
            Effect.provideService(RunOptions, {
              ...RunOptions.defaultValue(),
              attributes: payload.attributes ?? {}
            }),
            Effect.map((id) => new StartedRun({ id })),
            Effect.catchTags({
              InvalidInput: (error) => Effect.fail(invalidInput(error)),
              UnknownWorkflow: (error) => Effect.fail(unknownWorkflow(error)),
              SurrealError: (error) => Effect.fail(storeFailed(error))
            })
          )
    })
  })
)
