import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import type { OuraType } from "../../src/sandbox/Contract.ts"
import { dayText, parseDay } from "../../src/sandbox/Instants.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type Answer, ask, type Asking, at, list, text, written } from "./Ask.ts"

const documents = [
  "daily_stress",
  "daily_activity",
  "daily_readiness",
  "daily_sleep",
  "daily_spo2",
  "sleep",
  "session",
  "workout"
] as const

const collection = Effect.fnUntraced(function*(type: string, query: Record<string, string> = {}, more: Asking = {}) {
  const { providerAddresses, tokens } = yield* Sandbox
  const { accessToken } = yield* tokens.issue("oura")
  return yield* ask(`${providerAddresses.oura.api_url}/usercollection/${type}`, { token: accessToken, query, ...more })
})

const window = (type: string, start: string, end: string) =>
  Effect.map(collection(type, { start_date: start, end_date: end }), (answer) => list(answer.json, "data"))

const day = (row: Schema.Json): string => text(row, "day")

const all = Effect.fnUntraced(function*(type: string, query: Record<string, string>) {
  const pages: Array<Answer> = [yield* collection(type, query)]
  for (let next = text(pages.at(-1)?.json, "next_token"); next !== ""; next = text(pages.at(-1)?.json, "next_token")) {
    pages.push(yield* collection(type, { ...query, next_token: next }))
  }
  return { pages, rows: pages.flatMap((page) => list(page.json, "data")) }
})

const wide = { start_date: "2026-10-15", end_date: "2026-11-21" }

