/** Receivers of webhooks over real HTTP, and what sends to them over a real store. */
import { NodeServices } from "@effect/platform-node"
import { ConfigProvider, Context, DateTime, Duration, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { createServer, type IncomingHttpHeaders } from "node:http"
import { Webhook } from "standardwebhooks"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import type { WebhookEndpoint } from "../../src/config/WebhookKeys.ts"
import { GuardedHttp } from "../../src/services/GuardedHttp.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { WebhookEndpoints } from "../../src/store/WebhookEndpoints.ts"
import { Endpoints, outbox } from "../../src/webhooks/Endpoints.ts"
import { WebhookDesk } from "../../src/webhooks/WebhookDesk.ts"
import { Webhooks } from "../../src/webhooks/Webhooks.ts"
import { configOf } from "../api/Served.ts"
import { page, row, upsert } from "../store/CommitTest.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

export const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
export const oldSecret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`

/** What a receiver is to say. */
interface Reply {
  readonly status: number
  readonly headers?: { readonly [name: string]: string }
}

/** A request as it came, with what the reference package says of its signatures. */
interface Seen {
  readonly id: string
  readonly body: string
  readonly headers: IncomingHttpHeaders
  /** By which of the two secrets it is signed. */
  readonly signedBy: ReadonlyArray<"new" | "old">
  readonly status: number
}

/** A small program elsewhere: it says what it is told to say, else 200, and keeps what it was sent. */
export class Receiver extends Context.Service<Receiver, {
  readonly url: string
  readonly port: number
  readonly seen: Array<Seen>
  readonly replies: Array<Reply>
}>()("glider/test/webhooks/WebhookWorld/Receiver") {
  static readonly layer = Layer.effect(
    Receiver,
    Effect.gen(function*() {
      const seen: Array<Seen> = []
      const replies: Array<Reply> = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const body = Buffer.concat(chunks).toString("utf8")
          const id = String(request.headers["webhook-id"])
          const at = DateTime.toDateUtc(DateTime.makeUnsafe(Number(request.headers["webhook-timestamp"]) * 1000))
          const given = String(request.headers["webhook-signature"]).split(" ")
          const by = (key: string) => given.includes(new Webhook(key).sign(id, at, body))
          const { headers = {}, status } = replies.shift() ?? { status: 200 }
          const signedBy = [...by(secret) ? ["new" as const] : [], ...by(oldSecret) ? ["old" as const] : []]
          seen.push({ id, body, headers: request.headers, signedBy, status })
          response.writeHead(status, headers).end()
        })
      })
      const port = yield* Effect.acquireRelease(
        Effect.callback<number>((resume) => {
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            resume(Effect.succeed(address !== null && typeof address === "object" ? address.port : 0))
          })
        }),
        () =>
          Effect.callback<void>((resume) => {
            server.closeAllConnections()
            server.close(() => resume(Effect.void))
          })
      )
      return Receiver.of({ url: `http://127.0.0.1:${port}/hook`, port, seen, replies })
    })
  )
}

/** What was taken, an event once: as a receiver does that goes by the id. */
export const taken = Effect.map(Receiver, ({ seen }) => [
  ...new Set(seen.flatMap(({ id, status }) => status < 300 ? [id] : []))
])

const Body = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json))
export const bodyOf = ({ body }: Pick<Seen, "body">) => Schema.decodeEffect(Body)(body)

const endpoint = (name: string, url: string): WebhookEndpoint => ({
  name,
  url,
  enabled: true,
  events: ["*"],
  streams: [],
  format: "standard",
  per: "page",
  timeout: Duration.seconds(20)
})

/** What the endpoints of a test differ in; one called `home` that wants everything without it. */
export interface WorldOptions {
  readonly endpoints?: ReadonlyArray<Partial<WebhookEndpoint> & { readonly name: string }>
  readonly secrets?: { readonly [variable: string]: string }
  readonly allowed?: ReadonlyArray<string>
}

/** The config, over the address of the receiver. */
export const configured = ({ allowed = ["127.0.0.1"], endpoints = [{ name: "home" }] }: WorldOptions = {}) =>
  Layer.effect(
    CurrentConfig,
    Effect.map(Receiver, ({ url }) => ({
      ...configOf({ port: 4747 }),
      network: { allowedPrivate: allowed },
      webhooks: endpoints.map((more) => ({ ...endpoint(more.name, url), ...more }))
    }))
  )

/** What sends, without the store and the config: what one process has for itself. */
export const sending = Layer.mergeAll(
  Webhooks.layer,
  WebhookDesk.layer,
  Commit.layer,
  Connections.layer,
  DeadLetters.layer
).pipe(
  Layer.provideMerge(outbox),
  Layer.provideMerge(Endpoints.layer),
  Layer.provideMerge(Layer.mergeAll(WebhookDeliveries.layer, WebhookEndpoints.layer, GuardedHttp.layer, Secrets.layer)),
  Layer.provideMerge(LatestConfig.layer)
)

/** A process and its receiver, over a store in memory. */
export const webhookWorld = (options: WorldOptions = {}) =>
  sending.pipe(
    Layer.provideMerge(configured(options)),
    Layer.provideMerge(Receiver.layer),
    Layer.provideMerge(memoryStoreTest),
    Layer.provideMerge(ConfigProvider.layer(ConfigProvider.fromUnknown({
      GLIDER_WEBHOOK_HOME_SECRET: secret,
      GLIDER_WEBHOOK_AWAY_SECRET: oldSecret,
      ...options.secrets
    }))),
    Layer.provideMerge(NodeServices.layer)
  )

/** The deliveries of an endpoint, the newest first. */
export const deliveriesOf = Effect.fnUntraced(function*(name = "home") {
  const { list } = yield* WebhookDeliveries
  const { deliveries } = yield* list({ endpoint: name, status: Option.none(), after: Option.none(), limit: 500 })
  return deliveries
})

/** Each as `<type> <status> <tries>`. */
export const standings = (name?: string) =>
  Effect.map(deliveriesOf(name), (all) => all.map(({ attempts, status, type }) => `${type} ${status} ${attempts}`))

export const noon = DateTime.makeUnsafe("2026-03-02T12:00:00Z")

/** Commits a page with these records. */
export const committed = Effect.fnUntraced(function*(table: string, ...ids: ReadonlyArray<string>) {
  const commit = yield* Commit
  return yield* commit.page(page(table, [upsert(table, ids.map((id) => row(id, `title of ${id}`)))], "t"))
})

export const flush = Effect.flatMap(Webhooks, ({ flush }) => flush(100))

/** A world of its own for each test, at noon. */
export const alone = <A, E, R>(
  test: Effect.Effect<A, E, R>,
  options?: Parameters<typeof webhookWorld>[0]
) => Effect.andThen(TestClock.setTime(noon.epochMilliseconds), test).pipe(Effect.provide(webhookWorld(options)))
