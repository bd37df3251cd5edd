/** The pages of the machine over real HTTP, with a browser that has signed in. */
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { StartOptions } from "../../../src/api/RunMessages.ts"
import { Run } from "../../../src/domain/Run.ts"
import * as Job from "../../../src/jobs/Job.ts"
import { Jobs } from "../../../src/jobs/Jobs.ts"
import { ScheduleBook } from "../../../src/schedules/ScheduleBook.ts"
import { runOf, served, store } from "../../api/Served.ts"
import { visitor } from "../../support/Visitor.ts"

layer(served, { excludeTestServices: true })("the machine's pages", (it) => {
  it.effect("each answers, without script and without style in the page", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      yield* store(runOf("listed", "failed"))
      const lists = ["/runs", "/schedules", "/jobs", "/dead-letters", "/imports", "/alerts", "/webhooks", "/accounts"]
      const paths = ["/", "/runs/listed", "/schedules/spotify", ...lists]
      for (const path of paths) {
        const { body, status } = yield* ask(path)
        assert.strictEqual(status, 200, path)
        assert.match(body, /<h1/, path)
        assert.notMatch(body, /\sstyle=|\son\w+="/, path)
      }
    }))

  it.effect("a sink of alerts or a webhook that is gone from the config is told to be none", () =>
    Effect.gen(function*() {
      const { send } = yield* visitor
      const sink = yield* send("/alerts/test", { sink: "phone" })
      assert.deepStrictEqual([sink.status, sink.body.includes("alerts are sent to no phone")], [404, true])
      for (const action of ["test", "enable", "replay"]) {
        const webhook = yield* send(`/webhooks/home/${action}`, { event: "evt_1" })
        assert.deepStrictEqual([webhook.status, webhook.body.includes("no webhook home")], [404, true], action)
      }
    }))

  it.effect("a job is cancelled, and done again, by its page", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* visitor
      const jobs = yield* Jobs
      const Errand = Job.make("page.errand", {
        payload: Schema.Struct({ song: Schema.String }),
        success: Schema.Void,
        error: Schema.Never
      })
      yield* Layer.build(Job.toLayer(Errand, () => Effect.void))
      const { id } = yield* jobs.enqueue(Errand, { song: "<b>loud</b>" })
      const page = yield* ask(`/jobs/${id}`)
      assert.include(page.body, "&lt;b>loud&lt;/b>")
      const cancelled = yield* send(`/jobs/${id}/cancel`)
      assert.strictEqual(cancelled.headers["location"], `/jobs/${id}?done=cancelled`)
      assert.include((yield* ask("/jobs?status=cancelled")).body, id)
      const again = yield* send(`/jobs/${id}/retry`)
      assert.match(again.headers["location"] ?? "", /^\/jobs\/job_\w+\?done=retried$/)
    }))

  it.effect("a search that is none is told beside what was typed", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      const { body } = yield* ask("/runs?query=status+%3D+failled")
      assert.include(body, "did you mean failed?")
      assert.include(body, "value=\"status = failled\"")
    }))

  it.effect("lists go on from page to page, each run once", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      for (let index = 0; index < 60; index++) {
        yield* store(new Run({ ...runOf(`many-${index}`, "completed"), workflow: "many", cursor: 1000 + index }))
      }
      const idsOf = (body: string) => [...body.matchAll(/href="\/runs\/(many-\d+)"/g)].map(([, id]) => id)
      const first = yield* ask("/runs?workflow=many")
      const older = /rel="next" href="([^"]+)"/.exec(first.body)?.[1]?.replaceAll("&amp;", "&") ??
        assert.fail("no next")
      const second = yield* ask(older)
      const ids = [...idsOf(first.body), ...idsOf(second.body)]
      assert.deepStrictEqual([ids.length, new Set(ids).size], [60, 60])
    }))

  it.effect("a schedule is paused with a note, shown as overridden, and goes back to the config", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* visitor
      const paused = yield* send("/schedules/spotify/pause", { note: "moving <house>", hours: "4", until: "" })
      assert.deepStrictEqual([paused.status, paused.headers["location"]], [303, "/schedules/spotify?done=paused"])
      const page = yield* ask("/schedules/spotify?done=paused")
      for (const text of ["The schedule is paused", "moving &lt;house>", "overridden", "Back to the config"]) {
        assert.include(page.body, text)
      }
      yield* send("/schedules/spotify/disable")
      yield* send("/schedules/spotify/revert")
      const { override } = (yield* (yield* ScheduleBook).get("spotify")).row
      assert.deepStrictEqual([override.pause, override.enabled], [Option.none(), Option.none()])
    }))

  it.effect("a length that is chosen for a pause goes before the end that stands there", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* visitor
      yield* send("/schedules/spotify/pause", { hours: "168", until: "" })
      const standing = /name="until"[^>]*value="([^"]+)"/.exec((yield* ask("/schedules/spotify")).body)?.[1]
      assert.isDefined(standing)
      yield* send("/schedules/spotify/pause", { hours: "1", until: standing ?? "" })
      const { override } = (yield* (yield* ScheduleBook).get("spotify")).row
      const { until } = Option.getOrThrow(override.pause)
      const left = Option.getOrThrow(until).epochMilliseconds - (yield* DateTime.now).epochMilliseconds
      assert.isAtMost(left, 3_600_000)
      yield* send("/schedules/spotify/resume")
    }))

  it.effect("a pause that ends in the past is refused, and what was typed stands there again", () =>
    Effect.gen(function*() {
      const { send } = yield* visitor
      const { body, status } = yield* send("/schedules/spotify/pause", {
        note: "a \"note\"",
        until: "2020-01-01T10:00"
      })
      assert.strictEqual(status, 400)
      assert.include(body, "expected an instant that is still to come")
      assert.include(body, "value=\"a &quot;note&quot;\"")
    }))

  it.effect("whatever is sent without the page's own token changes nothing", () =>
    Effect.gen(function*() {
      const { send } = yield* visitor
      const { status } = yield* send("/schedules/spotify/pause", { csrf: "another" })
      assert.strictEqual(status, 403)
      const { override } = (yield* (yield* ScheduleBook).get("spotify")).row
      assert.isTrue(Option.isNone(override.pause))
    }))

  it.effect("a failed run is tried again with another input; what is wrong with one is told, and kept", () =>
    Effect.gen(function*() {
      const { ask, client, send } = yield* visitor
      const { id } = yield* client.workflows.start({
        params: { name: "diagnostics" },
        payload: new StartOptions({ input: { key: "page", fail: true } })
      })
      yield* Effect.repeat(client.runs.get({ params: { id } }), {
        until: ({ finishedAt }) => Option.isSome(finishedAt)
      })
      const failed = yield* ask(`/runs/${id}`)
      assert.include(failed.body, "it was asked to fail")
      assert.include(failed.body, "&quot;key&quot;: &quot;page&quot;")
      const noJson = yield* send(`/runs/${id}/retry`, { input: "{ nonsense" })
      assert.include(noJson.body, "That is no JSON.")
      const wrong = yield* send(`/runs/${id}/retry`, { input: "{\"key\": 7}" })
      assert.strictEqual(wrong.status, 400)
      assert.include(wrong.body, "Expected string")
      assert.include(wrong.body, "{&quot;key&quot;: 7}")
      const right = yield* send(`/runs/${id}/retry`, { input: "{\"key\":\"page\"}" })
      assert.deepStrictEqual([right.status, right.headers["location"]], [303, `/runs/${id}~2?done=retry`])
    }))

  const failedRun = Effect.fnUntraced(function*(client: Effect.Success<typeof visitor>["client"], key: string) {
    const { id } = yield* client.workflows.start({
      params: { name: "diagnostics" },
      payload: new StartOptions({ input: { key, fail: true } })
    })
    yield* Effect.repeat(client.runs.get({ params: { id } }), {
      until: ({ finishedAt }) => Option.isSome(finishedAt)
    })
  })

  it.effect("letters are dropped only after a page that says how many", () =>
    Effect.gen(function*() {
      const { ask, client, send } = yield* visitor
      yield* failedRun(client, "letter")
      const group = { kind: "run", from: "diagnostics", error: "DiagnosticsFailed" }
      assert.include((yield* ask("/dead-letters")).body, "value=\"DiagnosticsFailed\"")
      const asked = yield* send("/dead-letters/drop", group)
      assert.include(asked.body, "Drop 1 dead letter?")
      const done = yield* send("/dead-letters/drop", { ...group, sure: "1" })
      assert.strictEqual(done.headers["location"], "/dead-letters?done=dropped&n=1")
      assert.include((yield* ask("/dead-letters")).body, "Nothing waits here.")
    }))

  it.effect("letters that are older than those of a page are on the next one, and every one can be dropped", () =>
    Effect.gen(function*() {
      const { ask, client, send } = yield* visitor
      for (const key of ["first", "second", "third"]) yield* failedRun(client, key)
      const { letters, next } = yield* client.deadLetters.list({ query: { limit: 2 } })
      const older = yield* ask(`/dead-letters?${new URLSearchParams({ after: Option.getOrThrow(next) })}`)
      assert.include(older.body, "These are older ones: 1 of 3.")
      for (const { id } of letters) assert.notInclude(older.body, id)
      assert.include(older.body, "href=\"/dead-letters\">Newest</a>")
      const every = { every: "1" }
      const records = yield* send("/dead-letters/drop", { ...every, kind: "record" })
      assert.include(records.body, "Drop 0 dead letters?")
      const asked = yield* send("/dead-letters/drop", every)
      assert.include(asked.body, "Drop 3 dead letters?")
      assert.include(asked.body, "name=\"every\" value=\"1\"")
      const done = yield* send("/dead-letters/drop", { ...every, sure: "1" })
      assert.strictEqual(done.headers["location"], "/dead-letters?done=dropped&n=3")
    }))

  it.effect("the address of a form that is asked for as a page leads to the page of such forms", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      const led = yield* Effect.forEach(
        [
          "/dead-letters/retry",
          "/schedules/spotify/pause",
          "/runs/any/retry",
          "/imports/address",
          "/accounts/spotify/connect"
        ],
        (path) => Effect.map(ask(path), ({ headers, status }) => [status, headers["location"]])
      )
      assert.deepStrictEqual(
        led,
        ["/dead-letters", "/schedules", "/runs", "/imports", "/accounts"].map((place) => [303, place])
      )
    }))

  it.effect("a browser that is ended is asked to sign in", () =>
    Effect.gen(function*() {
      const one = yield* visitor
      const other = yield* visitor
      const sessions = yield* one.client.sessions.list()
      const { body } = yield* other.ask("/accounts")
      assert.include(body, "this one")
      for (const { id } of sessions) yield* one.send(`/sessions/${id}/end`)
      assert.strictEqual((yield* one.ask("/accounts")).status, 303)
    }))
})
