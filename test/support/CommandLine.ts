/** Glider as a person has it: a process for each command, on folders of its own, against the stand-in providers. */
import { Effect, Fiber, FileSystem, Queue, Schedule, Schema, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { ChildProcess } from "effect/process"
import { createServer } from "node:net"
import type { Provider } from "../../src/domain/Provider.ts"
import { Run } from "../../src/domain/Run.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { builtGlider, compileCache } from "./BuiltGlider.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

/** No command takes as long as this, however busy the machine is. */
const patience = "40 seconds"

/** A command that has ended. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A command that goes on. */
export interface Going {
  readonly pid: number
  /** Waits until one of its outputs matches, and gives the match. */
  readonly said: (pattern: RegExp) => Effect.Effect<string>
  readonly type: (line: string) => Effect.Effect<void>
  readonly signal: (name: "SIGINT" | "SIGTERM" | "SIGHUP") => Effect.Effect<void>
  readonly ended: Effect.Effect<Ended>
}

/** A port of this machine that nobody uses. */
export const freePort = Effect.callback<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = address !== null && typeof address === "object" ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

const utf8 = new TextEncoder()

/** Starts one process, which ends with the scope at the latest. */
const start = Effect.fnUntraced(function*(
  args: ReadonlyArray<string>,
  options: { readonly cwd: string; readonly env: Record<string, string> }
) {
  const input = yield* Queue.unbounded<Uint8Array>()
  const handle = yield* ChildProcess.make(process.execPath, args, {
    ...options,
    extendEnv: false,
    stdin: Stream.fromQueue(input),
    forceKillAfter: "5 seconds"
  })
  const texts = yield* SubscriptionRef.make({ out: "", err: "" })
  const listen = (name: "out" | "err", stream: typeof handle.stdout) =>
    stream.pipe(
      Stream.decodeText(),
      Stream.runForEach((text) => SubscriptionRef.update(texts, (all) => ({ ...all, [name]: all[name] + text }))),
      Effect.forkScoped
    )
  const listening = [yield* listen("out", handle.stdout), yield* listen("err", handle.stderr)]
  const patiently = <A, E>(effect: Effect.Effect<A, E>, what: string): Effect.Effect<A> =>
    Effect.timeoutOrElse(effect, {
      duration: patience,
      orElse: () =>
        Effect.flatMap(
          SubscriptionRef.get(texts),
          ({ err, out }) => Effect.die(new Error(`${args.join(" ")}: ${what}\n${out}\n${err}`))
        )
    }).pipe(Effect.orDie)
  const match = (pattern: RegExp) =>
    SubscriptionRef.changes(texts).pipe(
      Stream.map(({ err, out }) => pattern.exec(out) ?? pattern.exec(err)),
      Stream.filter((found) => found !== null),
      Stream.map((found) => found[1] ?? found[0]),
      Stream.runHead,
      Effect.flatMap(Effect.fromOption)
    )
  const going: Going = {
    pid: Number(handle.pid),
    said: (pattern) => patiently(match(pattern), `has not said ${pattern}`),
    type: (line) => Effect.asVoid(Queue.offer(input, utf8.encode(`${line}\n`))),
    signal: (name) => Effect.sync(() => void process.kill(Number(handle.pid), name)),
    ended: patiently(
      Effect.gen(function*() {
        const code = Number(yield* handle.exitCode)
        yield* Fiber.awaitAll(listening)
        return { code, ...yield* SubscriptionRef.get(texts) }
      }),
      "has not ended"
    )
  }
  return going
})

/** What a person sets up, where it differs from the usual. */
export interface Choices {
  /** The `[sync.*]` tables. */
  readonly syncs: string
  /** More of the environment. */
  readonly env?: { readonly [name: string]: string }
  /** In place of the sandbox's own token addresses. */
  readonly tokenUrl?: (address: string) => string
}

/** A config, a data folder and the OAuth clients of the sandbox, and every command that was run with them. */
export const installation = Effect.fnUntraced(function*({ env = {}, syncs, tokenUrl = (address) => address }: Choices) {
  const fs = yield* FileSystem.FileSystem
  const http = yield* HttpClient.HttpClient
  const { credentials, providerAddresses, year } = yield* Sandbox
  const home = yield* temporaryFolder
  const [configFolder, data, tmp, bin] = [`${home}/config`, `${home}/data`, `${home}/tmp`, `${home}/bin`]
  for (const folder of [configFolder, tmp, bin]) yield* fs.makeDirectory(folder)
  // nobody's browser is opened
  for (const opener of ["xdg-open", "open"]) {
    yield* fs.writeFileString(`${bin}/${opener}`, "#!/bin/sh\n", { mode: 0o755 })
  }
  const ports = { server: yield* freePort, google: yield* freePort, spotify: yield* freePort, oura: yield* freePort }
  const config = `${configFolder}/config.toml`
  const configure = (tables: string) =>
    fs.writeFileString(
      config,
      [
        `[scheduler]\ntimezone = "${year.timeZone}"\ngrace_seconds = 10`,
        `[server]\nport = ${ports.server}`,
        ...(["google", "spotify", "oura"] as const).map((provider) => {
          const addresses = {
            ...providerAddresses[provider],
            token_url: tokenUrl(providerAddresses[provider].token_url),
            redirect_uri: `http://127.0.0.1:${ports[provider]}/callback`
          }
          const lines = Object.entries(addresses).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
          return `[provider.${provider}]\n${lines.join("\n")}`
        }),
        tables
      ].join("\n\n")
    )
  yield* configure(syncs)
  const all: Array<Effect.Effect<Ended>> = []

  /** With more of the environment than every command has. */
  const beginWith = Effect.fnUntraced(function*(more: Record<string, string>, ...args: ReadonlyArray<string>) {
    const going = yield* start([builtGlider, ...args, "--config", config, "--data-dir", data], {
      cwd: home,
      env: {
        PATH: bin,
        HOME: home,
        TMPDIR: tmp,
        NODE_COMPILE_CACHE: compileCache,
        GOOGLE_CLIENT_ID: credentials.google.id,
        GOOGLE_CLIENT_SECRET: credentials.google.secret,
        SPOTIFY_CLIENT_ID: credentials.spotify.id,
        SPOTIFY_CLIENT_SECRET: credentials.spotify.secret,
        OURA_CLIENT_ID: credentials.oura.id,
        OURA_CLIENT_SECRET: credentials.oura.secret,
        ...env,
        ...more
      }
    })
    all.push(going.ended)
    return going
  })

  const begin = (...args: ReadonlyArray<string>) => beginWith({}, ...args)

  const run = (...args: ReadonlyArray<string>) => Effect.scoped(Effect.flatMap(begin(...args), ({ ended }) => ended))

  /** Where the provider sends the browser of a person who agrees. */
  const agree = Effect.fnUntraced(function*(address: string) {
    const { headers } = yield* http.get(address).pipe(
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
    )
    return headers["location"] ?? ""
  })

  /** Signs in as over SSH: the address is opened elsewhere, and where that ended is pasted. */
  const signIn = Effect.fnUntraced(function*(provider: Provider, ...flags: ReadonlyArray<string>) {
    const command = yield* begin("auth", provider, "--no-browser", ...flags)
    yield* command.type(yield* agree(yield* command.said(/^(http:\S+)$/m)))
    return yield* command.ended
  }, Effect.scoped)

  /** Signs in with a browser of this machine. */
  const signInHere = Effect.fnUntraced(function*(provider: Provider, ...flags: ReadonlyArray<string>) {
    const command = yield* begin("auth", provider, ...flags)
    const page = yield* http.get(yield* agree(yield* command.said(/^ +(http:\S+)$/m)))
    return { ...yield* command.ended, page: yield* page.text }
  }, Effect.scoped)

  // it is there a moment after the first word of the process
  const daemon = fs.readFileString(`${data}/daemon.json`).pipe(
    Effect.retry({
      schedule: Schedule.spaced("20 millis"),
      times: 500,
      while: ({ reason }) => reason._tag === "NotFound"
    }),
    Effect.flatMap(Schema.decodeEffect(DaemonFile))
  )

  return {
    home,
    data,
    config,
    configFolder,
    tmp,
    configure,
    begin,
    beginWith,
    run,
    agree,
    signIn,
    signInHere,
    daemon,
    all
  }
})

/** What a running `glider run` leaves in its data folder. */
const DaemonFile = Schema.fromJsonString(Schema.Struct({
  pid: Schema.Int,
  address: Schema.String,
  token: Schema.String
}))

const decodeRun = Schema.decodeEffect(Schema.fromJsonString(Run), { onExcessProperty: "error" })

/** The run that `glider sync … --output json` printed, and nothing beside it. */
export const printedRun = ({ out }: Ended) => decodeRun(out)

const Status = Schema.fromJsonString(Schema.Struct({
  running: Schema.Boolean,
  tasks: Schema.Array(Schema.Struct({
    task: Schema.String,
    intervalSeconds: Schema.Finite,
    connection: Schema.NullOr(Schema.String),
    nextStart: Schema.NullOr(Schema.String),
    lastRun: Schema.NullOr(Schema.Struct({ id: Schema.String, status: Schema.String }))
  }))
}))

/** A task as `glider status --output json` printed it. */
export const printedTask = Effect.fnUntraced(function*({ out }: Ended, name: string) {
  const { tasks } = yield* Schema.decodeEffect(Status)(out)
  return yield* Effect.fromNullishOr(tasks.find(({ task }) => task === name))
})
