/** The client of the API, group by group: what encodes and decodes a group is made when it is asked for, since all take a tenth of a command's time. */
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { HttpApiClient, type HttpApiMiddleware } from "effect/http-api"
import { Api } from "../api/Api.ts"
import type { Authorization } from "../api/Guards.ts"

/** The client at an address. */
export const clientOf = (baseUrl: string, httpClient: HttpClient.HttpClient) =>
  Effect.map(
    Effect.context<HttpApiMiddleware.ForClient<Authorization>>(),
    (context): HttpApiClient.ForApi<typeof Api> => {
      const made = Effect.runSyncWith(context)
      const options = { baseUrl, httpClient }
      return {
        get syncs() {
          return made(HttpApiClient.group(Api, { ...options, group: "syncs" }))
        },
        get runs() {
          return made(HttpApiClient.group(Api, { ...options, group: "runs" }))
        },
        get schedules() {
          return made(HttpApiClient.group(Api, { ...options, group: "schedules" }))
        },
        get events() {
          return made(HttpApiClient.group(Api, { ...options, group: "events" }))
        },
        get workflows() {
          return made(HttpApiClient.group(Api, { ...options, group: "workflows" }))
        },
        get deadLetters() {
          return made(HttpApiClient.group(Api, { ...options, group: "deadLetters" }))
        },
        get reviews() {
          return made(HttpApiClient.group(Api, { ...options, group: "reviews" }))
        },
        get music() {
          return made(HttpApiClient.group(Api, { ...options, group: "music" }))
        },
        get musicLetters() {
          return made(HttpApiClient.group(Api, { ...options, group: "musicLetters" }))
        },
        get agentSync() {
          return made(HttpApiClient.group(Api, { ...options, group: "agentSync" }))
        },
        get data() {
          return made(HttpApiClient.group(Api, { ...options, group: "data" }))
        },
        get spotify() {
          return made(HttpApiClient.group(Api, { ...options, group: "spotify" }))
        },
        get connections() {
          return made(HttpApiClient.group(Api, { ...options, group: "connections" }))
        },
        get connectors() {
          return made(HttpApiClient.group(Api, { ...options, group: "connectors" }))
        },
        get tokens() {
          return made(HttpApiClient.group(Api, { ...options, group: "tokens" }))
        },
        get sessions() {
          return made(HttpApiClient.group(Api, { ...options, group: "sessions" }))
        },
        get system() {
          return made(HttpApiClient.group(Api, { ...options, group: "system" }))
        },
        get batch() {
          return made(HttpApiClient.group(Api, { ...options, group: "batch" }))
        },
        get breakers() {
          return made(HttpApiClient.group(Api, { ...options, group: "breakers" }))
        },
        get alerts() {
          return made(HttpApiClient.group(Api, { ...options, group: "alerts" }))
        },
        get webhooks() {
          return made(HttpApiClient.group(Api, { ...options, group: "webhooks" }))
        },
        get inbox() {
          return made(HttpApiClient.group(Api, { ...options, group: "inbox" }))
        },
        get jobs() {
          return made(HttpApiClient.group(Api, { ...options, group: "jobs" }))
        },
        get imports() {
          return made(HttpApiClient.group(Api, { ...options, group: "imports" }))
        },
        get candidates() {
          return made(HttpApiClient.group(Api, { ...options, group: "candidates" }))
        },
        get reports() {
          return made(HttpApiClient.group(Api, { ...options, group: "reports" }))
        },
        get retention() {
          return made(HttpApiClient.group(Api, { ...options, group: "retention" }))
        },
        get affinity() {
          return made(HttpApiClient.group(Api, { ...options, group: "affinity" }))
        },
        get metrics() {
          return made(HttpApiClient.group(Api, { ...options, group: "metrics" }))
        },
        get livez() {
          return made(HttpApiClient.endpoint(Api, { ...options, group: "health", endpoint: "livez" }))
        },
        get readyz() {
          return made(HttpApiClient.endpoint(Api, { ...options, group: "health", endpoint: "readyz" }))
        },
        get health() {
          return made(HttpApiClient.endpoint(Api, { ...options, group: "health", endpoint: "health" }))
        },
        get healthz() {
          return made(HttpApiClient.endpoint(Api, { ...options, group: "health", endpoint: "healthz" }))
        }
      }
    }
  )
