import { assert, describe, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type Answer, ask, at, list, text, written } from "./Ask.ts"

const holidays = "cs.czech#holiday@group.v.calendar.google.com"

const events = Effect.fnUntraced(function*(query: Record<string, string> = {}, calendarId = "primary") {
  const { tokens, url } = yield* Sandbox
  const { accessToken } = yield* tokens.issue("google")
  return yield* ask(`${url}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`, {
    token: accessToken,
    query
  })
})

/** All pages of a list, and the sync token of the last. */
const all = Effect.fnUntraced(function*(query: Record<string, string> = {}, calendarId = "primary") {
  const pages: Array<Answer> = [yield* events(query, calendarId)]
  for (
    let next = text(pages.at(-1)?.json, "nextPageToken");
    next !== "";
    next = text(pages.at(-1)?.json, "nextPageToken")
  ) {
    pages.push(yield* events({ ...query, pageToken: next }, calendarId))
  }
  return {
    pages,
    items: pages.flatMap((page) => list(page.json, "items")),
    syncToken: text(pages.at(-1)?.json, "nextSyncToken")
  }
})

const single = { singleEvents: "true" }

const changes = (syncToken: string) => Effect.map(all({ ...single, syncToken }), ({ items }) => items)

const refusal = (answer: Answer) => [answer.status, text(answer.json, "error", "errors", 0, "reason")]

const id = (item: Schema.Json | undefined): string => text(item, "id")

