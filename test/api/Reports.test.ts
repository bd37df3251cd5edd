import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { ReportsPage } from "../../src/api/ReportMessages.ts"
import { Report } from "../../src/domain/Report.ts"
import { at, play, plays, signedIn, stored } from "../records/RecordsWorld.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const read = <S extends Schema.Top>(schema: S, body: string) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(body)

layer(behind({ requestsPerMinute: 0 }))("/api/v1/reports", (it) => {
  it.effect("makes a report, lists it and gives it in each form", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at("2027-01-04T09:00:00Z").epochMilliseconds)
      yield* signedIn
      yield* stored(plays, play("<b>", "2026-12-30T18:00:00Z"))
      const ask = yield* handler
      const headers = { ...yield* local, "content-type": "application/json" }
      const get = (path: string) => ask(`/api/v1/reports${path}`, { headers })
      const make = (order: object) => ask("/api/v1/reports", { method: "POST", headers, body: JSON.stringify(order) })

      const made = yield* read(Report, (yield* make({ kind: "weekly" })).body)
      assert.strictEqual(made.key, "weekly_reports:2026-W53")
      yield* make({ kind: "daily", date: "2026-12-30" })
      const list = yield* read(ReportsPage, (yield* get("?kind=weekly")).body)
      assert.deepStrictEqual(list.reports.map(({ from, key, times_made, to }) => [key, from, to, times_made]), [
        [made.key, "2026-12-28", "2027-01-03", 1]
      ])
      assert.lengthOf((yield* read(ReportsPage, (yield* get("")).body)).reports, 2)
      assert.deepStrictEqual(yield* read(Report, (yield* get(`/${made.key}`)).body), made)
      const page = yield* get(`/${made.key}/markdown`)
      assert.include(page.headers.get("content-type") ?? "", "text/markdown")
      assert.include(page.body, "- \\<b\\> by Can (1 play)")
      const document = yield* get(`/${made.key}/html`)
      assert.include(document.headers.get("content-type") ?? "", "text/html")
      assert.include(document.headers.get("content-security-policy") ?? "", "default-src 'none'")
      assert.include(document.body, "<li>&lt;b&gt; by Can (1 play)</li>")
    }))

  it.effect("refuses days to come, years without records, and keys of no report", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at("2027-01-04T09:00:00Z").epochMilliseconds)
      const ask = yield* handler
      const headers = { ...yield* local, "content-type": "application/json" }
      for (const date of ["2027-01-05", "1969-12-31", "2200-01-01", "2026-02-30"]) {
        const { body, status } = yield* ask("/api/v1/reports", {
          method: "POST",
          headers,
          body: JSON.stringify({ kind: "daily", date })
        })
        assert.strictEqual(status, 400, body)
        const { details } = yield* read(Problem, body)
        assert.deepStrictEqual(details?.map(({ pointer }) => pointer), ["/payload/date"])
      }
      for (const key of ["daily_reports:2026-12-01", "weekly_reports:2027-W53", "none"]) {
        for (const form of ["", "/markdown", "/html"]) {
          assert.strictEqual((yield* ask(`/api/v1/reports/${key}${form}`, { headers })).status, 404, key)
        }
      }
    }))
})
