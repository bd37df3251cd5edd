import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import type { Task } from "../../src/Config.ts"
import type { RecordKind } from "../../src/domain/RecordKind.ts"
import type { OuraDataType } from "../../src/domain/Task.ts"
import { Recorded } from "../../src/records/Recorded.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { ouraTable } from "../../src/store/OuraRecords.ts"
import { googleCursor, ouraCursor } from "../../src/store/SyncStates.ts"
import type { Cursor } from "../../src/store/Write.ts"
import { tasks } from "../support/World.ts"
import { at, days, google, oura, records, signedIn } from "./RecordsWorld.ts"

const now = at("2026-03-12T12:00:00Z")

/** A sync of a stream that has come to its end. */
const ended = (stream: string, cursor: Cursor) =>
  Effect.flatMap(
    Commit,
    (commit) => commit.page({ stream, read: 0, writes: [], cursor: Option.some(cursor), fraction: Option.none() })
  )

/** A calendar: listed to its end at an instant, or still being listed. */
const listed = (id: string, lastSync: Option.Option<typeof now>) =>
  ended(
    eventsTable,
    googleCursor(google, id, {
      syncToken: Option.none(),
      lastSync,
      coveredFrom: Option.as(lastSync, at("2026-02-01T00:00:00Z")),
      listings: 1,
      pageToken: Option.none(),
      listing: Option.none(),
      unreadable: []
    })
  )

const measured = (type: OuraDataType) =>
  ended(
    ouraTable(type),
    ouraCursor(oura, type, {
      lastSyncStart: at("2026-02-01T00:00:00Z"),
      lastSyncEnd: now,
      lastSyncAt: now,
      recordsFetched: 0,
      recordsStored: 0
    })
  )

const twoCalendars: Task = { ...tasks.google_calendar, calendarIds: ["primary", "work"] }

const ringOf = (...dataTypes: ReadonlyArray<OuraDataType>): Task => ({ ...tasks.oura, dataTypes })

/** What is told of a kind of records in the last days. */
const told = Effect.fnUntraced(function*(kind: RecordKind, task: Task) {
  const { coverage, unrecorded } = yield* (yield* Recorded).between(days("2026-03-10", "2026-03-12"), { tasks: [task] })
  return {
    unrecorded: unrecorded.filter((part) => part.kind === kind),
    until: coverage.find((part) => part.kind === kind)?.until ?? Option.none()
  }
})

const begun = Effect.andThen(TestClock.setTime(now.epochMilliseconds), signedIn)

describe("recorded", () => {
  it.effect("a calendar of two that was never read leaves all days open, also those to come, and is named", () =>
    Effect.gen(function*() {
      yield* begun
      yield* listed("me", Option.some(now))
      assert.deepStrictEqual(yield* told("calendar", tasks.google_calendar), {
        unrecorded: [],
        until: Option.some(now)
      })
      const one = yield* told("calendar", twoCalendars)
      assert.deepStrictEqual(one.until, Option.none())
      assert.deepStrictEqual(one.unrecorded.map(({ from, to, why }) => [why, from, to]), [
        ["behind", at("2026-03-09T23:00:00Z"), now]
      ])
      assert.match(
        one.unrecorded[0]?.detail ?? "",
        /^No sync of the calendar work has come to its end yet, .*glider doctor/
      )
      yield* listed("work", Option.none()) // its first listing is under way
      assert.lengthOf((yield* told("calendar", twoCalendars)).unrecorded, 1)
      yield* listed("work", Option.some(now))
      assert.deepStrictEqual(yield* told("calendar", twoCalendars), { unrecorded: [], until: Option.some(now) })
    }).pipe(Effect.provide(records)))

  it.effect("a kind of Oura's documents that was never read leaves the body's days open, where a task asks for it", () =>
    Effect.gen(function*() {
      yield* begun
      yield* measured("sleep")
      yield* measured("daily_sleep")
      assert.deepStrictEqual(yield* told("body", ringOf("sleep", "daily_sleep", "heartrate")), {
        unrecorded: [],
        until: Option.some(now)
      })
      assert.lengthOf((yield* told("body", tasks.spotify)).unrecorded, 0)
      const { unrecorded, until } = yield* told("body", ringOf("sleep", "daily_sleep", "workout", "daily_stress"))
      assert.deepStrictEqual(until, Option.none())
      assert.deepStrictEqual(unrecorded.map(({ why }) => why), ["behind"])
      assert.match(unrecorded[0]?.detail ?? "", /^No sync of daily_stress, workout has come to its end yet/)
    }).pipe(Effect.provide(records)))

  it.effect("what the person did not grant is not waited for", () =>
    Effect.gen(function*() {
      yield* begun
      yield* measured("sleep")
      const surreal = yield* Surreal
      yield* surreal.execute("UPDATE $id SET scopes = $scopes", {
        id: recordId("connection", [oura]),
        scopes: ["personal", "daily", "spo2Daily"]
      })
      assert.lengthOf((yield* told("body", ringOf("sleep", "workout"))).unrecorded, 0)
      assert.lengthOf((yield* told("body", ringOf("sleep", "workout", "daily_spo2"))).unrecorded, 1)
    }).pipe(Effect.provide(records)))
})
