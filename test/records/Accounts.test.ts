import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import type { ConnectionSettings } from "../../src/config/ConnectionKeys.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import type { RecordKind } from "../../src/domain/RecordKind.ts"
import { Recorded } from "../../src/records/Recorded.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { recordId } from "../../src/services/SurrealValue.ts"
import { Commit } from "../../src/store/Commit.ts"
import { eventsTable } from "../../src/store/GoogleEvents.ts"
import { begun, readWhole } from "../../src/store/ImportedCalendars.ts"
import { ouraTable } from "../../src/store/OuraRecords.ts"
import { googleCursor, ouraCursor } from "../../src/store/SyncStates.ts"
import type { Cursor } from "../../src/store/Write.ts"
import { furtherAccount, tasks } from "../support/World.ts"
import { at, days, google, records, signedIn } from "./RecordsWorld.ts"

const now = at("2026-03-12T12:00:00Z")
const hoursAgo = (hours: number) => DateTime.subtract(now, { hours })

const colleague = connectionId("google", "colleague")
const ring = connectionId("oura", "other")

const ended = (stream: string, cursor: Cursor) =>
  Effect.flatMap(
    Commit,
    (commit) => commit.page({ stream, read: 0, writes: [], cursor: Option.some(cursor), fraction: Option.none() })
  )

const listed = (connection: typeof google, id: string, lastSync: DateTime.Utc) =>
  ended(
    eventsTable,
    googleCursor(connection, id, {
      syncToken: Option.none(),
      lastSync: Option.some(lastSync),
      coveredFrom: Option.some(at("2026-02-01T00:00:00Z")),
      listings: 1,
      pageToken: Option.none(),
      listing: Option.none(),
      unreadable: []
    })
  )

/** Signs in an account that has a name. */
const further = (connection: typeof google, name: string, state = "connected") =>
  Effect.flatMap(Surreal, (surreal) =>
    surreal.execute("INSERT INTO connection $row", {
      row: {
        id: recordId("connection", [connection]),
        provider: connection.split(":")[0],
        user_id: connection.split(":")[1],
        name,
        state,
        scopes: [],
        connected_at: at("2026-01-01T00:00:00Z"),
        token_version: 1
      }
    }))

const told = Effect.fnUntraced(function*(kind: RecordKind, connections: ReadonlyArray<ConnectionSettings> = []) {
  const { unrecorded } = yield* (yield* Recorded).between(days("2026-03-10", "2026-03-12"), {
    tasks: [tasks.google_calendar],
    connections
  })
  return unrecorded.filter((part) => part.kind === kind)
})

const atNoon = TestClock.setTime(now.epochMilliseconds)

