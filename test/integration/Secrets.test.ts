import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, FileSystem, Layer, Logger } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type Ended, installation, printedRun } from "../support/CommandLine.ts"
import { collector, wiretap } from "../support/CommandLinePeers.ts"
import { filesIn, leaks, type Said, type Secret, tablesIn, text } from "../support/Leaks.ts"

/** Stands in every token and code. */
const marker = "PlantedInTokens7q"

/** Of characters that each way of writing escapes differently. */
const clientSecrets = {
  google: "planted in google: 1/2+3 \"&\\é%",
  spotify: "planted in spotify: 4/5+6 \"&\\", // goes as it is into Basic authentication
  oura: "planted in oura: 7/8+9 \"&\\ß%"
}

const logfireToken = "planted-logfire-token/+1"

const client = (provider: keyof typeof clientSecrets) => ({ id: `${provider}-app`, secret: clientSecrets[provider] })

const surroundings = Layer.unwrap(Effect.map(DateTime.now, (start) =>
  Sandbox.layer({
    start,
    seed: "secrets",
    secretMarker: marker,
    clients: { google: client("google"), spotify: client("spotify"), oura: client("oura") }
  }))).pipe(
    Layer.provideMerge(FetchHttpClient.layer),
    Layer.provideMerge(NodeServices.layer),
    Layer.provideMerge(Logger.layer([]))
  )

const syncs = `[sync.google_calendar]
interval_seconds = 1800

[sync.spotify]
interval_seconds = 1800

[sync.oura]
interval_seconds = 3600
lookback_days = 1
`

const loud = ["--log-level", "all"]

/** A person's life with Glider, with all that it said and left behind, and what must not be in it. */
const life = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const http = yield* HttpClient.HttpClient
  const { calendar, faults, tokens, url } = yield* Sandbox
  const soon = DateTime.formatIso(DateTime.add(yield* DateTime.now, { days: 1 }))
  yield* calendar.addEvent({ summary: "Dentist", start: { dateTime: soon }, end: { dateTime: soon } })
  const tap = yield* wiretap(url)
  const otlp = yield* collector
  const glider = yield* installation({
    syncs,
    tokenUrl: (address) => address.replace(url, tap.url),
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, LOGFIRE_TOKEN: logfireToken, LOGFIRE_BASE_URL: otlp.url }
  })
  const mode = (path: string) => Effect.map(fs.stat(path), ({ mode }) => (mode & 0o777).toString(8))
  const said: Array<Said> = []
  const ends = ({ code, err, out }: Ended, expected: number) => assert.strictEqual(code, expected, `${out}${err}`)

  // without a daemon
  const [google, shown] = yield* Effect.all([
    glider.signIn("google", ...loud),
    glider.run("config", "show", ...loud)
  ], { concurrency: 2 })
  ends(google, 0)
  ends(shown, 0)

  // with one
  const daemon = yield* glider.begin("run", ...loud)
  yield* daemon.said(/serving on/)
  const { address, token } = yield* glider.daemon
  const files = [glider.data, `${glider.data}/key`, `${glider.data}/daemon.json`]
  assert.deepStrictEqual(yield* Effect.forEach(files, mode), ["700", "600", "600"])
  yield* Effect.all([daemon.said(/google_calendar completed/), daemon.said(/oura needs_auth/)])
  const [spotify, oura] = yield* Effect.all([
    glider.signIn("spotify", ...loud),
    glider.signInHere("oura", ...loud)
  ], { concurrency: 2 })
  ends(spotify, 0)
  ends(oura, 0)
  said.push(text("the page after the sign-in", oura.page))

  yield* faults.script(
    { provider: "spotify", fault: { _tag: "TokenExpired" } },
    { provider: "spotify", endpoint: "token", fault: { _tag: "Status", status: 500 } },
    { provider: "spotify", fault: { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 1 } } },
    { provider: "google", fault: { _tag: "TokenRevoked" } },
    { provider: "google", fault: { _tag: "Status", status: 500 } },
    { provider: "oura", path: "heartrate", fault: { _tag: "MalformedRecord" } }
  )
  const synced = yield* Effect.all([
    glider.run("sync", "spotify", ...loud),
    glider.run("sync", "google_calendar", "--ignore-sync-token", ...loud),
    glider.run("sync", "oura", ...loud)
  ], { concurrency: 2 })
  for (const ended of synced) ends(ended, 0)
  assert.lengthOf(yield* faults.applied, 6)

  const paths = [
    "/health",
    "/api/v0/status",
    "/api/v0/connections",
    "/api/v0/doctor",
    "/api/v0/runs",
    "/api/v0/tokens",
    "/openapi.json"
  ]
  for (const path of paths) {
    const asked = HttpClientRequest.get(`${address}${path}`).pipe(HttpClientRequest.bearerToken(token))
    const { headers, status, text: body } = yield* http.execute(asked)
    assert.strictEqual(status, 200, path)
    said.push(text(`${path} of the daemon`, `${JSON.stringify(headers)}\n${yield* body}`))
  }

  // a slip of the person: the answer to another sign-in, with a good code in it
  const slip = yield* glider.begin("auth", "spotify", "--no-browser", ...loud)
  const pasted = yield* glider.agree(yield* slip.said(/^(http:\S+)$/m))
  yield* slip.type(pasted.replace(/state=[^&]*/, "state=another"))
  ends(yield* slip.ended, 1)

  yield* daemon.signal("SIGTERM")
  const drained = yield* daemon.ended
  ends(drained, 0)
  assert.isFalse(yield* fs.exists(`${glider.data}/daemon.json`))

  // the person takes the access away
  yield* tokens.revokeTokens("oura")
  const refused = yield* glider.run("sync", "oura", "--output", "json", ...loud)
  ends(refused, 3)
  assert.strictEqual((yield* printedRun(refused)).status, "needs_auth")
  assert.include(refused.err, "glider auth oura")
  const doctor = yield* glider.run("doctor", ...loud)
  ends(doctor, 1)
  assert.include(doctor.out, "glider auth oura")

  const keyFile = `${glider.data}/key`
  const key = Buffer.from(yield* fs.readFile(keyFile)).toString().trim()
  const outputs = yield* Effect.forEach(
    glider.all,
    (ended, index) => Effect.map(ended, ({ err, out }) => text(`the outputs of command ${index + 1}`, `${out}\n${err}`))
  )
  const traces = otlp.bodies.map((bytes, index) => ({ where: `trace export ${index + 1}`, bytes }))
  const left = [
    ...(yield* filesIn(glider.data)).filter(({ where }) => where !== keyFile),
    ...yield* filesIn(glider.configFolder),
    ...yield* filesIn(glider.tmp)
  ]
  const tables = yield* tablesIn(`${glider.data}/store`)
  said.push(...outputs, ...traces, ...left, ...tables)

  const forms = tap.overheard.map(({ asked }) => new URLSearchParams(asked))
  const sent = (name: string) => new Set(forms.flatMap((form) => form.get(name) ?? []))
  const planted: ReadonlyArray<Secret> = [
    { name: "a token or code", value: marker },
    ...Object.entries(clientSecrets).map(([provider, value]) => ({ name: `${provider}'s client secret`, value }))
  ]
  const secrets: ReadonlyArray<Secret> = [
    ...planted,
    ...[...sent("code_verifier")].map((value) => ({ name: "a code verifier", value })),
    { name: "Logfire's token", value: logfireToken },
    { name: "the API's token", value: token },
    { name: "the key as its file has it", value: key },
    { name: "the key", value: Buffer.from(key, "base64") }
  ]
  const heard = tap.overheard.map(({ answered, asked, authorization }) =>
    text("a token address", `${authorization}\n${asked}\n${answered}`)
  )
  // the states of sign-ins stand in the addresses that the commands print, and nowhere else
  const printed = outputs.map(({ bytes }) => Buffer.from(bytes).toString()).join("\n")
  const states = new Set([...printed.matchAll(/^ *http:\S+[?&]state=([\w-]+)/gm)].map(([, state = ""]) => state))
  const beyond = [...traces, ...left, ...tables, text("the daemon's outputs", `${drained.out}\n${drained.err}`)]
  return { said, secrets, planted, heard, sent, states, beyond, tables, traces }
})

