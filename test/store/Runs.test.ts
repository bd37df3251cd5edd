import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import { RunState, SyncReport } from "../../src/domain/Run.ts"
import { matches, parse, print } from "../../src/domain/RunQuery.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { runOfRow } from "../../src/store/RunColumns.ts"
import { Runs } from "../../src/store/Runs.ts"
import { now, randomness, randomQuery, randomRun } from "../support/RandomQueries.ts"
import { changeOf, commit, commitRows, millis, open, pages, runRow, runsTest } from "../support/RunRows.ts"

const query = (text: string) => Option.some(Result.getOrThrow(parse(text)))

const ids = (text: string, limit = 500) => Effect.map(pages(limit, query(text)), (listed) => listed.flat())

layer(runsTest)("store/Runs: lists", (it) => {
  it.effect(
    "gives every run on one page and one page only, newest first, whatever is asked for",
    () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(now.epochMilliseconds)
        const random = randomness(7)
        const rows = Array.from({ length: 300 }, (_, index) => {
          const { attributes, attempt, error, finishedAt, startedAt, state, trigger, version, ...run } = randomRun(
            random
          )
          return runRow(`r${index}`, DateTime.formatIso(startedAt), {
            attributes,
            attempt,
            state,
            trigger,
            version,
            workflow: run.workflow || "w",
            schedule: Option.getOrUndefined(run.schedule),
            parent: Option.getOrUndefined(run.parent),
            original: Option.getOrUndefined(run.original),
            recency: -startedAt.epochMilliseconds * 1000 - index,
            finishedAt: Option.getOrUndefined(Option.map(finishedAt, ({ epochMilliseconds }) => epochMilliseconds)),
            error: Option.getOrUndefined(Option.map(error, ({ tag }) => ({ tag, message: "no", fix: null })))
          })
        })
        yield* commit(rows.map((row) => changeOf(row)))
        const newestFirst = rows.toSorted((one, other) => one.recency - other.recency)
        assert.deepStrictEqual((yield* pages(37, Option.none())).flat(), newestFirst.map(({ id }) => id))
        for (let seed = 0; seed < 40; seed++) {
          const asked = randomQuery(randomness(seed), seed % 3)
          const expected = newestFirst.filter((row) => matches(asked, runOfRow(row), now)).map(({ id }) => id)
          const listed = yield* pages(20 + seed, Option.some(asked))
          assert.deepStrictEqual(listed.flat(), expected, `seed ${seed}: ${print(asked)}`)
        }
      }),
    120_000
  )
})

