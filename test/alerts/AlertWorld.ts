/** Alerts over a real store, with a server of ntfy and one that takes mail, each as small as can be. */
import { NodeServices } from "@effect/platform-node"
import { ConfigProvider, Context, Effect, Layer, Option, Ref, Schema } from "effect"
import { createServer, type IncomingHttpHeaders } from "node:http"
import { createServer as createTcpServer, type Server } from "node:net"
import { AlertDesk } from "../../src/alerts/AlertDesk.ts"
import { AlertTellers } from "../../src/alerts/AlertTellers.ts"
import { AlertWatch } from "../../src/alerts/AlertWatch.ts"
import { Rules } from "../../src/alerts/Rules.ts"
import { Sinks } from "../../src/alerts/Sinks.ts"
import { type Kept, LastBackup } from "../../src/backup/Backups.ts"
import { CurrentConfig, type GliderConfig, LatestConfig } from "../../src/Config.ts"
import { alertDefaults, type AlertSettings, type AlertSink } from "../../src/config/AlertKeys.ts"
import { DataFolder } from "../../src/config/Places.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { DiskSpace } from "../../src/services/DiskSpace.ts"
import { GuardedHttp } from "../../src/services/GuardedHttp.ts"
import { Mail } from "../../src/services/Mail.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import { Alerts } from "../../src/store/Alerts.ts"
import * as CircuitBreakers from "../../src/store/CircuitBreakers.ts"
import { Connections } from "../../src/store/Connections.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { ImportCoverage } from "../../src/store/ImportCoverage.ts"
import { ImportedCalendars } from "../../src/store/ImportedCalendars.ts"
import * as ProviderGates from "../../src/store/ProviderGates.ts"
import { Runs } from "../../src/store/Runs.ts"
import { Schedules } from "../../src/store/Schedules.ts"
import { SourceRuns } from "../../src/store/SourceRuns.ts"
import { SyncGaps } from "../../src/store/SyncGaps.ts"
import { TickLedger } from "../../src/store/TickLedger.ts"
import { WebhookDeliveries } from "../../src/store/WebhookDeliveries.ts"
import { WebhookEndpoints } from "../../src/store/WebhookEndpoints.ts"
import { Endpoints, outbox } from "../../src/webhooks/Endpoints.ts"
import { WebhookDesk } from "../../src/webhooks/WebhookDesk.ts"
import { configOf } from "../api/Served.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const listening = (server: Server) =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(address !== null && typeof address === "object" ? address.port : 0))
      })
    }),
    () => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
  )

const Published = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json))

/** What was published, as ntfy's documentation has it; it says what it is told to say, else 200. */
export class Ntfy extends Context.Service<Ntfy, {
  readonly port: number
  readonly seen: Array<{ readonly body: typeof Published.Type; readonly headers: IncomingHttpHeaders }>
  readonly replies: Array<{ readonly status: number; readonly headers?: { readonly [name: string]: string } }>
}>()("glider/test/alerts/AlertWorld/Ntfy") {
  static readonly layer = Layer.effect(
    Ntfy,
    Effect.gen(function*() {
      const seen: Ntfy["Service"]["seen"] = []
      const replies: Ntfy["Service"]["replies"] = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const { headers = {}, status } = replies.shift() ?? { status: 200 }
          if (status === 200) {
            const body = Schema.decodeSync(Published)(Buffer.concat(chunks).toString("utf8"))
            seen.push({ body, headers: request.headers })
          }
          response.writeHead(status, headers).end("{}")
        })
      })
      return Ntfy.of({ port: yield* listening(server), seen, replies })
    })
  )
}

/** A mail as it came. */
interface Received {
  readonly user: string | undefined
  readonly from: string
  readonly to: ReadonlyArray<string>
  readonly text: string
}

/** A server that takes mail without a word about it, or says what it is told to say to a recipient. */
export class MailServer extends Context.Service<MailServer, {
  readonly port: number
  readonly seen: Array<Received>
  /** What is answered to the next recipients. */
  readonly replies: Array<string>
}>()("glider/test/alerts/AlertWorld/MailServer") {
  static readonly layer = Layer.effect(
    MailServer,
    Effect.gen(function*() {
      const seen: Array<Received> = []
      const replies: Array<string> = []
      const server = createTcpServer((socket) => {
        let mail = { user: undefined as string | undefined, from: "", to: new Array<string>(), text: "" }
        let isText = false
        let rest = ""
        const say = (line: string) => socket.write(`${line}\r\n`)
        const heard = (line: string) => {
          if (isText) {
            if (line !== ".") return void (mail = { ...mail, text: `${mail.text}${line}\n` })
            isText = false
            seen.push(mail)
            return say("250 taken")
          }
          const [verb = "", ...words] = line.split(" ")
          switch (verb.toUpperCase()) {
            case "EHLO":
              return say("250-mail.test\r\n250 AUTH PLAIN")
            case "AUTH": {
              const [, user, password] = Buffer.from(words[1] ?? "", "base64").toString("utf8").split("\0")
              if (password !== "open sesame") return say("535 no")
              mail = { ...mail, user }
              return say("235 yes")
            }
            case "MAIL":
              mail = { ...mail, from: words.join(" "), to: [] }
              return say("250 go on")
            case "RCPT": {
              const reply = replies.shift()
              if (reply !== undefined) return say(reply)
              mail.to.push(words.join(" "))
              return say("250 go on")
            }
            case "DATA":
              isText = true
              return say("354 go on")
            case "QUIT":
              say("221 bye")
              return socket.end()
            default:
              return say("250 well")
          }
        }
        socket.on("data", (chunk: Buffer) => {
          const lines = `${rest}${chunk.toString("utf8")}`.split("\r\n")
          rest = lines.pop() ?? ""
          for (const line of lines) heard(line)
        })
        socket.on("error", () => socket.destroy()) // whoever goes away in between
        say("220 mail.test")
      })
      return MailServer.of({ port: yield* listening(server), seen, replies })
    })
  )
}

