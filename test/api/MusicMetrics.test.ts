/** What songs tell the metrics, under the names that were asked for. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Metric } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { read } from "../support/Scraped.ts"
import { asker, musicBehind, playlistId, teardrop } from "./MusicServed.ts"

// what other tests of this process have counted is not counted here
const counted = Layer.provideMerge(musicBehind, Layer.succeed(Metric.MetricRegistry, new Map()))

layer(counted, { excludeTestServices: true })("the metrics of songs", (it) => {
  it.effect("move with a success, a failure and its letter, a 429 and a cancellation", () =>
    Effect.gen(function*() {
      const { accepted, control, ended, get } = yield* asker
      const { faults, requests } = yield* Sandbox
      const playlist_id = yield* playlistId
      const scraped = Effect.map(get("/metrics"), ({ body }) => read(body))
      const before = yield* scraped

      yield* faults.script({
        provider: "spotify",
        path: "/search",
        fault: { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 1 } }
      })
      yield* ended((yield* accepted({ ...teardrop, playlist_id })).workflow_id)
      const impossible = { track_name: "Xyzzy Plugh", artist: "Nobody At All" }
      yield* ended((yield* accepted({ ...impossible, playlist_id })).workflow_id)
      yield* faults.script({ provider: "spotify", path: "/search", fault: { _tag: "Slow", seconds: 1 } })
      const { workflow_id } = yield* accepted({ ...teardrop, user_id: "another", playlist_id })
      yield* Effect.repeat(requests, { until: (all) => all.some(({ fault }) => fault === "Slow") })
      yield* control.cancel(workflow_id, "now")
      yield* control.ended(workflow_id)

      const after = yield* scraped
      /** By how much the samples that have these labels have moved together. */
      const moved = (name: string, ...labels: ReadonlyArray<string>) =>
        after.series.filter((series) =>
          series.replace(/\{.*$/, "") === name && labels.every((label) => series.includes(label))
        ).reduce((sum, series) => sum + (after.value(series) ?? 0) - (before.value(series) ?? 0), 0)
      const ofSongs = "workflow_type=\"music_sync\""
      assert.deepStrictEqual({
        success: moved("temporal_sync_success_total"),
        failure: moved("temporal_sync_failure_total"),
        rate: after.value("temporal_sync_success_rate"),
        durations: moved("temporal_sync_duration_seconds_count"),
        runs: moved("temporal_workflow_total", ofSongs),
        completed: moved("temporal_workflow_duration_seconds_count", ofSongs, "status=\"completed\""),
        method: moved("temporal_workflow_success_total", "match_method=\"fuzzy\""),
        error: moved("temporal_workflow_failure_total", "error_type=\"NoMatch\""),
        failed: moved("temporal_failed_workflow_total"),
        cancelled: moved("temporal_cancellation_total"),
        letters: moved("temporal_dlq_workflow_total"),
        waits: moved("temporal_rate_limit_hits", "activity=\"search\""),
        spotifyWaits: moved("spotify_rate_limit_hits_total", "endpoint=\"search\""),
        retries: moved("temporal_retry_count"),
        retriesOfSearch: moved("temporal_activity_retry_count", "activity=\"search\"")
      }, {
        success: 1,
        failure: 1,
        rate: 0.5,
        durations: 3,
        runs: 3,
        completed: 1,
        method: 1,
        error: 1,
        failed: 1,
        cancelled: 1,
        letters: 1,
        waits: 1,
        spotifyWaits: 1,
        retries: 1,
        retriesOfSearch: 1
      })
      assert.isAbove(moved("temporal_activity_duration_seconds_count", "activity=\"add\""), 0)
      for (const name of ["circuit_breaker_state", "circuit_breaker_failures_total"]) {
        assert.isTrue(after.families.has(name), name)
      }
    }))
})
