/** `glider run` from the bundle, with schedules and a history of runs, and requests to its API at a fixed rate. */
import { Clock, Effect, FileSystem, Schedule, Schema } from "effect"
import { Agent, request } from "node:http"
import { fileURLToPath } from "node:url"
import { bundle } from "../Installation.ts"
import { CannotRun, node, output } from "../Processes.ts"
import { idOf, mixed } from "./Definitions.ts"
import { FillSetup } from "./ScheduleFigures.ts"

const filling = fileURLToPath(new URL("FillProcess.ts", import.meta.url))

/** What a schedule is in `config.toml`. */
const tableOf = ({ cron, id, input, interval_seconds, start_at, timezone }: ReturnType<typeof mixed>[number]): string =>
  [
    `[schedule.${id}]`,
    "workflow = \"diagnostics\"",
    cron === undefined ? `interval_seconds = ${interval_seconds}` : `cron = ${JSON.stringify(cron)}`,
    `timezone = ${JSON.stringify(timezone)}`,
    `start_at = ${JSON.stringify(start_at)}`,
    `input = { key = ${
      JSON.stringify(typeof input === "object" && input !== null && "key" in input ? input["key"] : "")
    } }`
  ].join("\n")

const DaemonFile = Schema.fromJsonString(Schema.Struct({ address: Schema.String, token: Schema.String }))

const Total = Schema.fromJsonString(Schema.Struct({ total: Schema.Natural }))

/** How the API is asked. */
export interface Asking {
  readonly address: string
  readonly token: string
}

/** Starts it, once its store is filled. */
export const daemon = Effect.fnUntraced(
  function*({ port, runs, schedules }: { readonly schedules: number; readonly runs: number; readonly port: number }) {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
    const now = yield* Clock.currentTimeMillis
    const setup = yield* Schema.encodeEffect(Schema.fromJsonString(FillSetup))({ folder, runs, ids: schedules, now })
    yield* output([filling, setup])
    const config = `${folder}/config.toml`
    const tables = mixed(schedules, now).map(tableOf)
    yield* fs.writeFileString(config, [`[server]\nport = ${port}`, "[backup]\nenabled = false", ...tables].join("\n\n"))
    yield* node([bundle, "run", "--config", config, "--data-dir", folder])
    const asking = fs.readFileString(`${folder}/daemon.json`).pipe(Effect.flatMap(Schema.decodeEffect(DaemonFile)))
    const known = Effect.gen(function*() {
      const found = yield* asking
      const { total } = yield* Effect.flatMap(ask(found, "/api/v0/schedules?limit=1"), Schema.decodeEffect(Total))
      if (total === schedules) return found
      return yield* new CannotRun({ message: `glider run has ${total} of ${schedules} schedules` })
    })
    // until it serves, and has read its schedules
    return yield* Effect.retry(known, Schedule.spaced("100 millis").pipe(Schedule.upTo({ times: 200 })))
  }
)

/** One answer: how long after the time at which it was to be asked, in milliseconds. */
export interface Answer {
  readonly kind: string
  readonly millis: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Asks once; fails for any other status than 200. */
export const ask = (
  { address, token }: Asking,
  path: string,
  { body, method = "GET" }: { readonly method?: string; readonly body?: unknown } = {}
) =>
  Effect.callback<string, CannotRun>((resume) => {
    const failed = (message: string) => resume(Effect.fail(new CannotRun({ message: `${method} ${path}: ${message}` })))
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${token}`,
      ...text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }
    }
    const outgoing = request(`${address}${path}`, { agent, method, headers }, (answer) => {
      let received = ""
      answer.setEncoding("utf8")
      answer.on("data", (part: string) => {
        received += part
      })
      answer.on("end", () => {
        if (answer.statusCode === 200) resume(Effect.succeed(received))
        else failed(`${answer.statusCode} ${received.slice(0, 200)}`)
      })
    })
    outgoing.on("error", ({ message }) => failed(message))
    outgoing.end(text)
  })

const pathOf = (number: number, schedules: number): readonly [kind: string, path: string] => {
  switch (number % 3) {
    case 0:
      return ["schedules", "/api/v0/schedules?limit=50"]
    case 1:
      return ["schedule", `/api/v0/schedules/${idOf(number * 7 % schedules)}`]
    default:
      return ["runs", "/api/v0/runs?limit=20"]
  }
}

/** Asks so many times a second, whether or not earlier answers have come; the time counts from when each was to be asked. */
export const load = Effect.fnUntraced(
  function*(
    asking: Asking,
    { perSecond, schedules, seconds }: {
      readonly perSecond: number
      readonly schedules: number
      readonly seconds: number
    }
  ) {
    const answers: Array<Answer> = []
    const from = performance.now() + 100
    const one = Effect.fnUntraced(function*(number: number) {
      const meant = from + number * 1000 / perSecond
      yield* Effect.sleep(Math.max(0, meant - performance.now()))
      const [kind, path] = pathOf(number, schedules)
      yield* ask(asking, path)
      answers.push({ kind, millis: performance.now() - meant })
    })
    yield* Effect.forEach(Array.from({ length: perSecond * seconds }, (_, number) => number), one, {
      concurrency: "unbounded",
      discard: true
    })
    return answers
  }
)
