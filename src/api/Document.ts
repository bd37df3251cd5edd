/** The OpenAPI document: what the contract says by itself, and what holds for every address. */
import { Context } from "effect"
import { HttpApi, OpenApi } from "effect/http-api"
import { Api } from "./Api.ts"
import { summaries, tags } from "./DocumentWords.ts"
import { Authorization, Replayed } from "./Guards.ts"
import { RequiredScope } from "./Scopes.ts"

/** Any problem document (RFC 9457). */
const problem = {
  type: "object",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", description: "What happened, for programs; it does not change." },
    fix: { type: "string", description: "The command that mends it, or a sentence." },
    error: { type: "string", description: "Below /api/v1 only: the same as code." },
    message: { type: "string", description: "Below /api/v1 only: the same as title." },
    timestamp: { type: "string", format: "date-time", description: "Below /api/v1 only: when that was." },
    details: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "message"],
        properties: {
          pointer: {
            type: "string",
            description: "Where, as a JSON pointer that begins with the part of the request."
          },
          message: { type: "string" }
        }
      }
    }
  }
}

const refusal = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }
})

type Operation = OpenApi.OpenAPISpecOperation

/** What the door and the router may answer before an endpoint does. */
const common = (method: string, annotations: Context.Context<never>, closed: boolean): Operation["responses"] => ({
  ...closed ? { 429: refusal("The client has used up its requests of this minute") } : {},
  ...method === "POST"
    ? {
      409: refusal("The first request with that Idempotency-Key has no answer yet"),
      413: refusal("The body is too large"),
      415: refusal("The body is of another type than this takes"),
      ...Context.get(annotations, Replayed) ? { 422: refusal("The Idempotency-Key came with another request") } : {}
    }
    : {},
  421: refusal("The Host header is not that of this server"),
  500: refusal("This is a bug of Glider"),
  503: refusal("The answer took too long, or the store does not answer")
})

const keyParameter: Operation["parameters"][number] = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Sent again with the same key within a day, the request is not done again and gets the same answer.",
  schema: { type: "string", minLength: 1, maxLength: 255 }
}

const described = (
  operation: Operation,
  method: string,
  annotations: Context.Context<never>,
  closed: boolean
): Operation & { readonly "x-required-scope"?: string } => {
  const scope = Context.get(annotations, RequiredScope)
  const responses = Object.fromEntries(
    Object.entries(operation.responses).map(([status, response]) => [
      status,
      /^[\w.-]+\//.test(response.description) ? { ...response, description: "Done" } : response
    ])
  )
  const summary = operation.summary ?? summaries[operation.operationId]
  const asks = closed ? `Asks for the scope \`${scope}\`.` : "Asks for no token."
  return {
    ...operation,
    ...summary === undefined ? {} : { summary },
    description: operation.description === undefined ? asks : `${operation.description}\n\n${asks}`,
    parameters: method === "POST" && Context.get(annotations, Replayed)
      ? [...operation.parameters, keyParameter]
      : operation.parameters,
    security: closed ? [{ bearer: [scope] }, { session: [] }] : [],
    responses: { ...common(method, annotations, closed), ...responses },
    ...closed ? { "x-required-scope": scope } : {}
  }
}

const makeDocument = (): OpenApi.OpenAPISpec => {
  const spec = OpenApi.fromApi(Api)
  const paths: Record<string, OpenApi.OpenAPISpecPathItem> = { ...spec.paths }
  HttpApi.reflect(Api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, mergedAnnotations, middleware }) => {
      const path = endpoint.path.replaceAll(/:(\w+)/g, "{$1}")
      const item = paths[path]
      const method = methods.find((name) => name.toUpperCase() === endpoint.method)
      const operation = method === undefined ? undefined : item?.[method]
      if (item === undefined || method === undefined || operation === undefined) return
      const closed = [...middleware].some(({ key }) => key === Authorization.key)
      paths[path] = { ...item, [method]: described(operation, endpoint.method, mergedAnnotations, closed) }
    }
  })
  return {
    ...spec,
    info: {
      ...spec.info,
      description:
        "The local API of Glider. docs/api.md of its repository says how to ask, and what holds for every address.",
      license: { name: "MIT", url: "https://opensource.org/license/mit" }
    },
    servers: [{ url: "/", description: "This server" }],
    tags: spec.tags.map((tag) => {
      const description = tag.description ?? tags[tag.name]
      return description === undefined ? tag : { ...tag, description }
    }),
    paths,
    components: {
      ...spec.components,
      schemas: { ...spec.components.schemas, Problem: problem },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A token of `glider token create`, or the one in daemon.json of the data folder."
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "glider_session_4747",
          description:
            "A browser that has signed in to the web page. The name ends with the port; docs/api.md says more."
        }
      }
    }
  }
}

const methods = ["get", "post", "put", "patch", "delete"] as const

/** The whole document. */
export const document: OpenApi.OpenAPISpec = makeDocument()
