/**
 * Tools of servers elsewhere, as `[mcp.server.*]` names them, for agents: those that only read, within bounds. What they say is data: no
 * track that they name can be added, since only what this run's own searches found can.
 */
import { Duration, Effect, Option, Schema } from "effect"
import { Tool } from "effect/ai"
import { Activity } from "effect/workflow"
import { McpServerError, McpToolError, McpToolRefused, type ToolServers } from "../services/ToolServers.ts"
import * as AgentTool from "../workflow/AgentTool.ts"

/** A tool as it was when the run began: the model is told of the same tools after a restart. */
const OutsideTool = Schema.Struct({
  name: Schema.String,
  description: Schema.String,
  /** JSON schema. */
  parameters: Schema.Record(Schema.String, Schema.Json)
})
type OutsideTool = typeof OutsideTool.Type

/** So many are offered; what a model is told of each, and what each gives, is cut to so many characters. */
const most = { tools: 10, description: 500, parameters: 4000, answer: 4000, error: 500 }

/** Servers that have not listed their tools by then have none for this run. */
const listedWithin = Duration.seconds(30)

/** One attempt, in which a server may be begun again and asked once more. */
const answeredWithin = Duration.minutes(2)

/** What the providers of models take as the name of a tool. */
const isName = (name: string): boolean => /^[a-zA-Z0-9_-]{1,64}$/.test(name)

const decodeParameters = Schema.decodeUnknownOption(OutsideTool.fields.parameters)
const textOf = Schema.encodeUnknownSync(Schema.fromJsonString(Schema.Unknown))

/** The tools that agents of a run may have, recorded. */
export const offered = (servers: ToolServers["Service"]) =>
  Activity.make({
    name: "outside tools",
    success: Schema.Array(OutsideTool),
    execute: servers.tools.pipe(
      Effect.timeoutOrElse({ duration: listedWithin, orElse: () => Effect.succeed([]) }),
      Effect.map((tools) =>
        tools.flatMap(({ description, isReadOnly, name, parameters }): ReadonlyArray<OutsideTool> => {
          const read = decodeParameters(parameters)
          const fits = isReadOnly && isName(name) && textOf(parameters).length <= most.parameters
          if (!fits || Option.isNone(read)) return []
          return [{ name, description: description.slice(0, most.description), parameters: read.value }]
        }).slice(0, most.tools)
      )
    )
  })

/** What is told of an answer: its texts, or its structure where it has no text. */
const Answer = Schema.Struct({
  /** The words of a stranger. */
  said: Schema.String,
  /** Whether there was more of it. */
  is_cut: Schema.Boolean
})

const Failed = Schema.Union([McpServerError, McpToolError, McpToolRefused])

/** Words of a server may be as long as it likes. */
const shortened = (error: typeof Failed.Type): typeof Failed.Type => {
  switch (error._tag) {
    case "McpServerError":
      return new McpServerError({
        server: error.server,
        message: error.message.slice(0, most.error),
        maybeDone: error.maybeDone
      })
    case "McpToolError":
      return new McpToolError({ tool: error.tool, message: error.message.slice(0, most.error) })
    case "McpToolRefused":
      return error
  }
}

const toolOf = (servers: ToolServers["Service"], { description, name, parameters }: OutsideTool) =>
  AgentTool.activity(
    Tool.dynamic(name, {
      description: `Of an outside server, which says of it: ${description}`,
      parameters,
      success: Answer,
      failure: Failed
    }),
    {
      error: Schema.Never,
      // a server that is gone for good is told to the model, as what the tool itself says
      retry: {
        initialInterval: "1 second",
        maximumInterval: "30 seconds",
        maximumAttempts: 3,
        nonRetryable: ({ _tag }) => _tag !== "McpServerError"
      },
      execute: Effect.fnUntraced(function*(params: unknown) {
        const args = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Json))(params)
        if (Option.isNone(args)) {
          return yield* new McpToolError({ tool: name, message: "its arguments are an object of JSON" })
        }
        const { content, structuredContent } = yield* servers.call(name, args.value, { readOnly: true }).pipe(
          Effect.timeoutOrElse({
            duration: answeredWithin,
            orElse: () =>
              Effect.fail(
                new McpServerError({
                  server: name,
                  message: `no answer within ${Duration.format(answeredWithin)}`,
                  maybeDone: true
                })
              )
          }),
          Effect.mapError(shortened)
        )
        const texts = content.flatMap((block) => block.type === "text" ? [block.text] : [])
        const said = texts.length === 0 && structuredContent !== undefined
          ? textOf(structuredContent)
          : texts.join("\n")
        return { said: said.slice(0, most.answer), is_cut: said.length > most.answer }
      })
    }
  )

/** They as tools of an agent. */
export const outside = (servers: ToolServers["Service"], tools: ReadonlyArray<OutsideTool>) =>
  tools.map((tool) => toolOf(servers, tool))
