import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, FileSystem, Layer, Option, Redacted, Schema, Stream } from "effect"
import { request } from "node:http"
import { ApiToken } from "../../src/api/Caller.ts"
import { SignInAnswer, SyncOptions } from "../../src/api/Messages.ts"
import { listening } from "../../src/api/Server.ts"
import { make } from "../../src/cli/Client.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { DataFolder } from "../../src/config/Places.ts"
import { configOf, runOf, served, Stopped, store } from "./Served.ts"

interface Answer {
  readonly status: number
  readonly type: string | undefined
  readonly body: string
}

/** One raw request: nothing is added, corrected or followed. */
const ask = (
  path: string,
  options: {
    readonly method?: string
    readonly headers?: { readonly [name: string]: string }
    readonly body?: string
  } = {}
) =>
  Effect.flatMap(CurrentConfig, ({ server: { port } }) =>
    Effect.callback<Answer>((resume) => {
      const { body, headers, method = "GET" } = options
      const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () =>
          resume(Effect.succeed({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"],
            body: Buffer.concat(chunks).toString("utf8")
          })))
      })
      sent.on("error", (cause) => resume(Effect.die(cause)))
      sent.end(body)
    }))

const Problem = Schema.fromJsonString(Schema.Struct({
  type: Schema.String,
  title: Schema.String,
  status: Schema.Int,
  detail: Schema.NonEmptyString,
  code: Schema.NonEmptyString,
  details: Schema.optionalKey(Schema.Array(Schema.Struct({ pointer: Schema.String, message: Schema.String })))
}))

/** A refusal is a problem document that says what its status line says. */
const problem = Effect.fnUntraced(function*({ body, status, type }: Answer) {
  assert.strictEqual(type, "application/problem+json")
  const decoded = yield* Schema.decodeUnknownEffect(Problem)(body)
  assert.strictEqual(decoded.status, status)
  return decoded
})

const bearer = Effect.map(ApiToken, (token) => ({ authorization: `Bearer ${Redacted.value(token)}` }))

const client = Effect.gen(function*() {
  const { server: { port } } = yield* CurrentConfig
  return yield* make(`http://127.0.0.1:${port}`, yield* ApiToken)
})

