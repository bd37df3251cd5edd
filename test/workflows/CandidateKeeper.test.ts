import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Connection, connectionId, ConnectionName } from "../../src/domain/Connection.ts"
import { StreamCounts, SyncReport } from "../../src/domain/Run.ts"
import { SyncSource } from "../../src/domain/SourceRun.ts"
import { Candidates } from "../../src/imports/Candidates.ts"
import { CandidateRows } from "../../src/store/CandidateRows.ts"
import { Connections } from "../../src/store/Connections.ts"
import type { RunRow } from "../../src/store/RunColumns.ts"
import { candidateKeeper } from "../../src/workflows/CandidateKeeper.ts"
import { RunNews } from "../../src/workflows/RunNews.ts"
import { at } from "../records/RecordsWorld.ts"

const second = connectionId("spotify", "second-listener")

const account = new Connection({
  id: second,
  provider: "spotify",
  userId: "second-listener",
  name: Option.some(ConnectionName.make("work")),
  state: "connected",
  scopes: [],
  connectedAt: at("2026-03-01T08:00:00Z"),
  expiresAt: Option.none(),
  refreshedAt: Option.none(),
  problem: Option.none()
})

const runOf = (workflow: string, connection: string, created: number): RunRow => ({
  id: `${workflow}-${connection}-${created}`,
  workflow,
  version: 1,
  state: "completed",
  trigger: "schedule",
  schedule: undefined,
  tick: undefined,
  attempt: 1,
  original: undefined,
  parent: undefined,
  attributes: {},
  recency: -1,
  startedAt: at("2026-03-02T08:00:00Z").epochMilliseconds + created,
  finishedAt: at("2026-03-02T08:01:00Z").epochMilliseconds,
  error: undefined,
  due: undefined,
  cancel: undefined,
  progress: undefined,
  report: Schema.encodeSync(SyncReport)(
    new SyncReport({
      ...SyncReport.empty,
      streams: { plays: new StreamCounts({ ...StreamCounts.none, created }) },
      source: Option.some(
        new SyncSource({
          connection: connectionId(connection === "google" ? "google" : "spotify", connection),
          before: { streams: {}, watermark: Option.none() },
          bytes: 0
        })
      )
    })
  )
})

it.effect("plays of further accounts and of syncs out of turn are compared with imports, other news is not", () =>
  Effect.gen(function*() {
    yield* TestClock.setTime(at("2026-03-02T09:00:00Z").epochMilliseconds)
    const looks: Array<readonly [string, number]> = []
    const enough = yield* Deferred.make<void>()
    const world = Layer.mergeAll(
      Layer.mock(Candidates, {
        reconsider: (connection, since) =>
          Effect.suspend(() => {
            looks.push([connection, since.epochMilliseconds])
            return Effect.as(looks.length === 2 ? Deferred.succeed(enough, undefined) : Effect.void, 0)
          })
      }),
      Layer.mock(CandidateRows, { comparedUntil: () => Effect.succeedNone, compared: () => Effect.void }),
      Layer.mock(Connections, {
        ofProvider: () =>
          Effect.succeed([{
            connection: account,
            refreshExpiresAt: Option.none(),
            tokens: { access_token: Option.none(), refresh_token: Option.none() },
            version: 1,
            lease: Option.none()
          }])
      })
    )
    yield* Effect.gen(function*() {
      const news = yield* RunNews
      for (
        const run of [
          runOf("connector_sync", "google", 3),
          runOf("connector_sync", "second-listener", 0),
          runOf("connector_sync", "second-listener", 1),
          runOf("spotify", "me", 2)
        ]
      ) yield* news.publish({ kind: "ended", run })
      yield* Deferred.await(enough)
    }).pipe(Effect.provide(
      candidateKeeper({ recovers: false }).pipe(Layer.provide(world), Layer.provideMerge(RunNews.layer))
    ))
    const begun = at("2026-03-02T08:00:00Z").epochMilliseconds
    assert.deepStrictEqual(looks, [[second, begun + 1], [second, begun + 2]])
  }))
