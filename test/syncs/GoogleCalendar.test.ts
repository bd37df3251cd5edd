import { assert, layer } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber, Layer, Option, Ref } from "effect"
import { TestClock } from "effect/testing"
import { BadRequest, CursorExpired, Forbidden, ProviderError } from "../../src/domain/ProviderError.ts"
import { type EventsPage, type EventsRequest, Google } from "../../src/services/Google.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { SyncStates } from "../../src/store/SyncStates.ts"
import { type GoogleCalendarOptions, googleCalendarSync } from "../../src/syncs/GoogleCalendar.ts"
import type { SyncRange } from "../../src/syncs/SyncRange.ts"
import { StreamTurns } from "../../src/workflows/StreamTurns.ts"
import { connected, countOf, liveIds, runSync, syncedStore, type Walk } from "./SyncTest.ts"

const table = "google_calendar_events"
const now = "2026-11-20T12:00:00Z"

const event = (id: string, start = "2026-11-19T10:00:00Z", more: object = {}) => ({
  id,
  status: "confirmed",
  summary: id,
  start: { dateTime: start },
  end: { dateTime: DateTime.formatIso(DateTime.add(DateTime.makeUnsafe(start), { hours: 1 })) },
  ...more
})
const allDay = (id: string, start: string, end: string) => ({
  id,
  status: "confirmed",
  start: { date: start },
  end: { date: end }
})
const cancelled = (id: string, recurringEventId?: string) => ({
  id,
  status: "cancelled",
  ...(recurringEventId === undefined ? {} : { recurringEventId })
})

interface Answer {
  readonly items?: ReadonlyArray<unknown>
  readonly page?: string
  readonly token?: string
  readonly refuse?: ProviderError["reason"]
}

const gone: Answer = { refuse: new CursorExpired({ message: "Sync token is no longer valid" }) }
const badPage: Answer = { refuse: new BadRequest({ status: 400, message: "invalid" }) }

/** What was asked, in a line: `full`, `changes:token`, each with its page. */
const line = ({ listing, pageToken }: EventsRequest): string =>
  (listing._tag === "Incremental" ? `changes:${listing.syncToken}` : "full") +
  Option.match(pageToken, { onNone: () => "", onSome: (page) => ` page:${page}` })

/** One account, one calendar unless said otherwise; `run` syncs it against these answers and says what was asked. */
const account = Effect.fnUntraced(function*(userId: string, defaults: Partial<GoogleCalendarOptions> = {}) {
  const connection = connected("google", userId)
  yield* TestClock.setTime(DateTime.makeUnsafe(now).epochMilliseconds)
  const run = Effect.fnUntraced(function*(
    answers: ReadonlyArray<Answer>,
    options: Partial<GoogleCalendarOptions> & Walk = {}
  ) {
    const asked = yield* Ref.make<ReadonlyArray<EventsRequest>>([])
    const google = Layer.mock(Google, {
      events: Effect.fnUntraced(function*(_, request) {
        const before = yield* Ref.getAndUpdate(asked, (all) => [...all, request])
        const answer = answers[before.length]
        if (answer === undefined) return yield* Effect.die(`one request too many: ${line(request)}`)
        if (answer.refuse !== undefined) {
          return yield* new ProviderError({ provider: "google", operation: "events", reason: answer.refuse })
        }
        return {
          items: answer.items ?? [],
          nextPageToken: Option.fromUndefinedOr(answer.page),
          nextSyncToken: Option.fromUndefinedOr(answer.token),
          timeZone: Option.some("Europe/Prague")
        } satisfies EventsPage
      })
    })
    const sync = yield* googleCalendarSync({
      calendarIds: ["primary"],
      daysBack: 30,
      ignoreSyncToken: false,
      ...defaults,
      ...options
    }).pipe(Effect.provide(google))
    const outcome = yield* runSync(sync, connection, options)
    const requests = yield* Ref.get(asked)
    const parts = (yield* sync.streams(connection)).map(({ part }) => part)
    return { ...outcome, parts, requests, asked: requests.map(line), counts: outcome.counts[table] }
  })
  const state = Effect.flatMap(SyncStates, (states) => states.google(connection.id, userId))
  return { connection, run, state, live: liveIds(table, connection) }
})

