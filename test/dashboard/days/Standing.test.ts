/** What the standing jobs leave behind, on the page and on the command line, over real HTTP. */
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import { AffinityPage } from "../../../src/api/AffinityMessages.ts"
import { ReportsPage } from "../../../src/api/ReportMessages.ts"
import { Report } from "../../../src/domain/Report.ts"
import { served } from "../../api/Served.ts"
import { play, plays, signedIn, stored } from "../../records/RecordsWorld.ts"
import { invoke } from "../../support/Invoke.ts"
import { visitor } from "../../support/Visitor.ts"

const read = <S extends Schema.Top>(schema: S, text: string) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(text)

layer(served, { excludeTestServices: true, concurrent: false })("what standing jobs leave behind", (it) => {
  it.effect("reports are made, listed and shown by the page, in which titles are text", () =>
    Effect.gen(function*() {
      yield* signedIn
      yield* stored(plays, play("<i>late</i>", "2026-01-15T18:00:00Z"))
      const { ask, csrf, send } = yield* visitor
      assert.include((yield* ask("/reports")).body, "No report was made yet.")
      const made = yield* send("/reports/make", { csrf, kind: "weekly", date: "2026-01-15" })
      assert.deepStrictEqual(
        [made.status, made.headers["location"]],
        [303, "/reports/weekly_reports%3A2026-W03?done=made"]
      )
      const shown = yield* ask("/reports/weekly_reports%3A2026-W03?done=made")
      assert.strictEqual(shown.status, 200)
      for (const text of ["Week 2026-W03", "The report was made.", "&lt;i>late&lt;/i>", "Day by day"]) {
        assert.include(shown.body, text)
      }
      assert.match((yield* ask("/reports")).body, /href="\/reports\/weekly_reports%3A2026-W03">Week 2026-W03</)
      const html = yield* ask("/api/v1/reports/weekly_reports%3A2026-W03/html")
      assert.strictEqual(html.status, 200)
    }))

  it.effect("reports of no day or of one to come are refused with what to do", () =>
    Effect.gen(function*() {
      const { ask, csrf, send } = yield* visitor
      const today = DateTime.formatIsoDateUtc(yield* DateTime.now)
      const tomorrow = DateTime.formatIsoDateUtc(DateTime.add(DateTime.makeUnsafe(`${today}T00:00:00Z`), { days: 2 }))
      for (const [date, text] of [["soon", "Say of which day."], [tomorrow, "has not begun"]] as const) {
        const { body, status } = yield* send("/reports/make", { csrf, kind: "daily", date })
        assert.strictEqual(status, 400)
        assert.include(body, text)
      }
      assert.strictEqual((yield* ask("/reports/none")).status, 404)
      assert.strictEqual((yield* send("/reports/make", { csrf: "no", kind: "daily", date: today })).status, 403)
    }))

  it.effect("reports come from the command line as Markdown, as HTML and as JSON", () =>
    Effect.gen(function*() {
      const text = yield* invoke("report", "daily", "--date", "2026-01-15")
      assert.strictEqual(text.code, 0, text.err)
      assert.match(text.out, /^# Thursday, 2026-01-15\n/)
      const html = yield* invoke("report", "show", "daily_reports:2026-01-15", "--format", "html")
      assert.include(html.out, "<h1>Thursday, 2026-01-15</h1>")
      const json = yield* read(
        Report,
        (yield* invoke("report", "weekly", "--date", "2026-01-15", "--output", "json")).out
      )
      assert.strictEqual(json.key, "weekly_reports:2026-W03")
      const list = yield* invoke("reports", "list", "--kind", "daily", "--output", "json")
      assert.deepStrictEqual((yield* read(ReportsPage, list.out)).reports.map(({ key }) => key), [
        "daily_reports:2026-01-15"
      ])
      const none = yield* invoke("report", "show", "daily_reports:2026-01-16")
      assert.strictEqual(none.code, 1)
      assert.include(none.err, "There is no report daily_reports:2026-01-16.\nglider report list")
      assert.strictEqual((yield* invoke("report", "daily", "--date", "2026-02-30")).code, 2)
    }))

  it.effect("what is near is shown by the page and by the command, and falls slower when it matters", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      assert.include((yield* ask("/affinity")).body, "Nobody has looked yet")
      const now = yield* DateTime.now
      yield* stored(plays, play("<u>near</u>", DateTime.formatIso(DateTime.subtract(now, { hours: 30 }))))
      const looked = yield* invoke("affinity", "decay")
      assert.strictEqual(looked.out, "3 things are known: 3 were met, 0 came down, 1 were archived", looked.err)
      const page = yield* ask("/affinity")
      assert.include(page.body, "&lt;u>near&lt;/u>")
      assert.notMatch(page.body, /\sstyle=/)
      const track = "spotify:track:<u>near</u>"
      const things = Effect.fnUntraced(function*(...words: ReadonlyArray<string>) {
        const { code, err, out } = yield* invoke(...words, "--output", "json")
        assert.strictEqual(code, 0, err)
        return (yield* read(AffinityPage, out)).things
      })
      assert.deepStrictEqual((yield* things("affinity", "list", "track")).map(({ key }) => key), [track])
      assert.lengthOf(yield* things("affinity", "list", "track", "--archived"), 1)
      const [before] = yield* things("affinity", "list", "track")
      const [after] = yield* things("affinity", "priority", "track", track, "critical")
      assert.isAbove(after?.score ?? 0, before?.score ?? 1)
      const none = yield* invoke("affinity", "priority", "place", "nowhere", "low")
      assert.strictEqual(none.code, 1)
      assert.include(none.err, "No place nowhere is known.\nglider affinity list place")
    }))

  it.effect("retention counts, holds and ends holds from the command line", () =>
    Effect.gen(function*() {
      const counted = yield* invoke("retention", "run", "--dry-run", "--kind", "run")
      assert.match(counted.out, /^KIND +OLDER THAN +EXPIRED.+\nrun +\d{4}-\d\d-\d\d +0/)
      assert.strictEqual(counted.err, "Nothing was removed.")
      assert.strictEqual((yield* invoke("retention", "hold", "list")).out, "nothing is held")
      const held = yield* invoke("retention", "hold", "add", "run", "*", "--reason", "a dispute", "--until", "90d")
      assert.deepStrictEqual([held.code, held.out], [0, "run * is held"])
      assert.match((yield* invoke("retention", "hold", "list")).out, /\nrun +\* +now +in 90d/)
      assert.strictEqual((yield* invoke("retention", "hold", "remove", "run", "*")).out, "run * is held no more")
      const none = yield* invoke("retention", "hold", "remove", "run", "*")
      assert.include(none.err, "run * is not held.\nglider retention hold list")
      assert.strictEqual((yield* invoke("retention", "audit")).out, "nothing was removed yet")
    }))
})