describe("the stand-in for Oura", () => {
  it.effect("compares each type with the window by its own anchor", () =>
    Effect.gen(function*() {
      const { truth } = yield* Sandbox
      const nights = yield* truth.oura("sleep", { from: "2026-11-01", to: "2026-11-12" })
      const long = nights.filter((row) => text(row, "type") === "long_sleep").map(day)
      assert.isAbove(long.length, 5)
      const date = long.at(-1) ?? ""
      const before = dayText((parseDay(date) ?? 0) - 1)
      const after = dayText((parseDay(date) ?? 0) + 1)
      for (const type of ["daily_sleep", "daily_readiness", "daily_spo2", "daily_stress"]) {
        assert.deepStrictEqual((yield* window(type, date, date)).map(day), [date], type)
        assert.deepStrictEqual((yield* window(type, before, date)).map(day), [before, date], type)
      }
      assert.deepStrictEqual(yield* window("daily_activity", date, date), [])
      assert.deepStrictEqual((yield* window("daily_activity", date, `${date}T23:59:59`)).map(day), [date])
      assert.deepStrictEqual((yield* window("daily_activity", date, after)).map(day), [date])
      assert.notInclude((yield* window("sleep", before, date)).map(day), date)
      assert.include((yield* window("sleep", date, after)).map(day), date)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("compares workouts by their start in UTC with an exclusive end, so that a day's walk may lie before it", () =>
    Effect.gen(function*() {
      const { ring } = yield* Sandbox
      const row = {
        activity: "walking",
        calories: 40,
        day: "2026-11-10",
        distance: null,
        end_datetime: "2026-11-10T00:40:00+01:00",
        intensity: "easy",
        label: null,
        source: "confirmed"
      }
      yield* ring.addRow("workout", { ...row, id: "night-walk", start_datetime: "2026-11-10T00:20:00+01:00" })
      yield* ring.addRow("workout", { ...row, id: "midnight", start_datetime: "2026-11-10T00:00:00Z" })
      const ids = (start: string, end: string) =>
        Effect.map(window("workout", start, end), (rows) => rows.map((found) => text(found, "id")))
      assert.notInclude(yield* ids("2026-11-10", "2026-11-11"), "night-walk")
      assert.include(yield* ids("2026-11-09", "2026-11-10"), "night-walk")
      assert.include(yield* ids("2026-11-10", "2026-11-11"), "midnight")
      assert.notInclude(yield* ids("2026-11-09", "2026-11-10"), "midnight")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("takes yesterday to today when no window is given, and a bare number for epoch seconds", () =>
    Effect.gen(function*() {
      const today = list((yield* collection("daily_stress")).json, "data").map(day)
      assert.deepStrictEqual(today, ["2026-11-19", "2026-11-20"])
      const numbers = yield* collection("daily_stress", { start_date: "20261101", end_date: "20261110" })
      assert.deepStrictEqual([numbers.status, numbers.json], [200, { data: [], next_token: null }])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("refuses a window that ends before it starts with 400, and what it cannot read with 422", () =>
    Effect.gen(function*() {
      const reversed = yield* collection("sleep", { start_date: "2026-11-10", end_date: "2026-11-09" })
      assert.strictEqual(reversed.status, 400)
      assert.match(text(reversed.json, "detail"), /^Start time is greater than end time: /)
      const unread = yield* collection("sleep", { start_date: "2026-13-45" })
      assert.strictEqual(unread.status, 422)
      assert.deepStrictEqual(at(unread.json, "detail", 0, "loc"), ["query", "start_date"])
      assert.strictEqual((yield* collection("sleep", { next_token: "nonsense" })).status, 400)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("reads an unescaped plus in an offset as a space and refuses it", () =>
    Effect.gen(function*() {
      const { providerAddresses, tokens } = yield* Sandbox
      const { accessToken: token } = yield* tokens.issue("oura")
      const url = `${providerAddresses.oura.api_url}/usercollection/heartrate?start_datetime=2026-11-18T00:00:00`
      const plus = yield* ask(`${url}+01:00`, { token })
      assert.strictEqual(plus.status, 422)
      const escaped = yield* ask(`${url}%2B01:00&end_datetime=2026-11-18T00:30:00%2B01:00`, { token })
      const zulu = yield* collection("heartrate", {
        start_datetime: "2026-11-17T23:00:00Z",
        end_datetime: "2026-11-17T23:30:00Z"
      })
      assert.strictEqual(escaped.status, 200)
      assert.deepStrictEqual(escaped.json, zulu.json)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("gives at most 30 days of heart rate, in pages, the boundary sample in both of two chunks", () =>
    Effect.gen(function*() {
      const { truth } = yield* Sandbox
      const query = { start_datetime: "2026-10-20T00:00:00Z", end_datetime: "2026-11-19T00:00:00Z" }
      const { pages, rows } = yield* all("heartrate", query)
      assert.deepStrictEqual(
        pages.slice(0, -1).map((page) => list(page.json, "data").length),
        pages.slice(0, -1).map(() => 1000)
      )
      assert.deepStrictEqual(rows, [...yield* truth.heartrate(query.start_datetime, query.end_datetime)])
      assert.isAbove(rows.length, 30 * 240)
      const late = yield* collection("heartrate", { ...query, end_datetime: "2026-11-19T00:00:01Z" })
      assert.strictEqual(late.status, 400)
      const edge = text(rows[500], "timestamp")
      const chunk = (start: string, end: string) => all("heartrate", { start_datetime: start, end_datetime: end })
      const left = (yield* chunk(query.start_datetime, edge)).rows
      const right = (yield* chunk(edge, query.end_datetime)).rows
      assert.deepStrictEqual([left.at(-1), right[0]], [rows[500], rows[500]])
      const latest = yield* collection("heartrate", { latest: "true" })
      assert.lengthOf(list(latest.json, "data"), 1)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("pages documents, and serves each alone by its id", () =>
    Effect.gen(function*() {
      const { truth } = yield* Sandbox
      for (const type of documents) {
        const { pages, rows } = yield* all(type, wide)
        const known = new Set(
          (yield* truth.oura(type, { from: "2026-10-17", to: "2026-11-18" })).map((row) => text(row, "id"))
        )
        assert.isNotEmpty(known)
        assert.isTrue([...known].every((id) => rows.some((row) => text(row, "id") === id)), type)
        assert.strictEqual(new Set(rows.map((row) => text(row, "id"))).size, rows.length)
        assert.isAtLeast(pages.length, Math.ceil(rows.length / 10))
        const one = yield* collection(`${type}/${text(rows[0], "id")}`)
        assert.deepStrictEqual(one.json, rows[0])
      }
      const missing = yield* collection("sleep/00000000-0000-4000-8000-000000000000")
      assert.deepStrictEqual([missing.status, missing.json], [404, { detail: "Document not found." }])
      assert.strictEqual((yield* collection("naps")).status, 404)
    }).pipe(Effect.provide(Sandbox.layer({ ouraPageSize: { documents: 10 } }))))

  it.effect("keeps the fields asked for beside id and timestamp, and everything when none is known", () =>
    Effect.gen(function*() {
      const keys = (fields: string) =>
        Effect.map(
          collection("daily_sleep", { ...wide, fields }),
          (answer) => Object.keys(at(answer.json, "data", 0) ?? {}).toSorted()
        )
      assert.deepStrictEqual(yield* keys("score,nonsense"), ["id", "score", "timestamp"])
      assert.deepStrictEqual(yield* keys("nonsense"), ["contributors", "day", "id", "score", "timestamp"])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("opens each collection to its scope alone", () =>
    Effect.gen(function*() {
      const { providerAddresses, tokens } = yield* Sandbox
      const scopes: Record<OuraType | "personal_info", string> = {
        personal_info: "personal",
        heartrate: "heartrate",
        workout: "workout",
        session: "session",
        daily_spo2: "spo2Daily",
        daily_stress: "daily",
        daily_activity: "daily",
        daily_readiness: "daily",
        daily_sleep: "daily",
        sleep: "daily"
      }
      for (const [type, scope] of Object.entries(scopes)) {
        const status = (words: string) =>
          Effect.flatMap(tokens.issue("oura", { scope: words }), ({ accessToken }) =>
            Effect.map(
              ask(`${providerAddresses.oura.api_url}/usercollection/${type}`, { token: accessToken }),
              (answer) => answer.status
            ))
        assert.strictEqual(yield* status(scope), 200, type)
        assert.strictEqual(
          yield* status(Object.values(scopes).filter((other) => other !== scope).join(" ")),
          403,
          type
        )
      }
      const none = yield* ask(`${providerAddresses.oura.api_url}/usercollection/sleep`)
      assert.deepStrictEqual([none.status, at(none.json, "status")], [401, 401])
      const person = yield* collection("personal_info")
      assert.strictEqual(text(person.json, "email"), "alex.novak@example.com")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("shows a row from its visible instant on, replaces and deletes it", () =>
    Effect.gen(function*() {
      const { clock, ring, truth } = yield* Sandbox
      const row = { timestamp: "2026-11-17T03:00:01.000Z", timestamp_unix: 1794884401000, bpm: 49, source: "rest" }
      const hours = () => truth.heartrate("2026-11-17T03:00:00Z", "2026-11-17T03:00:02Z")
      yield* ring.addRow("heartrate", row, "2026-11-20T22:00:00Z")
      assert.notDeepInclude(yield* hours(), row)
      yield* clock.advance("1 hour")
      assert.deepInclude(yield* hours(), row)
      yield* ring.deleteRow("heartrate", row.timestamp)
      assert.notDeepInclude(yield* hours(), row)

      const [night] = yield* truth.oura("daily_sleep", { from: "2026-11-10", to: "2026-11-14" })
      const id = text(night, "id")
      yield* ring.replaceRow("daily_sleep", id, { score: 3 })
      assert.strictEqual(at((yield* collection(`daily_sleep/${id}`)).json, "score"), 3)
      assert.strictEqual(at((yield* window("daily_sleep", text(night, "day"), text(night, "day")))[0], "score"), 3)
      yield* ring.deleteRow("daily_sleep", id)
      assert.strictEqual((yield* collection(`daily_sleep/${id}`)).status, 404)
      assert.strictEqual((yield* Effect.flip(ring.deleteRow("daily_sleep", id)))._tag, "SandboxMisuse")
      assert.strictEqual((yield* Effect.flip(ring.addRow("sleep", { id: "x" })))._tag, "SandboxMisuse")
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("holds a believable ring: gaps while charging, rows and nights that come late, scores that change", () =>
    Effect.gen(function*() {
      const { clock, truth } = yield* Sandbox
      const key = (row: Schema.Json) => `${text(row, "id")}${text(row, "timestamp")}`
      const seen = new Map<string, string>()
      let changed = 0
      let lateRows = 0
      let vanished = 0
      let newest = ""
      for (let step = 0; step < 30; step++) {
        const rows = yield* truth.heartrate("2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z")
        lateRows += rows.filter((row) => !seen.has(key(row)) && text(row, "timestamp") < newest).length
        newest = rows.map((row) => text(row, "timestamp")).at(-1) ?? newest
        const scores = yield* truth.oura("daily_sleep", { from: "2026-09-01", to: "2026-10-01" })
        const listed = new Set(scores.map(key))
        vanished += [...seen.keys()].filter((known) => known.includes("T00:00:00+") && !listed.has(known)).length
        for (const row of [...rows, ...scores]) {
          changed += seen.has(key(row)) && seen.get(key(row)) !== written(row) ? 1 : 0
          seen.set(key(row), written(row))
        }
        yield* clock.advance("23 hours")
      }
      assert.isAbove(lateRows, 20)
      assert.isAbove(changed, 0)
      assert.isAbove(vanished, 0)
      const rows = yield* truth.heartrate("2026-09-01T00:00:00Z", "2026-09-28T00:00:00Z")
      const times = rows.map((row) => Date.parse(text(row, "timestamp")))
      const gaps = times.slice(1).filter((time, index) => time - (times[index] ?? 0) > 20 * 60_000)
      assert.isAbove(gaps.length, 5)
      assert.isAbove(
        times.slice(1).filter((time, index) => time - (times[index] ?? 0) === 300_000).length,
        rows.length * 0.9
      )
    }).pipe(Effect.provide(Sandbox.layer({ start: "2026-09-01T12:00:00Z" }))))

  it.effect("leaves the day that lasts without a score, and grows its steps", () =>
    Effect.gen(function*() {
      const { clock, truth } = yield* Sandbox
      const today = Effect.map(truth.oura("daily_activity", { from: "2026-11-20", to: "2026-11-20" }), ([row]) => row)
      const before = yield* today
      assert.isNull(at(before, "score"))
      yield* clock.advance("30 hours")
      const after = yield* today
      assert.isNumber(at(after, "score"))
      assert.isAbove(Number(at(after, "steps")), Number(at(before, "steps")))
      assert.strictEqual(text(after, "id"), text(before, "id"))
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("writes the offset of the moment across the end of summer time and a journey", () =>
    Effect.gen(function*() {
      const { truth } = yield* Sandbox
      const stamps = yield* truth.oura("daily_stress", { from: "2026-06-01", to: "2026-10-31" })
      assert.lengthOf(stamps, 153)
      const offsets = (from: string, to: string) =>
        Effect.map(
          truth.oura("daily_activity", { from, to }),
          (rows) => rows.map((row) => text(row, "timestamp").slice(-6))
        )
      assert.deepStrictEqual(yield* offsets("2026-10-24", "2026-10-26"), ["+02:00", "+01:00", "+01:00"])
      assert.deepStrictEqual(yield* offsets("2026-06-07", "2026-06-08"), ["+02:00", "-04:00"])
    }).pipe(Effect.provide(Sandbox.layer())))
})
