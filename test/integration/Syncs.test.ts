import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { calendarEqualsTruth, ouraEqualsTruth, spotifyEqualsTruth } from "../support/Truth.ts"
import { now, pass, signInEverywhere, sync, tasks, world } from "../support/World.ts"

const start = "2026-09-15T12:00:00Z"

layer(world({ start, seed: "syncs" }), { excludeTestServices: true })("the syncs against the providers", (it) => {
  it.effect("spotify: 50 new plays, then none, then only those made since", () =>
    Effect.gen(function*() {
      yield* signInEverywhere
      const first = yield* sync(tasks.spotify)
      assert.strictEqual(first.status, "completed", JSON.stringify(first.error))
      assert.strictEqual(first.syncReport.streams["spotify_listening_history"]?.created, 50)
      const second = yield* sync(tasks.spotify)
      assert.strictEqual(second.syncReport.streams["spotify_listening_history"]?.created, 0)
      assert.strictEqual(second.syncReport.streams["spotify_listening_history"]?.unchanged, 50)
      yield* spotifyEqualsTruth
      yield* pass("3 hours")
      yield* sync(tasks.spotify)
      yield* spotifyEqualsTruth
    }))

  it.effect("google_calendar: exactly what was added, moved and cancelled changes", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const listedFrom = DateTime.subtractDuration(yield* now, Duration.days(30))
      const first = yield* sync(tasks.google_calendar)
      assert.strictEqual(first.status, "completed", JSON.stringify(first.error))
      yield* calendarEqualsTruth(listedFrom)
      assert.deepInclude((yield* sync(tasks.google_calendar)).syncReport.streams["google_calendar_events"], {
        read: 0,
        created: 0,
        updated: 0,
        deleted: 0
      })
      const slot = (hour: number) => ({
        start: { dateTime: `2026-09-16T${hour}:00:00+02:00` },
        end: { dateTime: `2026-09-16T${hour}:30:00+02:00` }
      })
      const calendarId = sandbox.calendar.calendarIds[0] ?? ""
      const added = yield* sandbox.calendar.addEvent({ calendarId, summary: "Dentist 👩‍⚕️", ...slot(14) })
      const moved = yield* sandbox.calendar.addEvent({ calendarId, summary: "Walk", ...slot(10) })
      const cancelled = yield* sandbox.calendar.addEvent({ calendarId, summary: "Call", ...slot(12) })
      const count = countsOf(yield* sync(tasks.google_calendar))
      assert.deepStrictEqual(count, { created: 3, updated: 0, deleted: 0 })
      yield* sandbox.calendar.moveEvent({ calendarId, eventId: moved, ...slot(18) })
      yield* sandbox.calendar.cancelEvent({ calendarId, eventId: cancelled })
      assert.deepStrictEqual(countsOf(yield* sync(tasks.google_calendar)), { created: 0, updated: 1, deleted: 1 })
      assert.isString(added)
      yield* calendarEqualsTruth(listedFrom)
    }))

  it.effect("google_calendar: after a 410 a full listing removes what vanished meanwhile", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const calendarId = sandbox.calendar.calendarIds[0] ?? ""
      const listedFrom = DateTime.subtractDuration(yield* now, Duration.days(30))
      const ghost = yield* sandbox.calendar.addEvent({
        calendarId,
        summary: "Ghost",
        start: { dateTime: "2026-09-18T09:00:00+02:00" },
        end: { dateTime: "2026-09-18T10:00:00+02:00" }
      })
      yield* sync(tasks.google_calendar)
      yield* sandbox.calendar.cancelEvent({ calendarId, eventId: ghost })
      yield* sandbox.calendar.invalidateSyncTokens(calendarId)
      const run = yield* sync(tasks.google_calendar)
      assert.strictEqual(run.status, "completed", JSON.stringify(run.error))
      assert.strictEqual(run.syncReport.streams["google_calendar_events"]?.deleted, 1)
      yield* calendarEqualsTruth(listedFrom)
    }))

  it.effect("oura: the nine types arrive, late rows and recomputed scores are picked up", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const first = yield* sync(tasks.oura)
      assert.strictEqual(first.status, "completed", JSON.stringify(first.error))
      assert.lengthOf(Object.keys(first.syncReport.streams), 9)
      yield* ouraEqualsTruth(6)
      yield* sandbox.ring.addRow("heartrate", {
        timestamp: "2026-09-13T10:02:30.000Z",
        bpm: 61,
        source: "awake"
      })
      const late = yield* sync(tasks.oura)
      assert.strictEqual(late.syncReport.streams["oura_heartrate"]?.created, 1)
      yield* ouraEqualsTruth(6)
      yield* pass("50 hours")
      yield* sync(tasks.oura)
      yield* ouraEqualsTruth(6)
    }))
})

const countsOf = (
  run: {
    readonly syncReport: {
      readonly streams: {
        readonly [name: string]: { readonly created: number; readonly updated: number; readonly deleted: number }
      }
    }
  }
) => {
  const counts = run.syncReport.streams["google_calendar_events"]
  return { created: counts?.created, updated: counts?.updated, deleted: counts?.deleted }
}
