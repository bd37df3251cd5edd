import { assert, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { LatestConfig } from "../../src/Config.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { Webhooks } from "../../src/webhooks/Webhooks.ts"
import { define, page, row, upsert } from "../store/CommitTest.ts"
import { alone, bodyOf, committed, deliveriesOf, flush, noon, Receiver, standings } from "./WebhookWorld.ts"

it.effect("an endpoint is told of the records of a commit, in one event that is signed", () =>
  alone(Effect.gen(function*() {
    const { seen } = yield* Receiver
    const table = yield* define("told")
    yield* committed(table, "1", "2")
    yield* committed(table, "1", "2") // nothing new is nothing to tell
    assert.deepStrictEqual(yield* standings(), ["record.created pending 0"])
    assert.strictEqual((yield* flush).tried, 1)
    const [message] = seen
    assert.isDefined(message)
    assert.deepStrictEqual(message.signedBy, ["new"])
    assert.strictEqual(message.headers["content-type"], "application/json")
    assert.strictEqual(message.headers["webhook-timestamp"], String(noon.epochMilliseconds / 1000))
    assert.isUndefined(message.headers["traceparent"])
    assert.deepStrictEqual(yield* bodyOf(message), {
      type: "record.created",
      timestamp: "2026-03-02T12:00:00.000Z",
      data: {
        stream: table,
        table,
        connection: "google:me@example.com",
        count: 2,
        ids: [["home", "1"], ["home", "2"]]
      }
    })
    assert.deepStrictEqual(yield* standings(), ["record.created published 1"])
    assert.strictEqual((yield* flush).tried, 0)
  })))

it.effect("what a page of many records tells is parted into bodies of at most 20 KB", () =>
  alone(Effect.gen(function*() {
    const { seen } = yield* Receiver
    const table = yield* define("many")
    yield* committed(table, ...Array.from({ length: 400 }, (_, index) => `${index}-${"ä".repeat(75)}`))
    yield* flush
    const bodies = yield* Effect.forEach(seen, bodyOf)
    assert.isAtMost(Math.max(...seen.map(({ body }) => Buffer.byteLength(body))), 20 * 1024)
    assert.isAtMost(bodies.length, 5)
    const counts = bodies.map(({ data }) =>
      typeof data === "object" && data !== null && "count" in data ? data["count"] : 0
    )
    assert.strictEqual(counts.reduce<number>((sum, count) => sum + Number(count), 0), 400)
  })))

it.effect("endpoints choose what they are told, in which form, and whether each record is an event", () =>
  alone(
    Effect.gen(function*() {
      const { seen } = yield* Receiver
      const [first, second] = [yield* define("first"), yield* define("second")]
      yield* committed(first, "1", "2")
      yield* committed(second, "1")
      yield* flush
      assert.lengthOf(seen, 2)
      assert.deepStrictEqual(yield* standings("home"), [])
      assert.deepStrictEqual(new Set(seen.map(({ id }) => id)).size, 2)
      const body = yield* bodyOf(seen[0] ?? { body: "" })
      assert.strictEqual(seen[0]?.headers["content-type"], "application/cloudevents+json")
      assert.deepStrictEqual(
        { ...body, id: "", data: {} },
        {
          specversion: "1.0",
          id: "",
          source: "/glider/glider",
          type: "dev.glider.record.created",
          time: "2026-03-02T12:00:00.000Z",
          subject: first,
          datacontenttype: "application/json",
          sequence: seen[0]?.id.slice("evt_".length) ?? "",
          data: {}
        }
      )
      assert.strictEqual(body["id"], seen[0]?.id)
      assert.deepInclude(body["data"], { count: 1, record: { title: "title of 1" } })
    }),
    {
      endpoints: [
        { name: "home", events: ["record.deleted", "run.*"] },
        { name: "away", events: ["record.created"], streams: ["first"], format: "cloudevents", per: "record" }
      ]
    }
  ))

it.effect("what is told goes the way of its data: written with it, or with it not at all", () =>
  alone(Effect.gen(function*() {
    const surreal = yield* Surreal
    const commit = yield* Commit
    const table = yield* define("together")
    const late = yield* commit.plan(page(table, [upsert(table, [row("1", "a"), row("2", "b")])]))
    yield* committed(table, "1")
    yield* Effect.flip(surreal.transaction(late.statements))
    assert.lengthOf(yield* deliveriesOf(), 1)
  })))

it.effect("without an endpoint that wants it nothing is written", () =>
  alone(
    Effect.gen(function*() {
      const commit = yield* Commit
      const table = yield* define("nobody")
      const plan = yield* commit.plan(page(table, [upsert(table, [row("1", "a")])]))
      assert.deepStrictEqual([plan.tells, plan.statements.length], [false, 1])
      yield* committed(table, "1")
      assert.deepStrictEqual([yield* standings("home"), yield* standings("away")], [[], []])
    }),
    { endpoints: [{ name: "home", events: ["run.failed"] }, { name: "away", enabled: false }] }
  ))

it.effect("a reload takes over who is told what, and gives up what waits for those who are told nothing any more", () =>
  alone(Effect.gen(function*() {
    const config = yield* LatestConfig
    const { settle } = yield* Webhooks
    const [before] = (yield* config.get).webhooks ?? []
    assert.isDefined(before)
    const table = yield* define("reloaded")
    yield* committed(table, "1")
    yield* config.set({ ...yield* config.get, webhooks: [{ ...before, name: "away" }] })
    yield* committed(table, "2")
    assert.deepStrictEqual(yield* standings("away"), ["record.created pending 0"])
    assert.strictEqual(yield* settle, 1)
    yield* flush
    assert.deepStrictEqual([yield* standings("home"), yield* standings("away")], [
      ["record.created failed 0"],
      ["record.created published 1"]
    ])
  })))

it.effect("a sign-in that is no longer good is told with the state that says so", () =>
  alone(Effect.gen(function*() {
    const connections = yield* Connections
    const id = connectionId("oura", "me")
    const tokens = {
      access_token: "a",
      refresh_token: "r",
      expiresAt: noon,
      refreshExpiresAt: Option.none(),
      scopes: [],
      at: noon
    }
    const stored = yield* connections.signIn({ id, provider: "oura", userId: "me", version: 0 }, tokens)
    const row = Option.getOrThrow(stored)
    yield* connections.needsAuth({ ...row, version: 99 }, "another was faster")
    assert.deepStrictEqual(yield* standings(), [])
    yield* connections.needsAuth(row, "revoked there")
    assert.deepStrictEqual(yield* standings(), ["connection.needs_auth pending 0"])
  })))
