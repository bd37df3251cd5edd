import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Redacted } from "effect"
import { openPage, publish } from "../../src/api/DaemonFile.ts"
import { pageLeadingTo } from "../../src/cli/Browser.ts"

const folder = Effect.flatMap(
  FileSystem.FileSystem,
  (fs) => fs.makeTempDirectoryScoped({ prefix: "glider-open-" })
)

it.live("the browser is led to a link by a page that its user alone can read, and not by an argument", () =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const data = `${yield* folder}/data`
    const first = yield* pageLeadingTo(data, "http://127.0.0.1:4747/sign-in?code=one")
    const page = yield* pageLeadingTo(data, "http://127.0.0.1:4747/sign-in?code=two&next=/\"><script>")
    assert.deepStrictEqual([first, page], [`${data}/${openPage}`, `${data}/${openPage}`])
    const text = yield* fs.readFileString(page)
    assert.include(
      text,
      "content=\"0;url=http://127.0.0.1:4747/sign-in?code=two&#38;next=/&#34;&#62;&#60;script&#62;\""
    )
    assert.notInclude(text, "<script")
    assert.notInclude(text, "code=one")
    assert.strictEqual((yield* fs.stat(page)).mode & 0o777, 0o600)
  }).pipe(Effect.provide(NodeServices.layer)))

it.live("the page goes with the daemon", () =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const data = yield* folder
    yield* Effect.scoped(Effect.gen(function*() {
      yield* publish(data, { address: "http://127.0.0.1:1", token: Redacted.make("token") })
      yield* pageLeadingTo(data, "http://127.0.0.1:1/sign-in?code=a")
    }))
    assert.deepStrictEqual(yield* fs.readDirectory(data), [])
  }).pipe(Effect.provide(NodeServices.layer)))