describe("what was not recorded of further accounts", () => {
  it.effect("is judged by how often their own tables have them read", () =>
    Effect.gen(function*() {
      yield* Effect.all([atNoon, signedIn, further(colleague, "work")], { discard: true })
      yield* listed(google, "me", now)
      yield* listed(colleague, "colleague", hoursAgo(5))
      const hourly = { ...furtherAccount("work", "google"), interval: Duration.hours(1) }
      const [late] = yield* told("calendar", [hourly])
      assert.deepStrictEqual([late?.why, late?.from], ["behind", hoursAgo(5)])
      assert.strictEqual(
        late?.detail,
        "The last sync of work that came to its end was at 2026-03-12T07:00:00.000Z, although the account at Google " +
          "is signed in; see: glider connections list"
      )
      assert.deepStrictEqual(yield* told("calendar", [{ ...hourly, interval: Duration.hours(6) }]), [])
      assert.lengthOf(yield* told("calendar", [{ ...hourly, interval: Duration.hours(6), continuous: true }]), 1)
      // by the quarter of an hour that an account without a table has
      assert.lengthOf(yield* told("calendar"), 1)
    }).pipe(Effect.provide(records)))

  it.effect("is judged by what their own tables name", () =>
    Effect.gen(function*() {
      yield* Effect.all([atNoon, signedIn, further(colleague, "work"), further(ring, "partner")], { discard: true })
      yield* listed(google, "me", now)
      yield* listed(colleague, "team", now)
      const work = { ...furtherAccount("work", "google"), calendarIds: ["team"] }
      assert.deepStrictEqual(yield* told("calendar", [work]), [])
      const [never] = yield* told("calendar", [{ ...work, calendarIds: ["team", "holidays"] }])
      assert.match(never?.detail ?? "", /^No sync of the calendar holidays has come to its end yet/)

      const sleep = ouraTable("sleep")
      yield* ended(
        sleep,
        ouraCursor(ring, "sleep", {
          lastSyncStart: at("2026-02-01T00:00:00Z"),
          lastSyncEnd: now,
          lastSyncAt: now,
          recordsFetched: 0,
          recordsStored: 0
        })
      )
      const partner: ConnectionSettings = { ...furtherAccount("partner", "oura"), dataTypes: ["sleep"] }
      // nothing is held against it that its table does not name
      const ownRing = /^No sync has come to its end yet/
      assert.match((yield* told("heart_rate", [partner]))[0]?.detail ?? "", ownRing)
      assert.match((yield* told("body", [{ ...partner, dataTypes: ["heartrate"] }]))[0]?.detail ?? "", ownRing)
      assert.notMatch((yield* told("heart_rate"))[0]?.detail ?? "", ownRing)
      const lacking = (body: typeof partner) =>
        Effect.map(told("body", [body]), (parts) => parts.filter(({ detail }) => detail.includes("workout")))
      assert.deepStrictEqual(yield* lacking(partner), [])
      assert.lengthOf(yield* lacking({ ...partner, dataTypes: ["sleep", "workout"] }), 1)
    }).pipe(Effect.provide(records)))

  it.effect("names the account that is late, and not one that is read more seldom", () =>
    Effect.gen(function*() {
      yield* Effect.all([atNoon, signedIn, further(colleague, "work", "needs_auth")], { discard: true })
      yield* listed(google, "me", hoursAgo(4))
      yield* listed(colleague, "colleague", hoursAgo(10))
      const [part, ...others] = yield* told("calendar", [
        { ...furtherAccount("work", "google"), interval: Duration.hours(6) }
      ])
      assert.lengthOf(others, 0)
      assert.deepStrictEqual(part?.from, hoursAgo(4))
      assert.strictEqual(
        part?.detail,
        "The last sync of google that came to its end was at 2026-03-12T08:00:00.000Z, although the account at Google " +
          "is signed in; see: glider doctor"
      )
    }).pipe(Effect.provide(records)))

  it.effect("says how the account is signed in again that waits for it", () =>
    Effect.gen(function*() {
      yield* Effect.all([atNoon, signedIn, further(colleague, "work", "needs_auth")], { discard: true })
      yield* listed(google, "me", now)
      yield* listed(colleague, "colleague", hoursAgo(30))
      const [part] = yield* told("calendar")
      assert.match(part?.detail ?? "", /needs a new sign-in since then: glider auth google --connection work$/)
    }).pipe(Effect.provide(records)))
})

it.effect("who has imported calendars alone is not told to sign in at Google", () =>
  Effect.gen(function*() {
    yield* atNoon
    assert.deepStrictEqual((yield* told("calendar")).map(({ why }) => why), ["not_connected"])
    const surreal = yield* Surreal
    yield* surreal.transaction([begun({ name: "holidays", address: null, at: now })])
    // its import may come to nothing
    assert.lengthOf(yield* told("calendar"), 1)
    yield* surreal.transaction([readWhole("holidays", { at: now, etag: null, lastModified: null })])
    assert.deepStrictEqual(yield* told("calendar"), [])
    yield* further(google, "former", "revoked")
    assert.deepStrictEqual((yield* told("calendar")).map(({ why }) => why), [])
    assert.deepStrictEqual((yield* told("listening")).map(({ why }) => why), ["not_connected"])
  }).pipe(Effect.provide(records)))
