import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { connectionId } from "../../src/domain/Connection.ts"
import { EventsListing, type EventsRequest, Google } from "../../src/services/Google.ts"
import * as HttpStub from "../support/HttpStub.ts"
import { surroundings } from "../support/ProviderTest.ts"

const me = connectionId("google", "me@example.com")

const google = (...answers: ReadonlyArray<HttpStub.Answer>) =>
  Google.layer.pipe(Layer.provideMerge(HttpStub.layer(answers)), Layer.provide(surroundings))

const full: EventsRequest = {
  calendarId: "primary",
  pageToken: Option.none(),
  listing: EventsListing.Full({ timeMin: DateTime.makeUnsafe("2026-10-21T00:00:00Z") })
}
const incremental: EventsRequest = { ...full, listing: EventsListing.Incremental({ syncToken: "CPDAlvWDx70CE=" }) }

const events = (request: EventsRequest) => Effect.flatMap(Google, (service) => service.events(me, request))

const list = (more: object): HttpStub.Answer => ({ json: { kind: "calendar#events", ...more } })

const always = { singleEvents: "true", showDeleted: "true", maxResults: "500" }

describe("Google", () => {
  it.effect("lists instances and tombstones from an instant on, and repeats every parameter on the next page", () =>
    Effect.gen(function*() {
      const items = [{ id: "a", status: "cancelled" }, { id: "b", tomorrow: { nested: null } }]
      const first = yield* events(full)
      assert.deepStrictEqual(first, {
        items: [],
        nextPageToken: Option.some("p+/="),
        nextSyncToken: Option.none(),
        timeZone: Option.some("Europe/Prague")
      })
      const second = yield* events({ ...full, pageToken: first.nextPageToken })
      assert.deepStrictEqual(second.items, items)
      assert.deepStrictEqual(second.nextSyncToken, Option.some("s1"))
      assert.deepStrictEqual(second.nextPageToken, Option.none())
      const [one, two] = yield* HttpStub.requests
      assert.strictEqual(one?.path, "/calendar/v3/calendars/primary/events")
      assert.deepStrictEqual(one?.query, { ...always, timeMin: "2026-10-21T00:00:00.000Z" })
      assert.deepStrictEqual(two?.query, { ...always, timeMin: "2026-10-21T00:00:00.000Z", pageToken: "p+/=" })
      assert.strictEqual(two?.headers["authorization"], "Bearer access-1")
    }).pipe(Effect.provide(google(
      list({ nextPageToken: "p+/=", timeZone: "Europe/Prague" }),
      list({ items: [{ id: "a", status: "cancelled" }, { id: "b", tomorrow: { nested: null } }], nextSyncToken: "s1" })
    ))))

  it.effect("puts nothing beside a sync token that it cannot stand beside", () =>
    Effect.gen(function*() {
      yield* events({ ...incremental, maxResults: 250 })
      const [request] = yield* HttpStub.requests
      assert.deepStrictEqual(request?.query, { ...always, maxResults: "250", syncToken: "CPDAlvWDx70CE=" })
    }).pipe(Effect.provide(google(list({ items: [] })))))

  for (
    const [calendarId, encoded] of [
      ["me@example.com", "me%40example.com"],
      ["en.usa#holiday@group.v.calendar.google.com", "en.usa%23holiday%40group.v.calendar.google.com"],
      ["a b?c=d&e", "a%20b%3Fc%3Dd%26e"],
      ["a/../../b", "a%2F..%2F..%2Fb"]
    ] as const
  ) {
    it.effect(`asks for the calendar ${calendarId} by its encoded name`, () =>
      Effect.gen(function*() {
        yield* events({ ...full, calendarId })
        const [request] = yield* HttpStub.requests
        assert.strictEqual(request?.path, `/calendar/v3/calendars/${encoded}/events`)
        assert.isTrue(request?.url.startsWith("https://google.test/"))
      }).pipe(Effect.provide(google(list({})))))
  }

  it.effect("makes no request for a calendar whose name would leave the path", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(events({ ...full, calendarId: ".." }))
      assert.strictEqual(error.message, "Google events: the request cannot be written from its parameters")
      assert.lengthOf(yield* HttpStub.requests, 0)
    }).pipe(Effect.provide(google())))

  it.effect("says that the cursor is dead after a 410", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(events(incremental))
      assert.strictEqual(error.reason._tag, "CursorExpired")
      assert.strictEqual(
        error.message,
        "Google events: Sync token is no longer valid, a full sync is required."
      )
    }).pipe(Effect.provide(google({
      status: 410,
      json: {
        error: {
          errors: [{
            domain: "calendar",
            reason: "fullSyncRequired",
            message: "Sync token is no longer valid, a full sync is required.",
            locationType: "parameter",
            location: "syncToken"
          }],
          code: 410,
          message: "Sync token is no longer valid, a full sync is required."
        }
      }
    }))))

  it.effect("keeps the library from repeating on its own: the policy alone says when", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(events(full), { startImmediately: true })
      yield* TestClock.adjust("59 seconds")
      assert.lengthOf(yield* HttpStub.requests, 1)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.lengthOf(yield* HttpStub.requests, 2)
    }).pipe(Effect.provide(google({ status: 429, headers: { "retry-after": "60" } }, list({})))))

  it.effect("renews its token after a 401", () =>
    Effect.gen(function*() {
      yield* events(full)
      assert.deepStrictEqual(
        (yield* HttpStub.requests).map(({ headers }) => headers["authorization"]),
        ["Bearer access-1", "Bearer access-2"]
      )
    }).pipe(Effect.provide(google({ status: 401 }, list({})))))

  it.effect("takes JSON that is no list of events for a failed request", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(events(full), { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual((yield* Fiber.join(fiber)).items, [1])
    }).pipe(Effect.provide(google({ json: {} }, { json: { items: [] } }, { status: 204 }, list({ items: [1] })))))

  it.effect("gives up on a silent provider after its time-outs", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(events(full), { startImmediately: true })
      yield* TestClock.adjust("4 minutes")
      const error = yield* Effect.flip(Fiber.join(fiber))
      assert.strictEqual(error.message, "Google events: no whole answer within 30s")
      assert.lengthOf(yield* HttpStub.requests, 5)
    }).pipe(Effect.provide(google(...HttpStub.times(5, { broken: "hang" })))))

  it.effect("stops when it is interrupted in the middle of a request", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(events(full), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.lengthOf(yield* HttpStub.requests, 1)
      yield* Fiber.interrupt(fiber)
    }).pipe(Effect.provide(google({ broken: "hang" }))))
})
