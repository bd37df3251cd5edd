import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Recorded } from "../../src/records/Recorded.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { covers } from "../../src/store/ImportCoverage.ts"
import { Write } from "../../src/store/Write.ts"
import { tasks } from "../support/World.ts"
import { at, days, play, plays, records, signedIn, spotify, stored } from "./RecordsWorld.ts"

/** What is told to be missing of the listening, each stretch by its days and hours. */
const missing = Effect.flatMap(
  Recorded,
  (recorded) =>
    Effect.map(
      recorded.between(days("2025-12-01", "2026-03-12"), { tasks: [tasks.spotify] }),
      ({ unrecorded }) =>
        unrecorded.filter(({ kind }) => kind === "listening").map(({ from, to, why }) =>
          [why, ...[from, to].map((at) => DateTime.formatIso(at).slice(0, 13))].join(" ")
        )
    )
)

const imported = Effect.fnUntraced(function*(from: string, to: string) {
  const [begin, end] = [at(from).epochMilliseconds, at(to).epochMilliseconds]
  yield* (yield* Surreal).transaction([covers(spotify, plays, { from: begin, to: end, run: "r", files: ["a"] })])
})

it.effect("a gap of the feed is one only where no import tells of that time", () =>
  Effect.gen(function*() {
    yield* TestClock.setTime(at("2026-03-12T12:00:00Z").epochMilliseconds)
    yield* signedIn
    yield* stored(plays, play("a", "2026-01-05T18:00:00Z"))
    const commit = yield* Commit
    const gap = Write.Gap({
      stream: plays,
      connection: spotify,
      from: at("2026-02-01T10:00:00Z"),
      to: at("2026-02-01T20:00:00Z"),
      reason: "more than 50 plays between two polls"
    })
    yield* commit.page({ stream: plays, read: 0, writes: [gap], cursor: Option.none(), fraction: Option.none() })
    const before = yield* missing
    assert.deepInclude(before, "lost 2026-02-01T10 2026-02-01T20")
    assert.deepInclude(before, "before_first 2025-11-30T23 2026-01-01T00")
    // what an import brings of long ago says nothing of how far the feed was read
    const old = play("b", "2025-12-20T18:00:00Z")
    yield* stored(plays, { ...old, fields: { ...old.fields, origin: "import" } })
    assert.deepStrictEqual(yield* missing, before)
    yield* imported("2025-12-10T00:00:00Z", "2026-02-01T15:00:00Z")
    const after = yield* missing
    assert.deepInclude(after, "lost 2026-02-01T15 2026-02-01T20")
    assert.deepInclude(after, "before_first 2025-11-30T23 2025-12-10T00")
    assert.notDeepInclude(after, "lost 2026-02-01T10 2026-02-01T20")
    yield* imported("2026-02-01T15:00:00Z", "2026-03-01T00:00:00Z")
    assert.isFalse((yield* missing).some((stretch) => stretch.startsWith("lost")))
  }).pipe(Effect.provide(records)))
