import { assert, describe, it, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Stream } from "effect"
import { TestClock } from "effect/testing"
import { ConnectionId } from "../../src/domain/Connection.ts"
import {
  anyDeadLetter,
  type DeadLetterFilter,
  deadLetterId,
  type DeadLetterKey,
  deadLetterKey,
  type DeadLetterPlace
} from "../../src/domain/DeadLetter.ts"
import { Commit } from "../../src/store/Commit.ts"
import { DeadLetters } from "../../src/store/DeadLetters.ts"
import { Runs } from "../../src/store/Runs.ts"
import { Write } from "../../src/store/Write.ts"
import { changeOf, commit, millis, runRow, runsTest } from "../support/RunRows.ts"

const connection = ConnectionId.make("spotify:a/b")

/** Reads records that cannot be read, as a sync would. */
const quarantine = Effect.fnUntraced(
  function*(at: string, stream: string, problem: string, raws: ReadonlyArray<unknown>) {
    yield* TestClock.setTime(millis(at))
    const commit = yield* Commit
    const records = raws.map((raw) => ({ raw, problem }))
    yield* commit.page({
      stream,
      read: records.length,
      writes: [Write.Quarantine({ stream, connection, records })],
      cursor: Option.none(),
      fraction: Option.none()
    })
  }
)

const failed = (
  id: string,
  workflow: string,
  at: string,
  tag: string,
  message: string,
  chain: ReadonlyArray<string> = []
) =>
  changeOf(
    runRow(id, "2026-01-01T00:00:00Z", { workflow, state: "failed", attempt: 3 }),
    [],
    { at: millis(at), error: { tag, message, fix: null }, chain }
  )

/** Three failed runs and twelve unreadable records, ten of which at one instant. */
const world = Effect.gen(function*() {
  const letters = yield* DeadLetters
  const runs = yield* Runs
  yield* letters.drop((yield* all(anyDeadLetter)).flat())
  yield* Effect.forEach(["r1", "r2", "r3"], runs.forget)
  yield* commit([
    failed("r1", "spotify", "2026-02-01T00:00:00Z", "Forbidden", "no scope", ["no scope", "HTTP 403"]),
    failed("r2", "orders/ship", "2026-02-03T00:00:00Z", "Timeout", "took too long"),
    failed("r3", "spotify", "2026-02-05T00:00:00Z", "Timeout", "took too long")
  ])
  yield* quarantine("2026-02-02T00:00:00Z", "plays", "no uri", Array.from({ length: 10 }, (_, play) => ({ play })))
  yield* quarantine("2026-02-03T00:00:00Z", "events", "no start", [{ title: "Dentist" }])
  yield* quarantine("2026-02-04T00:00:00Z", "plays", "no time", [{ play: 10 }])
})

const all = Effect.fnUntraced(function*(filter: DeadLetterFilter, limit = 500) {
  const letters = yield* DeadLetters
  const pages: Array<ReadonlyArray<string>> = []
  let after = Option.none<DeadLetterPlace>()
  do {
    const page = yield* letters.list({ filter, after, limit })
    pages.push(page.letters.map(({ id }) => id))
    after = page.next
  } while (Option.isSome(after))
  return pages
})

const meant = (filter: Partial<DeadLetterFilter>) =>
  Effect.map(all({ ...anyDeadLetter, ...filter }), (pages) => pages.flat().map((id) => id.replace(/\/[^/]*$/, "/…")))

describe("domain/DeadLetter", () => {
  it("reads the ids that it writes, and no others", () => {
    const keys: ReadonlyArray<DeadLetterKey> = [
      { _tag: "Run", run: "spotify/2026-11-24T10:00:00Z" },
      { _tag: "Run", run: "run:record:x/y/z" },
      { _tag: "Record", connection: "google:a@b.example/c:d", stream: "google_calendar_events", hash: "q-_9" }
    ]
    for (const key of keys) assert.deepStrictEqual(deadLetterKey(deadLetterId(key)), Option.some(key))
    for (const id of ["", "run:", "record:a/b", "record://x", "r1", "Run:r1"]) {
      assert.deepStrictEqual(deadLetterKey(id), Option.none(), id)
    }
  })
})

const lettersTest = Layer.mergeAll(DeadLetters.layer, Commit.layer).pipe(Layer.provideMerge(runsTest))

