import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { Fault, Provider } from "../../src/sandbox/FaultRules.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { ask, at, list, text } from "./Ask.ts"

const paths: Record<Provider, string> = {
  spotify: "/spotify/v1/me/player/recently-played?limit=50",
  google: "/calendar/v3/calendars/primary/events?singleEvents=true",
  oura: "/oura/v2/usercollection/daily_sleep?start_date=2026-11-01&end_date=2026-11-20"
}

const rows: Record<Provider, string> = { spotify: "items", google: "items", oura: "data" }

const providers: ReadonlyArray<Provider> = ["spotify", "google", "oura"]

/** The page of a provider, or the sentence in which the connection failed. */
const call = Effect.fnUntraced(function*(provider: Provider, accessToken?: string, more = "") {
  const { tokens, url } = yield* Sandbox
  const token = accessToken ?? (yield* tokens.issue(provider)).accessToken
  return yield* ask(`${url}${paths[provider]}${more}`, { token })
})

const broken = (provider: Provider) => Effect.map(Effect.flip(call(provider)), (error) => error._tag)

describe("the faults of the sandbox", () => {
  it.effect("answers every status in the provider's own words, as HTML or with nothing, with Retry-After of every sort", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      const reasons: Record<Provider, ReadonlyArray<string | number>> = {
        spotify: ["error", "status"],
        google: ["error", "code"],
        oura: ["status"]
      }
      for (const provider of providers) {
        for (const status of [400, 401, 403, 404, 410, 429, 500, 502, 503, 504] as const) {
          yield* faults.script({ fault: { _tag: "Status", status }, provider })
          const answer = yield* call(provider)
          assert.deepStrictEqual([answer.status, at(answer.json, ...reasons[provider])], [status, status])
          assert.isUndefined(answer.headers["retry-after"])
        }
      }
      const limited = (fault: Partial<Extract<Fault, { _tag: "Status" }>>, provider: Provider = "spotify") =>
        Effect.andThen(faults.script({ fault: { _tag: "Status", status: 429, ...fault }, provider }), call(provider))
      assert.strictEqual(
        (yield* limited({ retryAfter: { _tag: "Seconds", seconds: 86400 } })).headers["retry-after"],
        "86400"
      )
      yield* TestClock.setTime(Date.parse("2026-11-08T00:43:12Z"))
      const dated = yield* limited({ retryAfter: { _tag: "Date", seconds: 30 } })
      assert.strictEqual(dated.headers["retry-after"], "Sun, 08 Nov 2026 00:43:42 GMT")
      assert.strictEqual(
        (yield* limited({ retryAfter: { _tag: "Garbage", text: "soon" } })).headers["retry-after"],
        "soon"
      )
      const quota = yield* limited({ reason: "QUOTA_EXCEEDED" })
      assert.deepStrictEqual(quota.json, {
        error: { status: 429, message: "Too many requests", reason: "QUOTA_EXCEEDED" }
      })
      const google = yield* limited({ status: 403, reason: "userRateLimitExceeded" }, "google")
      assert.strictEqual(text(google.json, "error", "errors", 0, "reason"), "userRateLimitExceeded")
      const oura = yield* limited({}, "oura")
      assert.isNumber(Number(oura.headers["x-ratelimit-limit"]))
      const html = yield* limited({ status: 502, body: "html" })
      assert.match(html.headers["content-type"] ?? "", /^text\/html/)
      assert.match(html.text, /^<!DOCTYPE html>/)
      assert.strictEqual((yield* limited({ status: 503, body: "empty" })).text, "")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("resets before and within the body, and truncates it, and is well again at the next request", () =>
    Effect.gen(function*() {
      const { faults, requests } = yield* Sandbox
      for (const provider of providers) {
        for (const _tag of ["Reset", "ResetMidBody", "Truncated"] as const) {
          yield* faults.script({ fault: { _tag }, provider })
          assert.strictEqual(yield* broken(provider), "HttpClientError", _tag)
          assert.strictEqual((yield* call(provider)).status, 200)
        }
      }
      assert.deepStrictEqual((yield* requests).map((entry) => entry.status).slice(0, 6), [0, 200, 200, 200, 200, 200])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("sends malformed JSON, a page of HTML, another content type, each with status 200", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      const truth = yield* call("oura")
      yield* faults.script({ fault: { _tag: "MalformedJson" } }, { fault: { _tag: "Html" } }, {
        fault: { _tag: "WrongContentType" }
      })
      const cut = yield* call("oura")
      assert.deepStrictEqual([cut.status, cut.json], [200, undefined])
      assert.isTrue(truth.text.startsWith(cut.text))
      const html = yield* call("oura")
      assert.deepStrictEqual([html.status, html.json], [200, undefined])
      assert.match(html.headers["content-type"] ?? "", /^text\/html/)
      const plain = yield* call("oura")
      assert.match(plain.headers["content-type"] ?? "", /^text\/plain/)
      assert.strictEqual(plain.text, truth.text)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("drips an answer out over the seconds asked for, and holds one back for good", () =>
    Effect.gen(function*() {
      const { faults, requests } = yield* Sandbox
      yield* faults.script({ fault: { _tag: "Slow", seconds: 60 } }, { fault: { _tag: "Hang" } })
      const slow = yield* Effect.forkChild(call("oura"))
      const heard = (count: number) => Effect.repeat(requests, { until: (log) => log.length === count })
      yield* heard(1)
      yield* TestClock.adjust("59 seconds")
      assert.isUndefined(slow.pollUnsafe())
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* Fiber.join(slow)).status, 200)
      const hung = yield* Effect.forkChild(call("oura"))
      yield* heard(2)
      yield* TestClock.adjust("10 minutes")
      assert.isUndefined(hung.pollUnsafe())
      yield* Fiber.interrupt(hung)
      assert.strictEqual((yield* call("oura")).status, 200)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("spoils exactly one record of a page and says which", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      for (const provider of providers) {
        const truth = list((yield* call(provider)).json, rows[provider])
        yield* faults.script({ fault: { _tag: "MalformedRecord" }, provider })
        const spoilt = list((yield* call(provider)).json, rows[provider])
        const different = spoilt.flatMap((row, index) =>
          JSON.stringify(row) === JSON.stringify(truth[index]) ? [] : [index]
        )
        const record = (yield* faults.applied).at(-1)?.record
        assert.deepStrictEqual(different, [record?.index ?? -1])
        const key = provider === "spotify" ? "played_at" : "id"
        assert.strictEqual(text(truth[record?.index ?? 0], key), record?.key)
      }
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("says once that there is nothing, and lists a page twice", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      for (const provider of providers) {
        const truth = list((yield* call(provider)).json, rows[provider])
        yield* faults.script({ fault: { _tag: "EmptyList" }, provider })
        assert.deepStrictEqual(list((yield* call(provider)).json, rows[provider]), [])
        assert.deepStrictEqual(list((yield* call(provider)).json, rows[provider]), truth)
      }
      const { accessToken } = yield* (yield* Sandbox).tokens.issue("google")
      yield* faults.script({ fault: { _tag: "DuplicatePage" }, provider: "google" }, {
        fault: { _tag: "DuplicatePage" },
        provider: "oura"
      })
      const once = yield* call("google", accessToken)
      const again = yield* call("google", accessToken, `&pageToken=${text(once.json, "nextPageToken")}`)
      assert.deepStrictEqual(list(again.json, "items"), list(once.json, "items"))
      const next = yield* call("google", accessToken, `&pageToken=${text(again.json, "nextPageToken")}`)
      assert.notDeepEqual(list(next.json, "items"), list(once.json, "items"))
      const oura = yield* call("oura")
      const same = yield* call("oura", undefined, `&next_token=${text(oura.json, "next_token")}`)
      assert.deepStrictEqual(list(same.json, "data"), list(oura.json, "data"))
      assert.isNull(at(same.json, "next_token"))
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("expires and revokes the token in use, revokes the whole grant, and answers invalid_grant to a good token", () =>
    Effect.gen(function*() {
      const { credentials, faults, providerAddresses, tokens } = yield* Sandbox
      const refresh = (refreshToken: string) =>
        ask(providerAddresses.spotify.token_url, {
          form: { grant_type: "refresh_token", refresh_token: refreshToken, client_id: credentials.spotify.id }
        })
      for (const [_tag, helps] of [["TokenExpired", true], ["TokenRevoked", true], ["GrantRevoked", false]] as const) {
        const issued = yield* tokens.issue("spotify")
        yield* faults.script({ fault: { _tag }, provider: "spotify" })
        assert.strictEqual((yield* call("spotify", issued.accessToken)).status, 401, _tag)
        assert.strictEqual((yield* call("spotify", issued.accessToken)).status, 401, _tag)
        assert.strictEqual((yield* refresh(issued.refreshToken)).status, helps ? 200 : 400, _tag)
      }
      const issued = yield* tokens.issue("spotify")
      yield* faults.script({ fault: { _tag: "InvalidGrant" } })
      assert.strictEqual(text((yield* refresh(issued.refreshToken)).json, "error"), "invalid_grant")
      assert.strictEqual((yield* refresh(issued.refreshToken)).status, 200)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("kills the sync token of one request for good", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      yield* faults.script({ fault: { _tag: "SyncTokenGone" }, times: "always" })
      let page = yield* call("google")
      for (let next = text(page.json, "nextPageToken"); next !== ""; next = text(page.json, "nextPageToken")) {
        page = yield* call("google", undefined, `&pageToken=${next}`)
      }
      const token = `&syncToken=${text(page.json, "nextSyncToken")}`
      assert.strictEqual((yield* call("google", undefined, token)).status, 410)
      yield* faults.clear
      assert.strictEqual((yield* call("google", undefined, token)).status, 410)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("applies a rule to its provider, part, path and count alone", () =>
    Effect.gen(function*() {
      const { faults, tokens, url } = yield* Sandbox
      const status = (provider: Provider) => Effect.map(call(provider), (answer) => answer.status)
      yield* faults.script({
        fault: { _tag: "Status", status: 503 },
        provider: "oura",
        path: "usercollection/*_sleep",
        after: 1,
        times: 2
      })
      assert.strictEqual(yield* status("spotify"), 200)
      const { accessToken } = yield* tokens.issue("oura")
      assert.strictEqual((yield* ask(`${url}/oura/v2/usercollection/sleep`, { token: accessToken })).status, 200)
      assert.deepStrictEqual(yield* Effect.all(Array.from({ length: 5 }, () => status("oura"))), [
        200,
        503,
        503,
        200,
        200
      ])
      yield* faults.script({ fault: { _tag: "Status", status: 500 }, times: "always", probability: 0.5 })
      const drawn = yield* Effect.all(Array.from({ length: 40 }, () => status("spotify")))
      const hits = drawn.filter((value) => value === 500).length
      assert.isTrue(hits > 8 && hits < 32, String(hits))
      yield* faults.clear
      assert.strictEqual(yield* status("spotify"), 200)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("follows a seeded plan the same way each time, with an end to every row of hits", () =>
    Effect.gen(function*() {
      const run = Effect.gen(function*() {
        const { faults } = yield* Sandbox
        yield* faults.random({ seed: 7, rate: 0.7, burst: 2 })
        const outcomes: Array<number | string> = []
        for (let turn = 0; turn < 60; turn++) {
          outcomes.push(
            yield* call("spotify").pipe(
              Effect.map((answer) => answer.status),
              Effect.catch((error) => Effect.succeed(error._tag))
            )
          )
        }
        const tags = (yield* faults.applied).map(({ fault }) => fault._tag)
        yield* faults.clear
        assert.strictEqual((yield* call("spotify")).status, 200)
        return { outcomes, tags }
      })
      const first = yield* run.pipe(Effect.provide(Sandbox.layer()))
      const second = yield* run.pipe(Effect.provide(Sandbox.layer()))
      assert.deepStrictEqual(first, second)
      assert.isAbove(new Set(first.tags).size, 5)
      assert.isAbove(first.tags.length, 20)
      assert.isAtMost(first.tags.length, 40)
    }))
})
