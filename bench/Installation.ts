/** Glider as a person has it, from the bundle: a config, a data folder and signed-in accounts, against the sandbox. */
import { Deferred, Effect, FileSystem, Schema, Stream } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { createServer, request, type RequestListener } from "node:http"
import { CannotRun, type Environment, going, output, root } from "./Processes.ts"

export const bundle = "dist/Main.js"

/** Builds the bundle, unless there is one that is newer than every source. */
export const build = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const changedAt = (path: string) => Effect.map(fs.stat(`${root}/${path}`), ({ mtime }) => mtime)
  const sources = yield* fs.readDirectory(`${root}/src`, { recursive: true })
  const built = yield* Effect.option(changedAt(bundle))
  const times = yield* Effect.forEach([...sources.map((path) => `src/${path}`), "package.json"], changedAt)
  const fresh = built._tag === "Some" && built.value._tag === "Some" &&
    times.every((time) => time._tag === "Some" && built.value._tag === "Some" && time.value <= built.value.value)
  if (!fresh) yield* output(["scripts/build.mjs"])
})

/** What `glider sandbox --output json` prints. */
const Running = Schema.fromJsonString(Schema.Struct({
  url: Schema.String,
  provider: Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.String)),
  environment: Schema.Array(Schema.String)
}))

/** The stand-in providers, in a process of their own. */
const sandbox = Effect.gen(function*() {
  const { match } = yield* going([bundle, "sandbox", "--port", "0", "--output", "json"], /^\{$[^]*^\}$/m)
  return yield* Schema.decodeEffect(Running)(match)
})

/** A server on this machine that ends with the scope, and its port. */
const listening = Effect.fnUntraced(function*(answer: RequestListener) {
  const server = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer(answer).listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  const address = server.address()
  return address !== null && typeof address === "object" ? address.port : 0
})

/** A port that nobody uses: a glider that is at work on this machine is none of the benchmark's business. */
export const freePort = Effect.scoped(listening((_, answer) => answer.end()))

/** Passes requests on to the origin, and says of each that it came in. */
const front = (origin: string, arrived: (path: string) => void) =>
  listening((incoming, outgoing) => {
    const path = incoming.url ?? "/"
    arrived(path)
    const { host: _, ...headers } = incoming.headers
    const onward = request(`${origin}${path}`, { method: incoming.method ?? "GET", headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on("error", () => outgoing.destroy())
    incoming.pipe(onward)
  })

/** Where the provider sends the browser of a person who agrees. */
const agree = Effect.fnUntraced(function*(authorizeUrl: string) {
  const http = yield* HttpClient.HttpClient
  const { headers } = yield* http.get(authorizeUrl).pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
  )
  return headers["location"] ?? ""
})

const providers = ["google", "spotify", "oura"] as const

/**
 * Sets everything up. `tables` are the `[sync.*]` tables; `arrived` is told of every request at the providers once all
 * three accounts are signed in.
 */
export const installation = Effect.fnUntraced(function*(tables: string, arrived: (path: string) => void) {
  yield* build
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const running = yield* sandbox
  let ready = false
  const port = yield* front(running.url, (path) => {
    if (ready) arrived(path)
  })
  const origin = `http://127.0.0.1:${port}`
  const config = `${folder}/config.toml`
  const addresses = Object.entries(running.provider).map(([provider, entries]) =>
    [
      `[provider.${provider}]`,
      ...Object.entries(entries).map(([key, url]) => `${key} = ${JSON.stringify(url.replace(running.url, origin))}`)
    ].join("\n")
  )
  yield* fs.writeFileString(config, [`[server]\nport = ${yield* freePort}`, tables, ...addresses].join("\n\n"))
  const environment: Environment = Object.fromEntries(running.environment.map((line) => {
    const at = line.indexOf("=")
    return [line.slice(0, at), line.slice(at + 1)]
  }))
  const where = ["--config", config, "--data-dir", `${folder}/data`]
  for (const provider of providers) {
    const answer = yield* Deferred.make<string>()
    yield* Effect.scoped(Effect.gen(function*() {
      const { handle, match } = yield* going(
        [bundle, "auth", provider, "--no-browser", ...where],
        /^http\S+$/m,
        environment,
        Stream.fromEffect(Deferred.await(answer))
      )
      yield* Deferred.succeed(answer, `${yield* agree(match)}\n`)
      const code = Number(yield* handle.exitCode)
      if (code !== 0) return yield* new CannotRun({ message: `glider auth ${provider} ended with ${code}` })
    }))
  }
  ready = true
  return { environment, where, folder, sandbox: running.url }
})