layer(runsTest)("store/Runs", (it) => {
  it.effect("shows a run as its row has it, and nothing for an id that there is not", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const report = new SyncReport({ ...SyncReport.empty, pages: 3 })
      yield* commitRows(
        runRow("a/1", "2026-01-01T00:00:00.5Z", {
          state: "waiting",
          finishedAt: undefined,
          due: millis("2026-01-02T00:00:00Z"),
          cancel: "safe",
          schedule: "spotify",
          tick: millis("2026-01-01T00:00:00Z"),
          attributes: { user_id: "u1", rating: 5, explicit: true },
          progress: { done: 3 }
        }),
        runRow("a/2", "2026-01-01T00:00:01Z", { report: Schema.encodeSync(SyncReport)(report) })
      )
      const run = Option.getOrThrow(yield* runs.get("a/1"))
      assert.deepStrictEqual([run.status, run.state, run.cancelRequested], ["running", "waiting", true])
      assert.deepStrictEqual(run.due, Option.some(DateTime.makeUnsafe("2026-01-02T00:00:00Z")))
      assert.deepStrictEqual(run.tick, Option.some(DateTime.makeUnsafe("2026-01-01T00:00:00Z")))
      assert.deepStrictEqual(run.attributes, { user_id: "u1", rating: 5, explicit: true })
      assert.deepStrictEqual([run.progress, run.report, run.syncReport], [{ done: 3 }, null, SyncReport.empty])
      assert.deepStrictEqual(Option.getOrThrow(yield* runs.get("a/2")).syncReport, report)
      assert.deepStrictEqual(yield* runs.get("a/3"), Option.none())
      assert.deepStrictEqual(yield* runs.history("a/3"), Option.none())
    }))

  it.effect("gives the whole history of a run, over all segments", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const journal = yield* RunJournal
      const change = changeOf(runRow("h", "2026-01-03T00:00:00Z"), [{ _tag: "Started", at: 1, payload: { a: 1 } }])
      const later = changeOf(runRow("h", "2026-01-03T00:00:00Z"), [
        { _tag: "Timer", at: 2, name: "t", due: 9, ordinal: 0, sequential: true },
        { _tag: "Ended", at: 10, exit: { ok: true } }
      ])
      yield* journal.commit([change])
      yield* journal.commit([{
        ...later,
        create: undefined,
        segment: later.segment && { ...later.segment, number: 1 }
      }])
      const { entries, run } = Option.getOrThrow(yield* runs.history("h"))
      assert.strictEqual(run.id, "h")
      assert.deepStrictEqual(entries.map(({ _tag }) => _tag), ["Started", "Timer", "Ended"])
    }))

  it.effect("finds the newest run of each workflow, counts by state, and stops what was running", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      yield* commitRows(
        runRow("n1", "2026-02-01T00:00:00Z", { workflow: "w1", state: "failed" }),
        runRow("n2", "2026-02-02T00:00:00Z", { workflow: "w1", state: "failed" }),
        runRow("n3", "2026-02-03T00:00:00Z", { workflow: "w2", ...open }),
        runRow("n4", "2026-02-04T00:00:00Z", { workflow: "w3", state: "parked", finishedAt: undefined })
      )
      const newest = yield* runs.newest(["w1", "w2", "w9"])
      assert.deepStrictEqual(newest.map(({ id }) => id), ["n2", "n3"])
      assert.deepStrictEqual(yield* runs.newest([]), [])
      const counted = yield* runs.counts(1_000)
      assert.sameMembers(Object.keys(counted), [...RunState.literals])
      assert.deepStrictEqual([counted.failed, counted.running, counted.parked, counted.partial], [2, 1, 1, 0])
      assert.strictEqual((yield* runs.counts(1)).failed, 1)
      assert.strictEqual(yield* runs.markInterrupted, 1)
      assert.strictEqual(yield* runs.markInterrupted, 0)
      const stopped = Option.getOrThrow(yield* runs.get("n3"))
      assert.deepStrictEqual([stopped.state, stopped.status], ["stopped", "interrupted"])
      assert.strictEqual(Option.getOrThrow(yield* runs.get("n4")).status, "running")
    }))

  it.effect("goes on after a run that was removed, and forgets all of a run", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const surreal = yield* Surreal
      const row = (id: string, second: number) =>
        runRow(id, `2026-03-01T00:00:0${second}Z`, { workflow: "forgetful", attributes: { kind: "f", rating: second } })
      yield* commit(
        [row("f1", 1), row("f2", 2), row("f3", 3)].map((row) => changeOf(row, [{ _tag: "Started", at: 1 }], { at: 1 }))
      )
      const first = yield* runs.list({ query: query("kind = f"), after: Option.none(), limit: 2 })
      assert.deepStrictEqual(first.runs.map(({ id }) => id), ["f3", "f2"])
      yield* runs.forget("f2")
      yield* runs.forget("f2")
      const second = yield* runs.list({ query: query("kind = f"), after: first.next, limit: 2 })
      assert.deepStrictEqual([second.runs.map(({ id }) => id), second.next], [["f1"], Option.none()])
      assert.deepStrictEqual(
        yield* surreal.query(
          Schema.Unknown,
          "RETURN [(SELECT VALUE id FROM run:['f2']..['f2', ..]), (SELECT VALUE id FROM journal:['f2']..['f2', ..]), " +
            "(SELECT VALUE id FROM dead_letter:['f2']..['f2', ..]), count((SELECT 1 FROM run_attribute:['kind']..['kind', ..]))]"
        ),
        [[], [], [], 2]
      )
    }))

  it.effect("lists only the runs that an attribute has now", () =>
    Effect.gen(function*() {
      const journal = yield* RunJournal
      const row = runRow("m", "2026-04-01T00:00:00Z", { attributes: { match_method: "none", user_id: "m1" } })
      yield* commitRows(row)
      const after = { match_method: "fuzzy", user_id: "m1" }
      yield* journal.commit([{
        ...changeOf(row),
        create: undefined,
        patch: { attributes: after },
        attributes: { before: row.attributes, after, recency: row.recency }
      }])
      assert.deepStrictEqual(yield* ids("UserId=\"m1\" AND MatchMethod=\"fuzzy\""), ["m"])
      assert.deepStrictEqual(yield* ids("match_method = none"), [])
    }))

  it.effect("looks at five thousand rows for one page, and goes on from there", () =>
    Effect.gen(function*() {
      const runs = yield* Runs
      const start = millis("2026-05-01T00:00:00Z")
      yield* commit(Array.from({ length: 7_000 }, (_, index) =>
        changeOf(runRow(`b${index}`, "2026-05-01T00:00:00Z", {
          workflow: "busy",
          attempt: index === 0 ? 2 : 1,
          attributes: { bulk: true },
          startedAt: start + index,
          recency: -(start + index) * 1000
        }))))
      for (const text of ["workflow = busy and attempt = 2", "bulk = true and attempt = 2"]) {
        const first = yield* runs.list({ query: query(text), after: Option.none(), limit: 20 })
        assert.deepStrictEqual([first.runs, Option.isSome(first.next)], [[], true], text)
        const second = yield* runs.list({ query: query(text), after: first.next, limit: 20 })
        assert.deepStrictEqual([second.runs.map(({ id }) => id), second.next], [["b0"], Option.none()], text)
        const bounded = `${text} and started <= 2026-05-01T00:00:00.005Z and started >= 2026-05-01`
        assert.deepStrictEqual(yield* ids(bounded), ["b0"])
      }
    }), 120_000)
})
