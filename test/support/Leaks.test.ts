import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { filesIn, leaks, type Said, type Secret, text } from "./Leaks.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

layer(NodeServices.layer, { excludeTestServices: true })("the search for secrets", (it) => {
  it.effect("finds a canary in each of its forms, in a text and deep in a file of bytes", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* temporaryFolder
      const value = "canary 1/2+3 \"&\\é% ~~~???>>>~~~???>>>"
      const secrets: ReadonlyArray<Secret> = [
        { name: "canary", value },
        { name: "bytes", value: new Uint8Array(32).map((_, index) => index * 7) }
      ]
      const found = (said: ReadonlyArray<Said>) => leaks(secrets, said).map(({ form, secret }) => `${secret} ${form}`)
      const written: ReadonlyArray<readonly [string, string]> = [
        ["canary raw", value],
        ["canary URL-encoded", `https://a.example/?secret=${encodeURIComponent(value)}&x=1`],
        ["canary URL-encoded", new URLSearchParams({ client_secret: value }).toString()],
        ["canary JSON-escaped", JSON.stringify({ message: `it was ${value}` })],
        ["canary JSON-escaped", JSON.stringify(JSON.stringify({ value }))],
        ["canary base64", Buffer.from(value).toString("base64")],
        ["canary base64", `Basic ${Buffer.from(`app:${value}`).toString("base64")}`],
        ["canary base64", `Basic ${Buffer.from(`an-app:${encodeURIComponent(value)}`).toString("base64")}`],
        ["canary base64url", Buffer.from(`{"v":"${value}"}`).toString("base64url")],
        ["canary hex", Buffer.from(value).toString("hex")],
        ["canary hex", Buffer.from(value).toString("hex").toUpperCase()]
      ]
      for (const [form, content] of written) {
        assert.include(found([text("there", content)]), form, content)
      }
      assert.deepStrictEqual(found([text("there", value.slice(1))]), [])

      const bytes = Buffer.alloc(40 * 1024 * 1024, "\u0000\u00ff filler")
      bytes.write(value, 33_333_333)
      bytes.write(Buffer.from(`Bearer ${value}`).toString("base64"), 39_000_001)
      bytes.set(secrets[1]?.value instanceof Uint8Array ? secrets[1].value : [], 1_234_567)
      yield* fs.makeDirectory(`${folder}/a/b`, { recursive: true })
      yield* fs.writeFile(`${folder}/a/b/000042.sst`, bytes)
      yield* fs.writeFileString(`${folder}/${Buffer.from(value).toString("hex")}`, "")
      const inFile = leaks(secrets, yield* filesIn(folder)).filter(({ where }) => where.endsWith("/a/b/000042.sst"))
      assert.deepStrictEqual(
        inFile.map(({ form, secret }) => `${secret} ${form}`),
        ["canary raw", "canary base64", "bytes raw"]
      )
      assert.include(found(yield* filesIn(folder)), "canary hex")
    }))
})