describe("the stand-in for Google Calendar", () => {
  it.effect("lists the two calendars and takes primary for the first", () =>
    Effect.gen(function*() {
      const { calendar, tokens, url } = yield* Sandbox
      const { accessToken: token } = yield* tokens.issue("google")
      const calendarList = yield* ask(`${url}/calendar/v3/users/me/calendarList`, { token })
      assert.deepStrictEqual(list(calendarList.json, "items").map(id), [...calendar.calendarIds])
      assert.match(calendar.calendarIds[0] ?? "", /^[^@#]+@[^@#]+$/)
      assert.include(calendar.calendarIds[1], "#")
      const alias = yield* ask(`${url}/calendar/v3/calendars/primary`, { token })
      assert.strictEqual(id(alias.json), calendar.calendarIds[0])
      assert.deepStrictEqual((yield* all(single)).items, (yield* all(single, calendar.calendarIds[0])).items)
      assert.isNotEmpty((yield* all(single, holidays)).items)
      assert.deepStrictEqual(refusal(yield* events({}, "nobody@example.com")), [404, "notFound"])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("pages with short and empty pages on the way, and gives a sync token on the last page alone", () =>
    Effect.gen(function*() {
      const { truth } = yield* Sandbox
      const { items, pages } = yield* all({ ...single, maxResults: "40" })
      const sizes = pages.map((page) => list(page.json, "items").length)
      assert.isTrue(sizes.every((size) => size <= 40))
      assert.include(sizes.slice(0, -1), 0)
      assert.include(sizes.slice(0, -1), 20)
      for (const page of pages.slice(0, -1)) {
        assert.isUndefined(at(page.json, "nextSyncToken"))
      }
      assert.isNotEmpty(text(pages.at(-1)?.json, "nextSyncToken"))
      assert.deepStrictEqual(items, [...yield* truth.events("primary")])
      assert.strictEqual(new Set(items.map(id)).size, items.length)
      assert.isAtMost(list((yield* events(single)).json, "items").length, 250)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("pages over the state of the first page, and tells what changed meanwhile with the token", () =>
    Effect.gen(function*() {
      const { calendar, truth } = yield* Sandbox
      const before = yield* truth.events("primary")
      const first = yield* events({ ...single, maxResults: "2500", fields: "items" })
      assert.lengthOf(list(first.json, "items"), before.length)
      const pageOne = yield* events({ ...single, maxResults: "300" })
      const added = yield* calendar.addEvent({ start: { date: "2026-12-01" }, end: { date: "2026-12-02" } })
      const rest = yield* all({ ...single, maxResults: "300", pageToken: text(pageOne.json, "nextPageToken") })
      assert.notInclude(rest.items.map(id), added)
      assert.deepStrictEqual((yield* changes(rest.syncToken)).map(id), [added])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("refuses a page token whose other parameters changed", () =>
    Effect.gen(function*() {
      const pageToken = text((yield* events({ ...single, maxResults: "10" })).json, "nextPageToken")
      assert.strictEqual((yield* events({ ...single, maxResults: "20", pageToken })).status, 200)
      assert.deepStrictEqual(refusal(yield* events({ maxResults: "10", pageToken })), [400, "invalid"])
      assert.deepStrictEqual(refusal(yield* events({ ...single, pageToken: "nonsense" })), [400, "invalid"])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("filters on the end by timeMin and on the start by timeMax, both exclusive, with an offset required", () =>
    Effect.gen(function*() {
      const { calendar } = yield* Sandbox
      const added = yield* calendar.addEvent({
        start: { dateTime: "2027-08-01T10:00:00+02:00" },
        end: { dateTime: "2027-08-01T11:00:00+02:00" }
      })
      const found = (query: Record<string, string>) =>
        Effect.map(all({ ...single, ...query }), ({ items }) => items.map(id).includes(added))
      assert.isFalse(yield* found({ timeMin: "2027-08-01T09:00:00Z" }))
      assert.isTrue(yield* found({ timeMin: "2027-08-01T08:59:59Z" }))
      assert.isFalse(yield* found({ timeMin: "2027-07-01T00:00:00Z", timeMax: "2027-08-01T08:00:00Z" }))
      assert.isTrue(yield* found({ timeMin: "2027-07-01T00:00:00Z", timeMax: "2027-08-01T08:00:01Z" }))
      assert.deepStrictEqual(refusal(yield* events({ timeMin: "2027-08-01T09:00:00" })), [400, "badRequest"])
      assert.deepStrictEqual(refusal(yield* events({ timeMax: "2027-08-01" })), [400, "badRequest"])
      const equal = { timeMin: "2027-08-01T09:00:00Z", timeMax: "2027-08-01T09:00:00Z" }
      assert.deepStrictEqual(refusal(yield* events(equal)), [400, "timeRangeEmpty"])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("refuses a sync token beside any restriction, with other parameters, or not its own", () =>
    Effect.gen(function*() {
      const { syncToken } = yield* all(single)
      const restrictions: Record<string, string> = {
        iCalUID: "x",
        orderBy: "updated",
        privateExtendedProperty: "a=b",
        q: "x",
        sharedExtendedProperty: "a=b",
        timeMin: "2026-01-01T00:00:00Z",
        timeMax: "2026-01-01T00:00:00Z",
        updatedMin: "2026-11-19T00:00:00Z",
        showDeleted: "false"
      }
      for (const [name, value] of Object.entries(restrictions)) {
        const refused = yield* events({ ...single, syncToken, [name]: value })
        assert.deepStrictEqual(refusal(refused), [400, "syncTokenWithRequestRestrictions"], name)
      }
      assert.deepStrictEqual(refusal(yield* events({ syncToken })), [400, "invalid"])
      assert.deepStrictEqual(refusal(yield* events({ ...single, syncToken: "CPDAlvWDx70C" })), [400, "invalid"])
      assert.deepStrictEqual(refusal(yield* events({ ...single, syncToken }, holidays)), [400, "invalid"])
      assert.deepStrictEqual(yield* changes(syncToken), [])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("gives no sync token for an ordered, searched or updatedMin list, but for a window", () =>
    Effect.gen(function*() {
      for (
        const query of [{ orderBy: "startTime" }, { orderBy: "updated" }, { q: "standup" }, {
          updatedMin: "2026-11-10T00:00:00Z"
        }]
      ) {
        const { items, syncToken } = yield* all({ ...single, ...query })
        assert.isNotEmpty(items)
        assert.strictEqual(syncToken, "", written(query))
      }
      assert.isNotEmpty((yield* all({ ...single, timeMin: "2026-11-01T00:00:00Z" })).syncToken)
      assert.deepStrictEqual(refusal(yield* events({ orderBy: "startTime" })), [400, "invalid"])
      assert.deepStrictEqual(refusal(yield* events({ updatedMin: "2026-01-01T00:00:00Z" })), [
        410,
        "updatedMinTooLongAgo"
      ])
      assert.deepStrictEqual(refusal(yield* events({ maxResults: "2501" })), [400, "invalid"])
      const starts = (yield* all({ ...single, orderBy: "startTime" })).items.map((item) =>
        Date.parse(text(item, "start", "dateTime") || `${text(item, "start", "date")}T00:00:00+01:00`)
      )
      assert.isTrue(starts.every((start, index) => index === 0 || start >= (starts[index - 1] ?? 0) - 3_600_000))
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("tells added, moved, renamed, cancelled and restored events, and nothing else", () =>
    Effect.gen(function*() {
      const { calendar, clock } = yield* Sandbox
      const span = { start: { dateTime: "2026-11-21T10:00:00+01:00" }, end: { dateTime: "2026-11-21T11:00:00+01:00" } }
      let { syncToken } = yield* all(single)
      const next = Effect.gen(function*() {
        const { items, syncToken: token } = yield* all({ ...single, syncToken })
        syncToken = token
        return items
      })
      const eventId = yield* calendar.addEvent({ summary: "Tea", ...span })
      const [added] = yield* next
      assert.deepStrictEqual([id(added), text(added, "summary"), text(added, "start", "dateTime")], [
        eventId,
        "Tea",
        "2026-11-21T10:00:00+01:00"
      ])
      yield* calendar.moveEvent({
        calendarId: "primary",
        eventId,
        start: { date: "2026-11-22" },
        end: { date: "2026-11-23" }
      })
      const [moved] = yield* next
      assert.deepStrictEqual(at(moved, "start"), { date: "2026-11-22" })
      assert.strictEqual(at(moved, "sequence"), 1)
      assert.notStrictEqual(text(moved, "etag"), text(added, "etag"))
      yield* calendar.renameEvent({ calendarId: "primary", eventId, summary: "Coffee" })
      assert.deepStrictEqual((yield* next).map((item) => text(item, "summary")), ["Coffee"])
      yield* clock.advance("1 second")
      yield* calendar.cancelEvent({ calendarId: "primary", eventId })
      const [cancelled] = yield* next
      assert.deepStrictEqual(Object.keys(cancelled ?? {}), ["kind", "etag", "id", "status"])
      assert.strictEqual(text(cancelled, "status"), "cancelled")
      assert.notInclude((yield* all(single)).items.map(id), eventId)
      assert.include((yield* all({ ...single, showDeleted: "true" })).items.map(id), eventId)
      yield* calendar.restoreEvent({ calendarId: "primary", eventId })
      assert.deepStrictEqual((yield* next).map((item) => text(item, "summary")), ["Coffee"])
      assert.deepStrictEqual(yield* next, [])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("serves a series as instances that keep their wall-clock time, and tells of one instance alone", () =>
    Effect.gen(function*() {
      const { calendar } = yield* Sandbox
      const { syncToken } = yield* all(single)
      const series = yield* calendar.addEvent({
        summary: "Rowing",
        start: { dateTime: "2027-03-15T18:00:00+01:00", timeZone: "Europe/Prague" },
        end: { dateTime: "2027-03-15T19:00:00+01:00", timeZone: "Europe/Prague" },
        recurrence: { frequency: "weekly", count: 3 }
      })
      const instances = yield* changes(syncToken)
      assert.deepStrictEqual(instances.map(id), [
        `${series}_20270315T170000Z`,
        `${series}_20270322T170000Z`,
        `${series}_20270329T160000Z`
      ])
      assert.deepStrictEqual(instances.map((item) => text(item, "start", "dateTime")), [
        "2027-03-15T18:00:00+01:00",
        "2027-03-22T18:00:00+01:00",
        "2027-03-29T18:00:00+02:00"
      ])
      assert.isTrue(
        instances.every((item) => text(item, "recurringEventId") === series && at(item, "recurrence") === undefined)
      )
      const after = (yield* all(single)).syncToken
      yield* calendar.cancelEvent({ calendarId: "primary", eventId: `${series}_20270322T170000Z` })
      yield* calendar.moveEvent({
        calendarId: "primary",
        eventId: `${series}_20270329T160000Z`,
        start: { dateTime: "2027-03-30T18:00:00+02:00" },
        end: { dateTime: "2027-03-30T19:00:00+02:00" }
      })
      const [gone, moved] = yield* changes(after)
      assert.deepStrictEqual(Object.keys(gone ?? {}), [
        "kind",
        "etag",
        "id",
        "status",
        "recurringEventId",
        "originalStartTime"
      ])
      assert.strictEqual(text(gone, "status"), "cancelled")
      assert.strictEqual(text(moved, "start", "dateTime"), "2027-03-30T18:00:00+02:00")
      assert.strictEqual(text(moved, "originalStartTime", "dateTime"), "2027-03-29T18:00:00+02:00")
      const masters = (yield* all({ showDeleted: "false" })).items.filter((item) => id(item).startsWith(series))
      assert.deepStrictEqual(masters.map((item) => [id(item), text(item, "status"), at(item, "recurrence")]), [
        [series, "confirmed", ["RRULE:FREQ=WEEKLY;COUNT=3"]],
        [`${series}_20270322T170000Z`, "cancelled", undefined],
        [`${series}_20270329T160000Z`, "confirmed", undefined]
      ])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("tells a cancelled series by its instances, or by its own id alone when asked", () =>
    Effect.gen(function*() {
      const { calendar, truth } = yield* Sandbox
      const span = { start: { date: "2027-01-04" }, end: { date: "2027-01-05" } }
      const recurrence = { frequency: "daily", count: 4 } as const
      const one = yield* calendar.addEvent({ ...span, recurrence })
      const two = yield* calendar.addEvent({ ...span, recurrence })
      const { syncToken } = yield* all(single)
      yield* calendar.cancelEvent({ calendarId: "primary", eventId: one })
      yield* calendar.cancelEvent({ calendarId: "primary", eventId: two, tombstone: "master" })
      const told = yield* changes(syncToken)
      assert.isTrue(told.every((item) => text(item, "status") === "cancelled"))
      assert.deepStrictEqual(told.map(id), [
        ...["04", "05", "06", "07"].map((date) => `${one}_202701${date}`),
        two
      ])
      const live = (yield* truth.events("primary")).map(id)
      assert.isFalse(live.some((name) => name.startsWith(one) || name.startsWith(two)))
      yield* calendar.restoreEvent({ calendarId: "primary", eventId: one })
      assert.lengthOf((yield* truth.events("primary")).filter((item) => id(item).startsWith(one)), 4)
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("answers 410 to every token given before they were invalidated, of that calendar only", () =>
    Effect.gen(function*() {
      const { calendar } = yield* Sandbox
      const mine = yield* all(single)
      const theirs = yield* all(single, holidays)
      yield* calendar.invalidateSyncTokens("primary")
      const refused = yield* events({ ...single, syncToken: mine.syncToken })
      assert.deepStrictEqual(refusal(refused), [410, "fullSyncRequired"])
      assert.strictEqual(
        text(refused.json, "error", "message"),
        "Sync token is no longer valid, a full sync is required."
      )
      assert.strictEqual((yield* events({ ...single, syncToken: theirs.syncToken }, holidays)).status, 200)
      assert.deepStrictEqual(yield* changes((yield* all(single)).syncToken), [])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("holds all-day, multi-day, other-zone, untitled, moved and cancelled events, and one id in both calendars", () =>
    Effect.gen(function*() {
      const { truth } = yield* Sandbox
      const live = yield* truth.events("primary")
      const some = (what: (item: Schema.Json) => boolean, least = 1) =>
        assert.isAtLeast(live.filter(what).length, least)
      some((item) => at(item, "start", "date") !== undefined)
      some((item) =>
        Date.parse(text(item, "end", "dateTime")) - Date.parse(text(item, "start", "dateTime")) > 86_400_000
      )
      some((item) => text(item, "start", "timeZone") !== text(item, "end", "timeZone"))
      some((item) => text(item, "start", "timeZone") === "America/New_York", 20)
      some((item) => at(item, "summary") === undefined)
      some((item) => text(item, "summary").normalize("NFC") !== text(item, "summary"))
      some((item) => text(item, "description").length > 8000)
      some((item) => text(item, "recurringEventId") !== "", 300)
      some(
        (item) =>
          at(item, "originalStartTime") !== undefined &&
          written(at(item, "originalStartTime")) !== written(at(item, "start")),
        10
      )
      const shown = yield* all({ ...single, showDeleted: "true" })
      assert.isAtLeast(shown.items.filter((item) => text(item, "status") === "cancelled").length, 20)
      const foreign = new Set((yield* truth.events(holidays)).map(id))
      some((item) => foreign.has(id(item)))
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("changes by itself as the clock goes on, and the changes add up to the truth", () =>
    Effect.gen(function*() {
      const { clock, truth } = yield* Sandbox
      const first = yield* all(single)
      const table = new Map(first.items.map((item) => [id(item), item]))
      let { syncToken } = first
      let deletions = 0
      for (let step = 0; step < 12; step++) {
        yield* clock.advance("5 days")
        const { items, syncToken: token } = yield* all({ ...single, syncToken })
        for (const item of items) {
          if (text(item, "status") === "cancelled") {
            deletions += 1
            table.delete(id(item))
          } else {
            table.set(id(item), item)
          }
        }
        syncToken = token
      }
      assert.isAbove(deletions, 3)
      const now = yield* truth.events("primary")
      assert.deepStrictEqual(new Map(now.map((item) => [id(item), item])), table)
    }).pipe(Effect.provide(Sandbox.layer({ start: "2026-08-01T12:00:00Z" }))))

  it.effect("writes times in the zone asked for, one event alone, and 304 when nothing changed", () =>
    Effect.gen(function*() {
      const { calendar, tokens, url } = yield* Sandbox
      const { accessToken: token } = yield* tokens.issue("google")
      const eventId = yield* calendar.addEvent({
        start: { dateTime: "2027-06-01T10:00:00+02:00" },
        end: { dateTime: "2027-06-01T11:00:00+02:00" }
      })
      const base = `${url}/calendar/v3/calendars/primary/events`
      const one = yield* ask(`${base}/${eventId}`, { token, query: { timeZone: "UTC" } })
      assert.strictEqual(text(one.json, "start", "dateTime"), "2027-06-01T08:00:00Z")
      assert.strictEqual((yield* ask(`${base}/nothing`, { token })).status, 404)
      const query = { timeMin: "2027-05-01T00:00:00Z" }
      const page = yield* ask(base, { token, query })
      const again = yield* ask(base, { token, query, headers: { "if-none-match": page.headers["etag"] ?? "" } })
      assert.deepStrictEqual([again.status, again.text], [304, ""])
    }).pipe(Effect.provide(Sandbox.layer())))

  it.effect("refuses no token, a dead token and a token of another scope in Google's words", () =>
    Effect.gen(function*() {
      const { tokens, url } = yield* Sandbox
      const target = `${url}/calendar/v3/calendars/primary/events`
      const { accessToken } = yield* tokens.issue("google", { scope: "https://www.googleapis.com/auth/drive" })
      assert.deepStrictEqual(refusal(yield* ask(target)), [401, "required"])
      assert.deepStrictEqual(refusal(yield* ask(target, { token: "ya29.x" })), [401, "authError"])
      assert.deepStrictEqual(refusal(yield* ask(target, { token: accessToken })), [403, "insufficientPermissions"])
    }).pipe(Effect.provide(Sandbox.layer())))
})