layer(lettersTest)("store/DeadLetters", (it) => {
  it.effect("is one queue of runs and records, by the time of the failure, newest first", () =>
    Effect.gen(function*() {
      yield* world
      const plays = Array.from({ length: 10 }, () => "record:spotify:a/b/plays/…")
      assert.deepStrictEqual(yield* meant({}), [
        "run:r3",
        "record:spotify:a/b/plays/…",
        "run:r2",
        "record:spotify:a/b/events/…",
        ...plays,
        "run:r1"
      ])
      assert.deepStrictEqual(yield* Effect.flatMap(DeadLetters, ({ count }) => count), {
        runs: 3,
        records: 12,
        deliveries: 0,
        jobs: 0
      })
    }))

  it.effect("is the same in pages of any size, also among records of one instant", () =>
    Effect.gen(function*() {
      yield* world
      const [whole = []] = yield* all(anyDeadLetter)
      assert.lengthOf(whole, 15)
      for (let limit = 1; limit <= 15; limit++) {
        const pages = yield* all(anyDeadLetter, limit)
        assert.deepStrictEqual(pages.flat(), whole, `pages of ${limit}`)
        assert.isTrue(pages.every((page) => page.length <= limit))
      }
    }))

  it.effect("does not move a record that is read again", () =>
    Effect.gen(function*() {
      yield* world
      const before = yield* all(anyDeadLetter)
      yield* quarantine("2026-03-01T00:00:00Z", "events", "no start at all", [{ title: "Dentist" }])
      assert.deepStrictEqual(yield* all(anyDeadLetter), before)
      const letters = yield* DeadLetters
      const id = before.flat().find((id) => id.includes("/events/")) ?? ""
      const letter = Option.getOrThrow(yield* letters.get(id))
      assert.strictEqual(letter._tag, "Record")
      if (letter._tag !== "Record") return
      assert.deepStrictEqual(
        [letter.connection, letter.stream, letter.problem, letter.raw],
        [connection, "events", "no start at all", "{\"title\":\"Dentist\"}"]
      )
      assert.deepStrictEqual(letter.at, DateTime.makeUnsafe("2026-02-03T00:00:00Z"))
      assert.deepStrictEqual(letter.lastSeenAt, DateTime.makeUnsafe("2026-03-01T00:00:00Z"))
    }))

  it.effect("finds by workflow, stream, error, age, kind and words", () =>
    Effect.gen(function*() {
      yield* world
      const at = (text: string) => Option.some(DateTime.makeUnsafe(text))
      const events = "record:spotify:a/b/events/…"
      assert.deepStrictEqual(yield* meant({ from: Option.some(["spotify"]) }), ["run:r3", "run:r1"])
      assert.deepStrictEqual(yield* meant({ from: Option.some(["events"]) }), [events])
      assert.deepStrictEqual(yield* meant({ error: Option.some("Timeout") }), ["run:r3", "run:r2"])
      assert.lengthOf(yield* meant({ error: Option.some("UnreadableRecord") }), 12)
      assert.deepStrictEqual(yield* meant({ kind: Option.some("run") }), ["run:r3", "run:r2", "run:r1"])
      assert.lengthOf(yield* meant({ kind: Option.some("record") }), 12)
      assert.deepStrictEqual(yield* meant({ text: Option.some("http 403") }), ["run:r1"])
      assert.deepStrictEqual(yield* meant({ text: Option.some("DENTIST") }), [events])
      assert.deepStrictEqual(yield* meant({ text: Option.some("orders") }), ["run:r2"])
      assert.deepStrictEqual(yield* meant({ newerThan: at("2026-02-04T00:00:00Z") }), ["run:r3"])
      assert.lengthOf(yield* meant({ newerThan: at("2026-02-03T23:59:59.999Z") }), 2)
      assert.deepStrictEqual(yield* meant({ olderThan: at("2026-02-02T00:00:00Z") }), ["run:r1"])
      assert.deepStrictEqual(
        yield* meant({ newerThan: at("2026-02-02T00:00:00Z"), olderThan: at("2026-02-04T00:00:00Z") }),
        ["run:r2", events]
      )
      assert.deepStrictEqual(
        yield* meant({
          newerThan: at("2026-02-02T00:00:00Z"),
          error: Option.some("Timeout"),
          from: Option.some(["spotify"])
        }),
        ["run:r3"]
      )
    }))

  it.effect("shows a failed run with its chain of causes, and nothing for an id that there is not", () =>
    Effect.gen(function*() {
      yield* world
      const letters = yield* DeadLetters
      const letter = Option.getOrThrow(yield* letters.get("run:r1"))
      if (letter._tag !== "Run") return assert.fail("not a run")
      assert.deepStrictEqual([letter.run, letter.workflow, letter.attempts], ["r1", "spotify", 3])
      assert.deepStrictEqual([letter.error.tag, letter.chain], ["Forbidden", ["no scope", "HTTP 403"]])
      assert.deepStrictEqual(letter.at, DateTime.makeUnsafe("2026-02-01T00:00:00Z"))
      for (const id of ["run:r9", "record:a/b/c", "nonsense", ""]) {
        assert.deepStrictEqual(yield* letters.get(id), Option.none())
      }
    }))

  it.effect("previews what a filter means, and gives all its ids while they are dropped", () =>
    Effect.gen(function*() {
      yield* world
      yield* quarantine(
        "2026-02-06T00:00:00Z",
        "bulk",
        "bad",
        Array.from({ length: 1_200 }, (_, number) => ({ number }))
      )
      const letters = yield* DeadLetters
      const filter = { ...anyDeadLetter, from: Option.some(["bulk"]) }
      const { count, first, ids } = yield* letters.matching(filter, 3)
      assert.deepStrictEqual([count, first.length], [1_200, 3])
      const dropped = yield* ids.pipe(
        Stream.grouped(100),
        Stream.mapEffect((chunk) => letters.drop(chunk)),
        Stream.runFold(() => 0, (sum, dropped) => sum + dropped)
      )
      assert.strictEqual(dropped, 1_200)
      assert.strictEqual((yield* letters.matching(filter, 3)).count, 0)
      assert.deepStrictEqual(yield* letters.count, { runs: 3, records: 12, deliveries: 0, jobs: 0 })
    }))

  it.effect("drops what is named, once, and leaves the rest", () =>
    Effect.gen(function*() {
      yield* world
      const letters = yield* DeadLetters
      assert.strictEqual(yield* letters.drop(["run:r1", "run:r1", "run:r9", "nonsense"]), 1)
      assert.strictEqual(yield* letters.drop(["run:r1"]), 0)
      assert.strictEqual(yield* letters.drop([]), 0)
      assert.deepStrictEqual(yield* letters.count, { runs: 2, records: 12, deliveries: 0, jobs: 0 })
    }))
})
