import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, FileSystem, Layer, Logger, Redacted, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { csrfToken } from "../../src/api/Csrf.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { browserAt, fetched } from "../support/Browser.ts"
import { installation } from "../support/CommandLine.ts"
import { collector } from "../support/CommandLinePeers.ts"
import { filesIn, leaks, type Secret, tablesIn, text } from "../support/Leaks.ts"

const surroundings = Layer.unwrap(Effect.map(DateTime.now, (start) => Sandbox.layer({ start, seed: "browser" }))).pipe(
  Layer.provideMerge(FetchHttpClient.layer),
  Layer.provideMerge(NodeServices.layer),
  Layer.provideMerge(Logger.layer([]))
)

const syncs = "[sync.spotify]\ninterval_seconds = 1800\n"

const Begun = Schema.fromJsonString(Schema.Struct({ authorizeUrl: Schema.String, callback: Schema.Boolean }))

layer(surroundings, { excludeTestServices: true })("the web page, as a person has it", (it) => {
  it.effect(
    "the command line lets a browser in, an account is connected there, and no secret of it is left anywhere",
    () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const otlp = yield* collector
        const glider = yield* installation({ syncs, env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url } })
        const opened = `${glider.home}/opened`
        yield* fs.writeFileString(`${glider.home}/bin/xdg-open`, `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, {
          mode: 0o755
        })

        const early = yield* glider.run("open")
        assert.deepStrictEqual([early.code, early.out], [1, ""])
        assert.include(early.err, "glider run is not at work")
        assert.include(early.err, "mend it: glider run\n")

        const daemon = yield* glider.begin("run", "--log-level", "all")
        const invitation = yield* daemon.said(/^Open (\S+) \(works once, within 15 minutes\)$/m)
        const { address } = yield* glider.daemon

        // the line of `glider run`, and the command
        const printed = yield* glider.run("open", "--no-browser", "--log-level", "all")
        assert.strictEqual(printed.code, 0)
        assert.match(printed.out, /^http:\S+\/sign-in\?code=[\w-]{43}\n$/)
        assert.isFalse(yield* fs.exists(opened))
        const codes: Array<string> = []
        const secrets: Array<string> = []
        for (const link of [invitation, printed.out.trim()]) {
          codes.push(link.split("code=")[1] ?? "")
          const browser = browserAt(address)
          assert.isTrue(link.startsWith(`${address}/sign-in?code=`), link)
          assert.strictEqual((yield* browser.ask(link.slice(address.length))).status, 303)
          assert.strictEqual((yield* browser.ask("/api/v0/status")).status, 200)
          secrets.push(...browser.jar.values())
        }
        const json = yield* glider.run("open", "--output", "json")
        const { url } = yield* Schema.decodeEffect(
          Schema.fromJsonString(Schema.Struct({ url: Schema.String, expires_at: Schema.String }))
        )(json.out)
        // the opener is not waited for; its arguments, which everybody may read, name a page that leads on
        const page = yield* Effect.eventually(
          fs.readFileString(opened).pipe(Effect.filterOrFail((path) => path.endsWith(".html")))
        )
        assert.isTrue(page.startsWith(glider.data), page)
        assert.include(yield* fs.readFileString(page), `url=${url}"`)

        // a wrong code, a pasted one, and an account
        const browser = browserAt(address)
        assert.strictEqual((yield* browser.ask("/sign-in?code=guessed-code")).status, 403)
        codes.push("guessed-code", url.split("code=")[1] ?? "")
        assert.strictEqual((yield* browser.send("/sign-in", { code: url })).status, 303)
        const [secret = ""] = browser.jar.values()
        const csrf = csrfToken(Redacted.make(secret))
        secrets.push(secret)
        const begun = yield* browser.ask("/api/v0/connections/spotify/sign-in", {
          method: "POST",
          headers: { "content-type": "application/json", origin: address },
          body: JSON.stringify({ callback: true, return_to: "/accounts" })
        })
        assert.strictEqual(begun.status, 200)
        const { authorizeUrl, callback } = yield* Schema.decodeEffect(Begun)(begun.body)
        assert.isTrue(callback)
        const back = new URL(yield* glider.agree(authorizeUrl))
        const answer = yield* fetched(back.origin, `${back.pathname}${back.search}`)
        assert.include(answer.body, "Spotify is connected")
        assert.include(answer.body, `content="1;url=${address}/accounts"`)
        const accounts = (yield* browser.ask("/api/v0/connections")).body
        assert.match(accounts, /"provider":"spotify","name":null,"connection":\{[^}]*"state":"connected"/)
        const kept = yield* browser.ask("/api/v0/sessions")
        assert.strictEqual((yield* browser.send("/sign-out", { csrf })).status, 303)

        yield* daemon.signal("SIGTERM")
        const { code, err, out } = yield* daemon.ended
        assert.strictEqual(code, 0)
        // the invitation stands on standard output, as it has to
        assert.strictEqual(out, `Open ${invitation} (works once, within 15 minutes)\n`)

        const traces = otlp.bodies.map((bytes, index) => ({ where: `trace export ${index + 1}`, bytes }))
        const tables = yield* tablesIn(`${glider.data}/store`)
        const said = [
          text("the daemon's log", err),
          text("the log of glider open", printed.err),
          text("the list of sessions", kept.body),
          ...traces,
          ...yield* filesIn(glider.data),
          ...tables
        ]
        const forms: ReadonlyArray<Secret> = [
          ...codes.map((value) => ({ name: "a code", value })),
          ...secrets.map((value) => ({ name: "a session", value })),
          { name: "a token of forms", value: csrf }
        ]
        assert.deepStrictEqual(leaks(forms, said), [])
        // what could hold them is there
        assert.strictEqual(tables.find(({ table }) => table === "session")?.rows, 2)
        const exported = Buffer.concat(traces.map(({ bytes }) => bytes)).toString()
        for (const span of ["Sessions.create", "Accounts.complete", "BrowserSignIn.begin"]) {
          assert.include(exported, `"${span}"`)
        }
        assert.include(exported, "/api/v0/sessions/links")
      }),
    120_000
  )
})
