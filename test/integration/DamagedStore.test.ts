import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { createHash } from "node:crypto"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type Ended, installation } from "../support/CommandLine.ts"

const surroundings = Layer.mergeAll(Sandbox.layer({ seed: "damaged store" }), FetchHttpClient.layer).pipe(
  Layer.provideMerge(NodeServices.layer)
)

const ends = ({ code, err, out }: Ended, expected: number) => assert.strictEqual(code, expected, `${out}${err}`)

/** What is in the data folder of the store, file by file. */
const sums = Effect.fnUntraced(function*(data: string) {
  const fs = yield* FileSystem.FileSystem
  const names = (yield* fs.readDirectory(data, { recursive: true })).filter((name) => name.startsWith("store"))
  const found: Record<string, string> = {}
  for (const name of names.toSorted()) {
    const path = `${data}/${name}`
    found[name] = (yield* fs.stat(path)).type === "Directory"
      ? "a folder"
      : createHash("sha256").update(yield* fs.readFile(path)).digest("hex")
  }
  return found
})

/** Flips one bit of the file of the folder in which the words are. */
const flipIn = Effect.fnUntraced(function*(folder: string, words: string) {
  const fs = yield* FileSystem.FileSystem
  for (const name of yield* fs.readDirectory(folder)) {
    const bytes = Buffer.from(yield* fs.readFile(`${folder}/${name}`))
    const at = bytes.indexOf(words)
    if (at < 0) continue
    bytes[at] = (bytes[at] ?? 0) ^ 4
    yield* fs.writeFile(`${folder}/${name}`, bytes)
    return name
  }
  return yield* Effect.die(new Error(`no file holds ${words}`))
})

const Tokens = Schema.Array(Schema.Struct({ name: Schema.String }))

layer(surroundings, { excludeTestServices: true })("glider run on a damaged store", (it) => {
  it.effect("reads a copy and leaves the store as it is, until it is restored", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const glider = yield* installation({ syncs: "[sync.spotify]\ninterval_seconds = 3600" })
      const { data } = glider
      const backup = `${glider.home}/backup.jsonl.gz`
      ends(yield* glider.run("token", "create", "--name", "kept-in-a-table", "--scope", "admin"), 0)
      ends(yield* glider.run("db", "backup", backup), 0)
      ends(yield* glider.run("token", "create", "--name", "lost-with-its-log", "--scope", "admin"), 0)
      const harmed = yield* flipIn(`${data}/store`, "lost-with-its-log")
      const before = yield* sums(data)
      // as a process would have left it that was killed over a damaged store
      yield* fs.makeDirectory(`${data}/store-inspect-99999999`)

      const reading = yield* glider.begin("run")
      const link = yield* reading.said(/^Open (\S+) /m)
      yield* reading.said(new RegExp(`"level":"ERROR",.*${harmed} is not as it was written.*glider db accept --yes`))
      const { address, pid, token } = yield* glider.daemon
      assert.includeMembers(yield* fs.readDirectory(data), [`store-inspect-${pid}`])
      assert.notInclude(yield* fs.readDirectory(data), "store-inspect-99999999")
      const http = yield* HttpClient.HttpClient
      const ask = (method: "GET" | "POST" | "DELETE", path: string) =>
        http.execute(HttpClientRequest.bearerToken(HttpClientRequest.make(method)(`${address}${path}`), token))
      const tokens = yield* Schema.decodeUnknownEffect(Tokens)(yield* (yield* ask("GET", "/api/v0/tokens")).json)
      assert.deepStrictEqual(tokens.map(({ name }) => name), ["kept-in-a-table"])
      assert.strictEqual((yield* ask("GET", "/readyz")).status, 503)
      for (const [method, path] of [["POST", "/api/v0/syncs/spotify/runs"], ["DELETE", "/api/v0/tokens/x"]] as const) {
        const refused = yield* ask(method, path)
        assert.strictEqual(refused.status, 503)
        assert.include(yield* refused.text, "\"store_damaged\"")
      }
      const entered = yield* http.get(link).pipe(
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
      )
      assert.strictEqual(entered.status, 303)
      const changed = yield* glider.run("db", "accept", "--yes")
      ends(changed, 1)
      assert.include(changed.err, "is at work")
      yield* reading.signal("SIGTERM")
      ends(yield* reading.ended, 0)
      assert.deepStrictEqual(yield* sums(data), before)

      ends(yield* glider.run("db", "restore", backup, "--yes"), 0)
      const sound = yield* glider.begin("run")
      yield* sound.said(/schedules reconciled/)
      assert.strictEqual((yield* http.get(`${(yield* glider.daemon).address}/readyz`)).status, 200)
      yield* sound.signal("SIGTERM")
      const ended = yield* sound.ended
      ends(ended, 0)
      assert.notInclude(ended.err, "is not as Glider left it")
    }), 120_000)
})
