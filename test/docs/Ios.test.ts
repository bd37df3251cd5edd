/** The request that docs/ios.md tells people to send, sent as they would send it. */
import { assert, layer } from "@effect/vitest"
import { Effect, Option, Redacted, Schema } from "effect"
import { SyncAccepted } from "../../src/api/MusicMessages.ts"
import { CurrentConfig } from "../../src/Config.ts"
import type { ApiScope } from "../../src/domain/IssuedToken.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { ApiTokens } from "../../src/store/ApiTokens.ts"
import { asker, contents, musicServed, playlistId } from "../api/MusicServed.ts"
import { fetched } from "../support/Browser.ts"
import { textOf } from "./Repository.ts"

const text = textOf("docs/ios.md")
const [, sample = ""] = /```json\n(\{\s*"track_name"[^]*?)```/.exec(text) ?? []
const [, method = "", path = ""] = /```http\n(\w+) (\S+)\n/.exec(text) ?? []
const scopes = [...text.matchAll(/glider token create .*--scope (\S+)/g)].map(([, scope = ""]) => scope)

const decode = Schema.decodeEffect(Schema.fromJsonString(SyncAccepted))

const isScope = (scope: string): scope is ApiScope => scope === "workflow.run:write"

layer(musicServed, { excludeTestServices: true })("docs/ios.md", (it) => {
  it.effect("shows a request that is taken with the token that it tells to make, and that adds the song", () =>
    Effect.gen(function*() {
      const { server: { port } } = yield* CurrentConfig
      const { ended, state } = yield* asker
      const { secret } = yield* (yield* ApiTokens).create({
        name: "phone",
        scopes: scopes.filter(isScope),
        expiresAt: Option.none()
      })
      const headers = { authorization: `Bearer ${Redacted.value(secret)}`, "content-type": "application/json" }
      const send = (body: string) => fetched(`http://127.0.0.1:${port}`, path, { method, headers, body })
      const before = yield* contents
      const body = sample.replace(/(playlist\/)\w{22}/, `$1${yield* playlistId}`)
      // an answer does not wait for the search
      yield* (yield* Sandbox).faults.script({
        provider: "spotify",
        path: "/search",
        fault: { _tag: "Slow", seconds: 1 }
      })
      const answer = yield* send(body)
      assert.strictEqual(answer.status, 202, answer.body)
      const { message, status_url, workflow_id } = yield* decode(answer.body)
      assert.include(text, message)
      assert.strictEqual((yield* state(workflow_id)).status, "running")
      assert.strictEqual((yield* decode((yield* send(body)).body)).workflow_id, workflow_id)
      assert.strictEqual((yield* ended(workflow_id)).status, "completed")
      const told = yield* fetched(`http://127.0.0.1:${port}`, status_url, { headers })
      assert.strictEqual(told.status, 200)
      assert.deepStrictEqual(
        JSON.parse(told.body).result.message,
        Option.getOrThrow((yield* state(workflow_id)).result).message
      )
      assert.lengthOf(yield* contents, before.length + 1)
    }))
})
