import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { ScheduleInfo, SchedulePage, ScheduleTicks } from "../../src/api/ScheduleMessages.ts"
import { ScheduleBook } from "../../src/schedules/ScheduleBook.ts"
import { Ticks } from "../../src/schedules/Ticks.ts"
import { jobSchedule } from "../support/ScheduleWorld.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const decoded = <S extends Schema.Top>(schema: S) => Schema.decodeUnknownEffect(Schema.fromJsonString(schema))

const info = decoded(ScheduleInfo)
const page = decoded(SchedulePage)
const ticks = decoded(ScheduleTicks)
const problem = decoded(Problem)

const daily = (id: string, more: Parameters<typeof jobSchedule>[2] = {}) =>
  jobSchedule(id, { cron: "30 2 * * *" }, {
    timezone: "Europe/Berlin",
    workflow: "diagnostics",
    input: { key: id },
    ...more
  })

const definitions = [
  daily("nightly"),
  daily("off", { enabled: false }),
  daily("beside", { overlap_policy: "allow" }),
  jobSchedule("often", { interval_seconds: 90 }, { workflow: "diagnostics", input: { key: "o" } })
]

/** Asks as the local user does; the book is made anew, as after a reload. */
const fresh = Effect.gen(function*() {
  const book = yield* ScheduleBook
  yield* book.reconcile(definitions, { reload: true })
  const ask = yield* handler
  const headers = yield* local
  return (method: string, path: string, body?: unknown, more: { readonly [name: string]: string } = {}) =>
    ask(`/api/v0/schedules${path}`, {
      method,
      headers: { ...headers, ...body === undefined ? {} : { "content-type": "application/json" }, ...more },
      ...body === undefined ? {} : { body: JSON.stringify(body) }
    })
})