layer(surroundings, { excludeTestServices: true })("secrets", (it) => {
  it.effect(
    "nothing secret is found in any output, trace, answer or file of a person's life with Glider",
    () =>
      Effect.gen(function*() {
        const { beyond, heard, planted, said, secrets, sent, states, tables, traces } = yield* life

        // the secrets were at work, and what could hold them is there
        const overheard = new Set(leaks(planted, heard).map(({ secret }) => secret))
        assert.deepStrictEqual(overheard, new Set(planted.map(({ name }) => name)))
        assert.isTrue([...sent("code")].every((code) => code.includes(marker)))
        assert.isTrue([...sent("refresh_token")].some((token) => token.includes(marker)))
        assert.strictEqual(sent("code_verifier").size, 2)
        const rows = new Map(tables.map(({ rows, table }) => [table, rows]))
        assert.strictEqual(rows.get("connection"), 3)
        for (
          const table of ["run", "quarantine", "google_calendar_events", "spotify_listening_history", "oura_heartrate"]
        ) {
          assert.isAbove(rows.get(table) ?? 0, 0, table)
        }
        const runs = tables.find(({ table }) => table === "run")
        assert.notInclude(Buffer.from(runs?.bytes ?? []).toString(), "\"running\"")
        const exported = Buffer.concat(traces.map(({ bytes }) => bytes)).toString()
        for (
          const span of ["sync_spotify", "sync_google_calendar", "sync_oura", "Accounts.complete", "OAuth.exchange"]
        ) {
          assert.include(exported, `"${span}"`)
        }

        assert.strictEqual(states.size, 4)
        // the account's name is no secret: it shows that each kind of place was searched
        const { calendar } = yield* Sandbox
        const places = leaks([{ name: "account", value: calendar.calendarIds[0] ?? "" }], said).map(({ where }) =>
          where
        )
        for (
          const kind of [
            /^the outputs/,
            /^trace/,
            /of the daemon$/,
            /\/data\/store\/\d+\.\w+$/,
            /^the table connection$/
          ]
        ) {
          assert.isTrue(places.some((where) => kind.test(where)), `${kind} among ${places.join(", ")}`)
        }

        assert.deepStrictEqual(leaks(secrets, said), [])
        assert.deepStrictEqual(leaks([...states].map((value) => ({ name: "a state", value })), beyond), [])
      }),
    120_000
  ) // a dozen processes on a busy machine
})
