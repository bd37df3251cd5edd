/** The OpenAPI document: what the contract says by itself, and what holds for every address. */
import { Context } from "effect"
import { HttpApi, OpenApi } from "effect/http-api"
import { Api } from "./Api.ts"
import { Authorization, Replayed } from "./Guards.ts"
import { RequiredScope } from "./Scopes.ts"

/** What each operation does, by its id; one that has a summary of its own needs none here. */
const summaries: { readonly [operation: string]: string } = {
  "syncs.run": "Run a sync now, and tell how it goes on",
  "runs.list": "List runs, the newest first",
  "runs.get": "Give a run",
  "runs.history": "Give a run with all that it did",
  "runs.watch": "Tell whenever a run has changed, until it is over",
  "runs.cancel": "Cancel a run",
  "runs.retry": "Try a run again",
  "runs.signal": "Send a run the signal that it waits for",
  "events.runs": "Tell of runs that begin and end, as server-sent events",
  "events.schedules": "Tell of ticks and of changes of schedules, as server-sent events",
  "schedules.list": "List schedules, by id",
  "schedules.plan": "Say what a reload of the config would change",
  "schedules.get": "Give a schedule: what the config says, what was changed, and where it stands",
  "schedules.ticks": "Explain ticks: when they were due, what became of them, and which are to come",
  "schedules.replace": "Change a schedule until the next reload, in place of what was changed before",
  "schedules.update": "Change a schedule until the next reload, beside what was changed before",
  "schedules.delete": "Delete a schedule until the next reload; its runs go on",
  "schedules.pause": "Pause a schedule: its ticks are recorded, and start nothing",
  "schedules.resume": "End the pause of a schedule",
  "schedules.trigger": "Run a schedule now, as its overlap policy allows",
  "schedules.backfill": "Run ticks of the past that have started nothing",
  "schedules.migrate": "Take over the schedules that a former name of the project left behind",
  "metrics.scrape": "Give all metrics to Prometheus",
  "workflows.list": "List the workflows that can be started",
  "workflows.start": "Start a run of a workflow",
  "deadLetters.list": "List what failed for good, the newest first",
  "deadLetters.get": "Give a dead letter",
  "deadLetters.retry": "Try dead letters again",
  "deadLetters.drop": "Drop dead letters",
  "reviews.list": "List the songs that wait for a person",
  "reviews.approve": "Say that a song is the one that was asked for: it is added then",
  "reviews.reject": "Say that a song is not the one that was asked for",
  "music.sync": "Put a song into a playlist of Spotify",
  "music.state": "Say how a request for a song goes",
  "music.cancel": "Cancel a request for a song; what it has added is taken out again",
  "music.cancellable": "Say what a cancellation would do now",
  "music.health": "Say whether the server can do its work",
  "musicLetters.list": "List songs that failed for good, the newest first",
  "musicLetters.retry": "Try a song again that failed for good",
  "musicLetters.retryAll": "Try all songs again that failed for good",
  "agentSync.start": "Have agents put a song into a playlist of Spotify",
  "agentSync.state": "Say how a request for agents goes, and what was done",
  "agentSync.cancel": "Cancel a request for agents; what it has added is taken out again",
  "agentSync.cancellable": "Say what a cancellation of a request for agents would do now",
  "data.owner": "Say by which clock and calendar the owner reads times",
  "data.calendar": "Give the events of some days",
  "data.listening": "Give what was listened to on some days, by sessions",
  "data.heartRate": "Give the heart rate of some days",
  "data.body": "Give what the ring says of some days and nights",
  "data.recorded": "Say how far the records go, and where they may be incomplete",
  "data.totals": "Give the sums of each of some days",
  "data.tops": "Say what was listened to most",
  "data.summary": "Give the listening of some days in a few numbers",
  "data.search": "Find records by the words in them",
  "spotify.tracks": "Search Spotify for tracks, by words or by ISRC",
  "spotify.playlists": "List the playlists of the Spotify account",
  "spotify.holds": "Say whether a track is in a playlist",
  "spotify.add": "Put a track into a playlist, unless it is there",
  "connections.list": "Say how each account stands",
  "connections.begin": "Begin a sign-in",
  "connections.complete": "Complete a sign-in with what the browser was sent back with",
  "connections.revoke": "Disconnect an account; its records stay",
  "tokens.list": "List tokens, without their secrets",
  "tokens.create": "Make a token; its secret is in this answer alone",
  "tokens.revoke": "End a token at once",
  "sessions.list": "List the browsers that have signed in to the web page",
  "sessions.link": "Make a link that lets one browser in, once",
  "sessions.end": "Sign a browser out",
  "batch.start": "Put many songs into a playlist of Spotify",
  "batch.state": "Say how a batch of songs goes, song by song",
  "breakers.list": "Say what is left alone because it fails, and until when",
  "breakers.reset": "Close a circuit breaker: calls are made again at once",
  "system.status": "Say what ran last and what runs next",
  "system.doctor": "Look at all that keeps a sync from working",
  "system.reload": "Read the config again",
  "system.schema": "Give the version of the store's schema",
  livez: "Say that the process lives",
  readyz: "Say whether the process can do its work",
  health: "Say how each part stands",
  healthz: "Say how each part stands"
}

const tags: { readonly [group: string]: string } = {
  syncs: "Syncs by hand.",
  runs: "Runs of syncs and of all other workflows.",
  schedules: "When syncs and workflows run.",
  events: "What happens, as it happens.",
  metrics: "For Prometheus.",
  workflows: "What can be started.",
  deadLetters: "What failed for good and waits for a person.",
  reviews: "Songs that wait for a person to say whether they are the track.",
  music: "Songs that are put into playlists.",
  musicLetters: "Songs that failed for good.",
  agentSync: "Songs that agents put into playlists.",
  data: "The person's own records, by days of the owner's time zone.",
  spotify: "What Spotify finds, and the playlists there.",
  batch: "Many songs for one playlist.",
  breakers: "Circuit breakers of the providers and the language model.",
  connections: "The signed-in accounts.",
  tokens: "Tokens of this API.",
  sessions: "Browsers that have signed in to the web page.",
  system: "The installation as a whole.",
  health: "For those who watch over the process."
}

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