layer(served, { excludeTestServices: true })("api/Server", (it) => {
  it.effect("answers the two probes without a token, and nothing else", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* ask("/livez"), { status: 200, type: "application/json", body: "{\"ok\":true}" })
      assert.strictEqual((yield* ask("/readyz")).body, "{\"ok\":true}")
      const token = Redacted.value(yield* ApiToken)
      const wrong = [{}, { authorization: "Bearer x" }, { authorization: `Bearer ${token}x` }, {
        authorization: `Basic ${token}`
      }]
      const asked = [
        ["GET", "/health"],
        ["GET", "/healthz"],
        ["GET", "/metrics"],
        ["GET", "/api/v0/runs"],
        ["GET", "/api/v0/runs/x"],
        ["GET", "/api/v0/connections"],
        ["GET", "/api/v0/status"],
        ["GET", "/api/v0/doctor"],
        ["GET", "/api/v0/schema"],
        ["POST", "/api/v0/reload"],
        ["POST", "/api/v0/syncs/spotify/runs"],
        ["POST", "/api/v0/connections/spotify/sign-in"],
        ["POST", "/api/v0/connections/spotify/sign-in/complete"],
        ["DELETE", "/api/v0/connections/spotify"]
      ] as const
      for (const [method, path] of asked) {
        for (const headers of wrong) {
          assert.strictEqual((yield* problem(yield* ask(path, { method, headers }))).code, "unauthorized", path)
        }
      }
    }))

  it.effect("gives its metrics in the text format 0.0.4", () =>
    Effect.gen(function*() {
      const { body, status, type } = yield* ask("/metrics", { headers: yield* bearer })
      assert.strictEqual(status, 200)
      assert.strictEqual(type, "text/plain; version=0.0.4; charset=utf-8")
      assert.include(body, "glider_build_info{version=\"1.2.3\"} 1\n")
      assert.include(body, "glider_store_up 1\n")
    }))

  it.effect("answers under its loopback names alone", () =>
    Effect.gen(function*() {
      const { server: { port } } = yield* CurrentConfig
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
        assert.strictEqual((yield* ask("/livez", { headers: { host } })).status, 200, host)
      }
      const foreign = [
        "evil.example",
        `evil.example:${port}`,
        "127.0.0.1",
        `127.0.0.1:${port + 1}`,
        `127.0.0.1.evil.example:${port}`,
        `me@127.0.0.1:${port}`,
        `localhost.:${port}`,
        `127.1:${port}`
      ]
      for (const host of foreign) {
        const refused = yield* problem(yield* ask("/livez", { headers: { host } }))
        assert.strictEqual(refused.status, 421, host)
        assert.strictEqual(refused.code, "misdirected_request")
      }
      assert.strictEqual((yield* ask("http://evil.example/livez")).status, 421)
    }))

  it.effect("answers what it cannot read or does not know with a problem that says where", () =>
    Effect.gen(function*() {
      const headers = { ...yield* bearer, "content-type": "application/json" }
      const limit = yield* problem(yield* ask("/api/v0/runs?limit=9000", { headers }))
      assert.strictEqual(limit.code, "invalid_request")
      assert.strictEqual(limit.details?.[0]?.pointer, "/query/limit")
      const post = (path: string, body: string) => Effect.flatMap(ask(path, { method: "POST", headers, body }), problem)
      assert.strictEqual((yield* post("/api/v0/syncs/spotify/runs", "{")).code, "invalid_request")
      assert.strictEqual(
        (yield* post("/api/v0/syncs/google_calendar/runs", "{\"daysBack\":0}")).details?.[0]?.pointer,
        "/payload/daysBack"
      )
      assert.strictEqual(
        (yield* post("/api/v0/syncs/spotify/runs", "{\"daysBack\":3}")).details?.[0]?.pointer,
        "/payload/daysBack"
      )
      for (const id of ["", "a\u0007", "a".repeat(257)]) {
        const refused = yield* post("/api/v0/workflows/diagnostics/runs", JSON.stringify({ id, input: { key: "k" } }))
        assert.strictEqual(refused.details?.[0]?.pointer, "/payload/id")
      }
      assert.strictEqual((yield* post("/api/v0/syncs/tidal/runs", "{}")).status, 400)
      assert.strictEqual((yield* problem(yield* ask("/api/v1/runs", { headers }))).code, "not_found")
      assert.strictEqual((yield* problem(yield* ask("/api/v0/runs/none", { headers }))).status, 404)
      assert.strictEqual((yield* problem(yield* ask("/livez", { method: "PUT", headers }))).status, 405)
    }))

  it.effect("tells a run by hand page by page, then its end; and that the task runs already", () =>
    Effect.gen(function*() {
      const { syncs } = yield* client
      const run = () =>
        Effect.flatMap(syncs.run({ params: { name: "spotify" }, payload: new SyncOptions({}) }), Stream.runCollect)
      const first = yield* run()
      assert.deepStrictEqual(first.map(({ _tag }) => _tag), ["Progress", "Finished"])
      const last = first.at(-1)
      assert.deepStrictEqual(last?._tag === "Finished" ? last.run : undefined, runOf("manual-1", "completed"))
      assert.deepStrictEqual((yield* run()).map(({ _tag }) => _tag), ["Skipped"])
      // whoever stops reading stops the run
      const events = yield* syncs.run({ params: { name: "spotify" }, payload: new SyncOptions({}) })
      assert.strictEqual((yield* Stream.runCollect(Stream.take(events, 1)))[0]?._tag, "Progress")
      yield* Deferred.await(yield* Stopped)
    }))

  it.effect("lists and gives runs, and where each task stands", () =>
    Effect.gen(function*() {
      yield* store(runOf("spotify@1", "needs_auth"))
      const api = yield* client
      const page = yield* api.runs.list({ query: { query: "workflow = spotify" } })
      assert.deepStrictEqual(page.runs, [runOf("spotify@1", "needs_auth")])
      assert.deepStrictEqual(yield* api.runs.get({ params: { id: "spotify@1" } }), runOf("spotify@1", "needs_auth"))
      const missing = yield* Effect.flip(api.runs.get({ params: { id: "spotify@2" } }))
      assert.strictEqual(missing._tag, "NotFound")
      const { tasks, version } = yield* api.system.status()
      assert.strictEqual(version, "1.2.3")
      assert.deepStrictEqual(
        tasks.map(({ connection, enabled, lastRun, task }) => [
          task,
          enabled,
          Option.getOrNull(connection),
          Option.getOrNull(Option.map(lastRun, ({ status }) => status))
        ]),
        [["spotify", true, "connected", "needs_auth"], ["google_calendar", false, null, null]]
      )
      const checks = yield* api.system.doctor()
      const failed = checks.find(({ name }) => name === "spotify run")
      assert.strictEqual(failed?.state, "problem")
      assert.deepStrictEqual(failed?.fix, Option.some("glider auth spotify"))
    }))

  it.effect("takes a sign-in from its address to its answer", () =>
    Effect.gen(function*() {
      const { connections } = yield* client
      const params = { provider: "spotify" } as const
      const { state } = yield* connections.begin({ params, payload: undefined })
      assert.strictEqual(Redacted.value(state), "s")
      const answer = (text: string) =>
        connections.complete({
          params,
          payload: new SignInAnswer({ state, answer: Redacted.make(text, { label: "answer" }) })
        })
      assert.strictEqual((yield* answer("http://127.0.0.1:1/?code=c&state=s")).userId, "me")
      const refused = yield* Effect.flip(answer("http://127.0.0.1:1/?code=c&state=t"))
      assert.strictEqual(refused._tag, "SignInFailed")
      assert.isTrue((yield* connections.revoke({ params, query: {} })).atProvider)
    }))

  it.effect("leaves its address and token to the user alone", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const { path } = yield* DataFolder
      const { server: { port } } = yield* CurrentConfig
      const { mode } = yield* fs.stat(`${path}/daemon.json`)
      assert.strictEqual(mode & 0o777, 0o600)
      const text = yield* fs.readFileString(`${path}/daemon.json`)
      assert.include(text, `"address":"http://127.0.0.1:${port}"`)
      assert.include(text, Redacted.value(yield* ApiToken))
    }))

  it.effect("refuses to listen for other machines, or where somebody listens already", () =>
    Effect.gen(function*() {
      const { server } = yield* CurrentConfig
      const start = (config: Partial<typeof server>) =>
        Effect.flip(
          Layer.build(Layer.fresh(listening).pipe(Layer.provide(Layer.succeed(CurrentConfig, configOf(config)))))
        )
      assert.include((yield* start({ host: "0.0.0.0", port: 4747 })).fix, "allowed_hosts")
      assert.include((yield* start(server)).message, `port ${server.port}`)
    }))
})