/** What the machine says: when the last backup was made, and what is free on the disk. */
export class Machine extends Context.Service<Machine, {
  readonly backup: Ref.Ref<Option.Option<Kept>>
  readonly free: Ref.Ref<number>
}>()("glider/test/alerts/AlertWorld/Machine") {
  static readonly layer = Layer.effect(
    Machine,
    Effect.gen(function*() {
      return Machine.of({ backup: yield* Ref.make(Option.none<Kept>()), free: yield* Ref.make(1e12) })
    })
  )
}

/** The sinks of a test, which is told where they are. */
type SinksAt = (at: { readonly ntfy: number; readonly mail: number }) => ReadonlyArray<AlertSink>

export const phone = (port: number, more: Partial<Pick<AlertSink, "name" | "severity">> = {}): AlertSink => ({
  name: "phone",
  enabled: true,
  severity: "info",
  kind: "ntfy",
  server: `http://127.0.0.1:${port}`,
  topic: "glider",
  ...more
})

export const letterbox = (port: number): AlertSink => ({
  name: "letterbox",
  enabled: true,
  severity: "info",
  kind: "email",
  host: "127.0.0.1",
  port,
  security: "none",
  user: Option.some("glider"),
  from: "glider@example.com",
  to: ["me@example.com"]
})

export interface AlertWorldOptions extends Partial<Omit<AlertSettings, "sinks">> {
  readonly sinks?: SinksAt
  readonly more?: Partial<GliderConfig>
}

const configured = (
  { more = {}, sinks = ({ ntfy }) => [phone(ntfy)], ...settings }: AlertWorldOptions
) =>
  Layer.effect(
    CurrentConfig,
    Effect.gen(function*() {
      const at = { ntfy: (yield* Ntfy).port, mail: (yield* MailServer).port }
      return {
        ...configOf({ port: 4747 }),
        network: { allowedPrivate: ["127.0.0.1"] },
        alerts: { ...alertDefaults, ...settings, sinks: sinks(at) },
        ...more
      }
    })
  )

const machine = Layer.mergeAll(
  Layer.effect(
    LastBackup,
    Effect.map(Machine, ({ backup }) => Option.some(Ref.get(backup)))
  ),
  Layer.effect(DiskSpace, Effect.map(Machine, ({ free }) => () => Ref.get(free))),
  Layer.succeed(DataFolder, DataFolder.of({ path: "/data", storeUrl: "mem://" }))
)

/** What one process has for itself. */
export const process = Layer.mergeAll(AlertWatch.layer, AlertTellers.layer, AlertDesk.layer).pipe(
  Layer.provideMerge(Rules.layer),
  Layer.provideMerge(Layer.mergeAll(Sinks.layer, Alerts.layer, WebhookDesk.layer)),
  Layer.provideMerge(Layer.mergeAll(
    Connections.layer,
    SourceRuns.layer,
    CircuitBreakers.layer,
    DeadLetters.layer,
    ImportCoverage.layer,
    ImportedCalendars.layer,
    ProviderGates.layer,
    Runs.layer,
    ScheduleBook.layer.pipe(Layer.provide([Schedules.layer, TickLedger.layer])),
    SyncGaps.layer
  )),
  Layer.provideMerge(outbox),
  Layer.provideMerge(Endpoints.layer),
  Layer.provideMerge(Layer.mergeAll(
    WebhookDeliveries.layer,
    WebhookEndpoints.layer,
    GuardedHttp.layer,
    Mail.layer,
    Secrets.layer
  )),
  Layer.provideMerge(LatestConfig.layer)
)

/** A process with its servers, over a store in memory. */
export const alertWorld = (options: AlertWorldOptions = {}) =>
  process.pipe(
    Layer.provideMerge(Layer.mergeAll(configured(options), machine)),
    Layer.provideMerge(Layer.mergeAll(Ntfy.layer, MailServer.layer, Machine.layer)),
    Layer.provideMerge(memoryStoreTest),
    Layer.provideMerge(ConfigProvider.layer(ConfigProvider.fromUnknown({
      GLIDER_ALERT_PHONE_TOKEN: "tk_secret",
      GLIDER_ALERT_LETTERBOX_PASSWORD: "open sesame"
    }))),
    Layer.provideMerge(NodeServices.layer)
  )

/** One look, and what is due because of it. */
export const round = Effect.gen(function*() {
  yield* (yield* AlertWatch).look
  const { flush } = yield* AlertTellers
  const { alerts } = yield* (yield* LatestConfig).get
  yield* Effect.forEach(alerts?.sinks ?? [], flush, { concurrency: "unbounded" })
})

/** The titles that the phone was shown. */
export const shown = Effect.map(Ntfy, ({ seen }) => seen.map(({ body }) => body["title"]))