layer(behind())("schedules over HTTP", (it) => {
  it.effect("are listed by id, in pages, and by what they are", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const all = yield* page((yield* ask("GET", "")).body)
      assert.deepStrictEqual(all.schedules.map(({ id }) => id), ["beside", "nightly", "off", "often"])
      assert.strictEqual(all.total, 4)
      const first = yield* page((yield* ask("GET", "?limit=3")).body)
      assert.deepStrictEqual(first.next, Option.some("off"))
      const rest = yield* page((yield* ask("GET", "?limit=3&after=off")).body)
      assert.deepStrictEqual([rest.schedules.map(({ id }) => id), rest.total, rest.next], [["often"], 4, Option.none()])
      yield* ask("POST", "/nightly/pause", {})
      const found = Effect.fnUntraced(function*(query: string) {
        return (yield* page((yield* ask("GET", `?${query}`)).body)).schedules.map(({ id }) => id)
      })
      assert.deepStrictEqual(yield* found("enabled_only=true"), ["beside", "nightly", "often"])
      assert.deepStrictEqual(yield* found("state=disabled"), ["off"])
      assert.deepStrictEqual(yield* found("state=paused"), ["nightly"])
      assert.deepStrictEqual(yield* found("state=overridden"), ["nightly"])
      assert.deepStrictEqual(yield* found("state=active"), ["beside", "often"])
      assert.deepStrictEqual(yield* found("text=of"), ["off", "often"])
      assert.deepStrictEqual(yield* found("workflow=nobody"), [])
      assert.strictEqual((yield* ask("GET", "?limit=501")).status, 400)
    }))

  it.effect("are told in words and with what the config says, by either id, with their revision as ETag", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const answer = yield* ask("GET", "/nightly")
      const nightly = yield* info(answer.body)
      assert.deepInclude(nightly, {
        id: "nightly",
        schedule_id: "schedule-glider-nightly",
        workflow_id: "diagnostics",
        cron: Option.some("30 2 * * *"),
        interval_seconds: Option.none(),
        timezone: "Europe/Berlin",
        description: "At 02:30 every day, Europe/Berlin",
        enabled: true,
        is_override: false,
        last_run_time: Option.none()
      })
      assert.deepStrictEqual(nightly.yaml_config, daily("nightly"))
      assert.deepStrictEqual(nightly.next_run_time, Option.some(DateTime.makeUnsafe("1970-01-01T01:30:00Z")))
      assert.strictEqual(answer.headers.get("etag"), `"${nightly.revision}"`)
      assert.deepStrictEqual(yield* info((yield* ask("GET", "/schedule-glider-nightly")).body), nightly)
      const missing = yield* ask("GET", "/schedule-glide-nightly")
      assert.strictEqual(missing.status, 404)
      assert.deepInclude(yield* problem(missing.body), { code: "not_found", fix: "glider schedule list" })
    }))

  it.effect("are changed beside the config: PATCH adds, PUT replaces, and a reload ends it", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const config = daily("nightly")
      const one = yield* info((yield* ask("PATCH", "/nightly", { enabled: false })).body)
      assert.deepInclude(one, { enabled: false, is_override: true, next_run_time: Option.none() })
      const two = yield* info((yield* ask("PATCH", "/nightly", { cron: "0 5 * * *" })).body)
      assert.deepInclude(two, { enabled: false, cron: Option.some("0 5 * * *"), is_override: true })
      assert.deepStrictEqual(two.yaml_config, config)
      const three = yield* info((yield* ask("PUT", "/nightly", { cron: "0 6 * * *" })).body)
      assert.deepInclude(three, { enabled: true, cron: Option.some("0 6 * * *"), is_override: true })
      const four = yield* info((yield* ask("PUT", "/nightly", { cron: "30 2 * * *" })).body)
      assert.deepInclude(four, { cron: Option.some("30 2 * * *"), is_override: false })
      yield* ask("PATCH", "/nightly", { enabled: false })
      const again = yield* fresh
      assert.deepInclude(yield* info((yield* again("GET", "/nightly")).body), { enabled: true, is_override: false })
    }))

  it.effect("refuse what no schedule can be, and say where and why", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const refused = Effect.fnUntraced(function*(method: string, path: string, body: unknown) {
        const answer = yield* ask(method, path, body)
        assert.strictEqual(answer.status, 400, answer.body)
        const { details = [] } = yield* problem(answer.body)
        return details.map(({ message, pointer }) => `${pointer} ${message}`)
      })
      assert.deepStrictEqual(yield* refused("PATCH", "/nightly", {}), ["/payload Say enabled, cron or both."])
      assert.deepStrictEqual(yield* refused("PATCH", "/nightly", { cron: "61 * * * *" }), [
        "/payload/cron \"61\" is no minute: expected 0-59, e.g. \"*/5\" or \"0,30\""
      ])
      assert.deepStrictEqual(yield* refused("PUT", "/nightly", { cron: "@every 10ms" }), [
        "/payload/cron \"10ms\" is too short: expected 1 second or more, e.g. \"@every 15s\", " +
        "\"@every 1m30s\" or \"@every 2 hours\""
      ])
      assert.deepStrictEqual(yield* refused("POST", "/nightly/pause", { until: "1969-01-01T00:00:00Z" }), [
        "/payload/until expected an instant that is still to come"
      ])
      assert.deepStrictEqual(
        yield* refused("POST", "/nightly/backfill", { from: "1969-01-02T00:00:00Z", to: "1969-01-01T00:00:00Z" }),
        ["/payload/to expected an instant that is not before from"]
      )
      assert.deepStrictEqual(
        yield* refused("POST", "/nightly/backfill", { from: "1969-01-01T00:00:00Z", to: "1999-01-01T00:00:00Z" }),
        ["/payload/to expected an instant of the past"]
      )
    }))

  it.effect("are changed from the revision that was read, when the request names it", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const etag = (yield* ask("GET", "/nightly")).headers.get("etag") ?? ""
      const first = yield* ask("PATCH", "/nightly", { enabled: false }, { "if-match": etag })
      assert.strictEqual(first.status, 200)
      assert.notStrictEqual(first.headers.get("etag"), etag)
      for (
        const [method, path, body] of [
          ["PATCH", "/nightly", { enabled: true }],
          ["PUT", "/nightly", { enabled: true }],
          ["POST", "/nightly/pause", {}],
          ["POST", "/nightly/resume", undefined],
          ["DELETE", "/nightly", undefined]
        ] as const
      ) {
        const stale = yield* ask(method, path, body, { "if-match": etag })
        assert.strictEqual(stale.status, 412, `${method} ${path}`)
        assert.strictEqual((yield* problem(stale.body)).code, "precondition_failed")
      }
      assert.strictEqual((yield* ask("PATCH", "/nightly", { enabled: true }, { "if-match": "*" })).status, 200)
    }))

  it.effect("lose none of fifty changes at the same time, and take one of fifty from the same revision", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const before = yield* info((yield* ask("GET", "/nightly")).body)
      const numbers = Array.from({ length: 50 }, (_, at) => at)
      const all = yield* Effect.forEach(
        numbers,
        (at) => ask("PATCH", "/nightly", at % 2 === 0 ? { enabled: false } : { cron: `${at} 3 * * *` }),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(new Set(all.map(({ status }) => status)), new Set([200]))
      const after = yield* info((yield* ask("GET", "/nightly")).body)
      assert.strictEqual(after.revision, before.revision + 50)
      assert.deepInclude(after, { enabled: false })
      assert.match(Option.getOrThrow(after.cron), / 3 \* \* \*$/)
      const etag = `"${after.revision}"`
      const raced = yield* Effect.forEach(
        numbers,
        () => ask("PATCH", "/nightly", { enabled: true }, { "if-match": etag }),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(raced.filter(({ status }) => status === 200), 1)
      assert.lengthOf(raced.filter(({ status }) => status === 412), 49)
    }))

  it.effect("are deleted until the config is reloaded, while their runs go on", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const gone = yield* ask("DELETE", "/nightly")
      assert.deepStrictEqual([gone.status, gone.body], [204, ""])
      assert.strictEqual((yield* ask("GET", "/nightly")).status, 404)
      assert.strictEqual((yield* ask("DELETE", "/nightly")).status, 404)
      const book = yield* ScheduleBook
      yield* book.reconcile(definitions, { reload: false })
      assert.strictEqual((yield* ask("GET", "/nightly")).status, 404)
      yield* book.reconcile(definitions, { reload: true })
      assert.strictEqual((yield* ask("GET", "/nightly")).status, 200)
    }))

  it.effect("are paused with a note, and resumed", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const paused = yield* info((yield* ask("POST", "/nightly/pause", { note: "holidays" })).body)
      assert.deepInclude(Option.getOrThrow(paused.pause), { by: "person", note: Option.some("holidays") })
      assert.deepInclude(paused, { is_override: true, next_run_time: Option.none() })
      const until = "1970-03-01T00:00:00.000Z"
      const longer = yield* info((yield* ask("POST", "/nightly/pause", { until })).body)
      assert.deepStrictEqual(longer.next_run_time, Option.some(DateTime.makeUnsafe("1970-03-01T01:30:00Z")))
      const resumed = yield* info((yield* ask("POST", "/nightly/resume")).body)
      assert.deepInclude(resumed, { pause: Option.none(), is_override: false })
    }))

  it.effect("run when a person asks, as their overlap policy allows", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const { atWork } = yield* Ticks
      atWork.begun({ id: "busy", workflow: "diagnostics", schedule: "schedule-glider-nightly" })
      const skipped = yield* ask("POST", "/nightly/trigger")
      assert.deepStrictEqual(JSON.parse(skipped.body), {
        outcome: "skipped",
        run: null,
        reason: "overlap: run busy is at work"
      })
      atWork.ended("busy")
      const started = yield* ask("POST", "/nightly/trigger")
      assert.deepInclude(JSON.parse(started.body), { outcome: "started", reason: null })
      const shown = yield* info((yield* ask("GET", "/nightly")).body)
      assert.deepStrictEqual(shown.last_run_id, Option.some(JSON.parse(started.body).run))
    }))

  it.effect("explain their ticks, and what the clocks did to them", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const explained = Effect.fnUntraced(function*(id: string, from: string, to: string) {
        const { ticks: lines } = yield* ticks((yield* ask("GET", `/${id}/ticks?from=${from}&to=${to}`)).body)
        return lines.map(({ dst, nominal, state }) =>
          [DateTime.formatIso(nominal), state, ...Option.toArray(dst)].join(" ")
        )
      })
      assert.deepStrictEqual(yield* explained("nightly", "2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"), [
        "2026-03-28T01:30:00.000Z due",
        "2026-03-29T01:30:00.000Z due 2026-03-29T02:30:00 does not exist, for the clocks are put forward: it comes later"
      ])
      assert.deepStrictEqual(yield* explained("nightly", "2026-10-25T00:00:00Z", "2026-10-26T00:00:00Z"), [
        "2026-10-25T00:30:00.000Z due 2026-10-25T02:30:00 comes twice, for the clocks are put back: the first time"
      ])
      assert.strictEqual((yield* ask("GET", "/nightly/ticks?from=yesterday")).status, 400)
    }))

  it.effect("say what a reload would change, field by field", () =>
    Effect.gen(function*() {
      const ask = yield* fresh
      const { changes } = JSON.parse((yield* ask("GET", "/plan")).body)
      const kinds = new Map(changes.map(({ id, kind }: { readonly id: string; readonly kind: string }) => [id, kind]))
      // the file of this installation is the one that is shipped
      assert.strictEqual(kinds.get("nightly"), "delete")
      assert.strictEqual(kinds.get("google_calendar"), "create")
      assert.strictEqual((yield* ask("GET", "/nightly")).status, 200)
    }))
})