layer(syncedStore)("syncs/GoogleCalendar", (it) => {
  it.effect("lists everything of the window, then only what changed", () =>
    Effect.gen(function*() {
      const { live, run, state } = yield* account("plain@example.com")
      const first = yield* run([{ items: [event("a"), event("b")], page: "p2" }, { items: [event("c")], token: "t1" }])
      assert.deepStrictEqual(first.parts, [undefined])
      assert.deepStrictEqual(first.asked, ["full", "full page:p2"])
      assert.deepStrictEqual(
        first.requests.map(({ calendarId, listing }) => [
          calendarId,
          listing._tag === "Full" ? DateTime.formatIso(listing.timeMin) : ""
        ]),
        [["plain@example.com", "2026-10-21T12:00:00.000Z"], ["plain@example.com", "2026-10-21T12:00:00.000Z"]]
      )
      const second = yield* run([{
        items: [event("a", "2026-11-21T10:00:00Z"), cancelled("b"), event("d"), cancelled("never-seen")],
        token: "t2"
      }])
      assert.deepStrictEqual(second.asked, ["changes:t1"])
      assert.deepStrictEqual([second.counts?.created, second.counts?.updated, second.counts?.deleted], [1, 1, 1])
      assert.deepStrictEqual(yield* live, ["a", "c", "d"])
      const third = yield* run([{ token: "t2" }])
      assert.deepStrictEqual(third.asked, ["changes:t2"])
      assert.deepStrictEqual(Option.flatMap(yield* state, ({ syncToken }) => syncToken), Option.some("t2"))
    }))

  it.effect("goes on where a listing was cut off, with the page it had reached", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("cut@example.com")
      yield* run([{ items: [event("ghost")], token: "t0" }])
      const cut = yield* run([gone, { items: [event("a")], page: "p2" }], { pages: 1 })
      assert.deepStrictEqual(cut.asked, ["changes:t0", "full"])
      yield* TestClock.adjust("2 hours")
      const rest = yield* run([{ items: [event("b")], page: "p3" }, { items: [event("c")], token: "t1" }])
      assert.deepStrictEqual(rest.asked, ["full page:p2", "full page:p3"])
      const [first] = rest.requests
      assert.deepStrictEqual(
        first?.listing._tag === "Full" ? DateTime.formatIso(first.listing.timeMin) : "",
        "2026-10-21T12:00:00.000Z"
      )
      assert.deepStrictEqual(yield* live, ["a", "b", "c"])
    }))

  it.effect("goes on from a position that was written down, without asking for the pages before it", () =>
    Effect.gen(function*() {
      const { connection, live, run, state } = yield* account("position@example.com")
      yield* run([{ items: [event("ghost")], token: "t0" }])
      const cut = yield* run([gone, { items: [event("a")], page: "p2" }], { pages: 1 })
      yield* TestClock.adjust("2 days")
      const surreal = yield* Surreal
      yield* surreal.execute("DELETE google_calendar_sync_state WHERE connection = $connection", {
        connection: connection.id
      })
      const rest = yield* run([{ items: [event("b")], page: "p3" }, { items: [event("c")], token: "t1" }], {
        from: cut.reached[0]
      })
      assert.deepStrictEqual(rest.asked, ["full page:p2", "full page:p3"])
      assert.deepStrictEqual(
        rest.requests.map(({ listing }) => listing._tag === "Full" ? DateTime.formatIso(listing.timeMin) : ""),
        ["2026-10-21T12:00:00.000Z", "2026-10-21T12:00:00.000Z"]
      )
      assert.deepStrictEqual(yield* live, ["a", "b", "c"])
      assert.deepStrictEqual(rest.reached, [])
      assert.deepStrictEqual(Option.map(yield* state, ({ listings }) => listings), Option.some(2))
    }))

  it.effect("begins a cut-off listing again when its page token is refused", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("stale-page@example.com")
      yield* run([{ items: [event("a"), event("b")], page: "p2" }], { pages: 1 })
      const again = yield* run([badPage, { items: [event("b"), event("c")], token: "t1" }])
      assert.deepStrictEqual(again.asked, ["full page:p2", "full"])
      assert.deepStrictEqual(yield* live, ["b", "c"])
    }))

  it.effect("goes on with changes where they were cut off, and begins them again when the page is refused", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("cut-changes@example.com")
      yield* run([{ items: [event("a")], token: "t1" }])
      yield* run([{ items: [event("b")], page: "p2" }], { pages: 1 })
      const again = yield* run([badPage, { items: [event("b")], page: "p2" }, { items: [cancelled("a")], token: "t2" }])
      assert.deepStrictEqual(again.asked, ["changes:t1 page:p2", "changes:t1", "changes:t1 page:p2"])
      assert.deepStrictEqual(yield* live, ["b"])
    }))

  it.effect("answers a dead token with one full listing and removes what it no longer lists", () =>
    Effect.gen(function*() {
      const { connection, live, run, state } = yield* account("dead@example.com")
      yield* run([{ items: [event("a"), event("b")], token: "t1" }])
      const full = yield* run([gone, { items: [event("a")], token: "t2" }])
      assert.deepStrictEqual(full.asked, ["changes:t1", "full"])
      assert.strictEqual(full.counts?.deleted, 1)
      assert.deepStrictEqual(yield* live, ["a"])
      assert.strictEqual(yield* countOf(table, connection), 2)
      assert.deepStrictEqual(Option.flatMap(yield* state, ({ syncToken }) => syncToken), Option.some("t2"))
      assert.deepStrictEqual((yield* run([{ token: "t3" }])).asked, ["changes:t2"])
    }))

  it.effect("does not go round in circles when the full listing is refused too", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("circle@example.com")
      yield* run([{ items: [event("a")], token: "t1" }])
      const failed = yield* run([gone, gone])
      assert.deepStrictEqual(failed.errors, { [table]: "CursorExpired" })
      const endless = yield* run([gone, { page: "p2" }, badPage, { page: "p2" }, badPage, { page: "p2" }, badPage])
      assert.deepStrictEqual(endless.errors, { [table]: "BadRequest" })
      assert.deepStrictEqual(yield* live, ["a"])
    }))

  it.effect("begins a stretch of the past again when its page is refused, a few times at most", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("stretch@example.com")
      const range = {
        from: DateTime.makeUnsafe("2026-01-01T00:00:00Z"),
        to: DateTime.makeUnsafe("2026-01-08T00:00:00Z")
      }
      const first = { items: [event("a", "2026-01-02T10:00:00Z")], page: "p2" }
      const again = yield* run([first, badPage, first, gone, first, { items: [event("b", "2026-01-03T10:00:00Z")] }], {
        range
      })
      assert.deepStrictEqual(again.errors, {})
      assert.deepStrictEqual(again.asked, ["full", "full page:p2", "full", "full page:p2", "full", "full page:p2"])
      assert.deepStrictEqual(yield* live, ["a", "b"])
      const refused = yield* run([badPage], { range })
      assert.deepStrictEqual(refused.errors, { [table]: "BadRequest" })
      const endless = yield* run([first, badPage, first, badPage, first, badPage, first, badPage], { range })
      assert.deepStrictEqual(endless.errors, { [table]: "BadRequest" })
    }))

  it.effect("has one turn for a calendar, whether or not others are read with it", () =>
    Effect.gen(function*() {
      const turns = yield* StreamTurns
      const range = {
        from: DateTime.makeUnsafe("2026-01-01T00:00:00Z"),
        to: DateTime.makeUnsafe("2026-01-08T00:00:00Z")
      }
      const connection = connected("google", "turns@example.com")
      const streamsOf = Effect.fnUntraced(function*(calendarIds: ReadonlyArray<string>, of?: SyncRange) {
        const sync = yield* googleCalendarSync({ calendarIds, daysBack: 30, ignoreSyncToken: false, range: of })
        return yield* sync.streams(connection)
      })
      const [alone] = yield* streamsOf(["primary"])
      const [one, other] = yield* streamsOf(["primary", "team"], range)
      if (alone === undefined || one === undefined || other === undefined) return assert.fail("a stream is missing")
      const order: Array<string> = []
      const begun = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        turns.withTurn(connection.id, alone)(
          Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(go)).pipe(
            Effect.andThen(Effect.sync(() => order.push("alone")))
          )
        )
      )
      yield* Deferred.await(begun)
      const second = yield* Effect.forkChild(
        turns.withTurn(connection.id, one)(Effect.sync(() => order.push("with others"))),
        { startImmediately: true }
      )
      yield* turns.withTurn(connection.id, other)(Effect.sync(() => order.push("another calendar")))
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      assert.deepStrictEqual(order, ["another calendar", "alone", "with others"])
    }).pipe(Effect.provide([StreamTurns.layer, Layer.mock(Google, {})])))

  it.effect("removes only what the listing would have listed: what ended before its window stays", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("window@example.com")
      yield* run([{
        items: [
          event("ends-before", "2026-10-21T10:00:00Z"),
          event("ends-on-the-bound", "2026-10-21T11:00:00Z"),
          event("ends-just-inside", "2026-10-21T11:00:00.001Z"),
          allDay("day-before", "2026-10-20", "2026-10-21"),
          allDay("day-across", "2026-10-21", "2026-10-22"),
          event("listed")
        ],
        token: "t1"
      }], { daysBack: 60 })
      yield* run([{ items: [event("listed")], token: "t2" }], { ignoreSyncToken: true })
      assert.deepStrictEqual(yield* live, ["day-before", "ends-before", "ends-on-the-bound", "listed"])
    }))

  it.effect("removes nothing when the whole answer is empty, and lists again until it is not", () =>
    Effect.gen(function*() {
      const { live, run, state } = yield* account("empty@example.com")
      yield* run([{ items: [event("a"), event("b")], token: "t1" }])
      const empty = yield* run([gone, { items: [], page: "p2" }, { items: [], token: "t2" }])
      assert.strictEqual(empty.counts?.deleted, 0)
      assert.deepStrictEqual(yield* live, ["a", "b"])
      assert.isTrue(Option.exists(yield* state, ({ syncToken }) => Option.isNone(syncToken)))
      assert.deepStrictEqual((yield* run([{ items: [event("b"), event("c")], token: "t3" }])).asked, ["full"])
      assert.deepStrictEqual(yield* live, ["b", "c"])
      assert.deepStrictEqual((yield* run([{ token: "t4" }])).asked, ["changes:t3"])
    }))

  it.effect("believes an empty answer when all that is stored ended before its window", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("past@example.com")
      yield* run([{ items: [event("old", "2026-10-01T10:00:00Z")], token: "t1" }], { daysBack: 60 })
      yield* run([{ items: [], token: "t2" }], { ignoreSyncToken: true })
      assert.deepStrictEqual(yield* live, ["old"])
      assert.deepStrictEqual((yield* run([{ token: "t3" }])).asked, ["changes:t2"])
    }))

  it.effect("does not take an empty page for the end", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("gaps@example.com")
      yield* run([{ items: [event("a")], page: "p2" }, { items: [], page: "p3" }, { items: [event("b")], token: "t1" }])
      assert.deepStrictEqual(yield* live, ["a", "b"])
    }))

  it.effect("ends a cancelled series with all its instances, and leaves those told to be alive", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("series@example.com")
      const instance = (id: string, series: string) => event(id, "2026-11-19T10:00:00Z", { recurringEventId: series })
      yield* run([{
        items: [instance("s_1", "s"), instance("s_2", "s"), instance("s_3", "s"), instance("r_1", "r"), event("one")],
        token: "t1"
      }])
      const ended = yield* run([{ items: [cancelled("s"), instance("s_2", "s")], token: "t2" }])
      assert.strictEqual(ended.counts?.deleted, 2)
      assert.deepStrictEqual(yield* live, ["one", "r_1", "s_2"])
      yield* run([{ items: [cancelled("r_1", "r")], token: "t3" }])
      assert.deepStrictEqual(yield* live, ["one", "s_2"])
    }))

  it.effect("leaves the instances of a cancelled series that an earlier page told to be alive, also after a cut", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("series-pages@example.com")
      const instance = (id: string) => event(id, "2026-11-19T10:00:00Z", { recurringEventId: "s" })
      yield* run([{ items: [instance("s_1"), instance("s_2"), instance("s_3"), event("one")], token: "t1" }])
      const told = [instance("s_2"), { ...instance("s_3"), start: null }]
      yield* run([{ items: told, page: "p2" }], { pages: 1 })
      const ended = yield* run([{ items: [event("two")], page: "p3" }, { items: [cancelled("s")], token: "t2" }])
      assert.deepStrictEqual(ended.asked, ["changes:t1 page:p2", "changes:t1 page:p3"])
      assert.strictEqual(ended.counts?.deleted, 1)
      assert.deepStrictEqual(yield* live, ["one", "s_2", "s_3", "two"])
      yield* run([{ items: [cancelled("s")], token: "t3" }])
      assert.deepStrictEqual(yield* live, ["one", "two"])
    }))

  it.effect("leaves an instance of a cancelled series that the same page tells but that cannot be read", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("series-unread@example.com")
      const instance = (id: string) => event(id, "2026-11-19T10:00:00Z", { recurringEventId: "s" })
      yield* run([{ items: [instance("s_1"), instance("s_2")], token: "t1" }])
      yield* run([{ items: [cancelled("s"), { ...instance("s_2"), start: null }], token: "t2" }])
      assert.deepStrictEqual(yield* live, ["s_2"])
    }))

  it.effect("forgets what the changes told to be alive when they are told anew", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("series-anew@example.com")
      const instance = (id: string) => event(id, "2026-11-19T10:00:00Z", { recurringEventId: "s" })
      yield* run([{ items: [instance("s_1"), instance("s_2"), event("one")], token: "t1" }])
      yield* run([{ items: [instance("s_2")], page: "p2" }], { pages: 1 })
      yield* run([badPage, { items: [cancelled("s")], token: "t2" }])
      assert.deepStrictEqual(yield* live, ["one"])
    }))

  it.effect("brings an event back that is confirmed again, and moves one from a time to a day", () =>
    Effect.gen(function*() {
      const { live, run } = yield* account("back@example.com")
      yield* run([{ items: [event("a"), event("b")], token: "t1" }])
      yield* run([{ items: [cancelled("a"), allDay("b", "2026-11-19", "2026-11-20")], token: "t2" }])
      assert.deepStrictEqual(yield* live, ["b"])
      const back = yield* run([{ items: [event("a")], token: "t3" }])
      assert.strictEqual(back.counts?.updated, 1)
      assert.deepStrictEqual(yield* live, ["a", "b"])
    }))

  it.effect("keeps a bad event aside, and does not take it for gone", () =>
    Effect.gen(function*() {
      const { connection, live, run } = yield* account("bad@example.com")
      yield* run([{ items: [event("a"), event("b")], token: "t1" }])
      const listed = yield* run([gone, { items: [{ ...event("b"), start: null }], page: "p2" }, {
        items: [event("c"), "nonsense"],
        token: "t2"
      }])
      assert.deepStrictEqual([listed.counts?.quarantined, listed.counts?.deleted], [2, 1])
      assert.deepStrictEqual(yield* live, ["b", "c"])
      assert.strictEqual(yield* countOf("quarantine", connection), 2)
    }))

  it.effect("lists anew when asked to reach further back than ever before", () =>
    Effect.gen(function*() {
      const { run } = yield* account("further@example.com")
      yield* run([{ items: [event("a")], token: "t1" }])
      assert.deepStrictEqual((yield* run([{ items: [event("a")], token: "t2" }], { daysBack: 90 })).asked, ["full"])
      yield* TestClock.adjust("40 days")
      assert.deepStrictEqual((yield* run([{ token: "t3" }], { daysBack: 90 })).asked, ["changes:t2"])
    }))

  it.effect("takes primary and the account's own address for one calendar, and keeps calendars apart", () =>
    Effect.gen(function*() {
      const other = "cs.czech#holiday@group.v.calendar.google.com"
      const { connection, run } = yield* account("me@example.com", {
        calendarIds: ["primary", "me@example.com", other]
      })
      const both = yield* run([{ items: [event("same")], token: "t1" }, { items: [event("same")], token: "u1" }])
      assert.deepStrictEqual(both.parts, ["me@example.com", other])
      assert.deepStrictEqual(both.requests.map(({ calendarId }) => calendarId), ["me@example.com", other])
      assert.strictEqual(yield* countOf(table, connection), 2)
      const refused = yield* run([
        { refuse: new Forbidden({ message: "insufficientPermissions" }) },
        { items: [cancelled("same")], token: "u2" }
      ])
      assert.deepStrictEqual(refused.asked, ["changes:t1", "changes:u1"])
      assert.deepStrictEqual(refused.errors, { [table]: "Forbidden" })
      assert.strictEqual(refused.counts?.deleted, 1)
    }))
})
