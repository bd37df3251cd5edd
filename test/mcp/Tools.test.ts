import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { McpSchema } from "effect/ai"
import { BodyDays, OwnerSettings } from "../../src/api/DataMessages.ts"
import { SearchResult, Tops } from "../../src/api/DataSumMessages.ts"
import { Status } from "../../src/api/Messages.ts"
import { RunPage } from "../../src/api/RunMessages.ts"
import { SchedulePage } from "../../src/api/ScheduleMessages.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { mcpWorld, model } from "./McpWorld.ts"

const days = { from: "2026-09-10", to: "2026-09-15" }

const Plays = Schema.Struct({
  plays: Schema.Array(Schema.Struct({ played_at: Schema.String, name: Schema.NullOr(Schema.String) })),
  total: Schema.Natural,
  next_offset: Schema.NullOr(Schema.Natural)
})
const Listed = Schema.Struct({
  events: Schema.Array(Schema.Struct({ id: Schema.String, start: Schema.String })),
  total: Schema.Natural
})
const Points = Schema.Struct({ points: Schema.Array(Schema.Struct({ bpm: Schema.Finite })), total: Schema.Natural })
const DayTold = Schema.Struct({
  days: Schema.Array(
    Schema.Struct({ day: Schema.String, plays: Schema.Natural, sleep_score: Schema.NullOr(Schema.Finite) })
  ),
  events: Schema.Array(Schema.Unknown),
  top_artists: Schema.Array(Schema.Struct({ name: Schema.String }))
})
const Tracks = Schema.Struct({
  tracks: Schema.Array(
    Schema.Struct({ uri: Schema.String, name: Schema.String, isrc: Schema.optionalKey(Schema.String) })
  )
})
const Lists = Schema.Struct({ playlists: Schema.Array(Schema.Struct({ id: Schema.String })), total: Schema.Natural })
const Verified = Schema.Struct({ verified: Schema.Boolean, times: Schema.Natural })
const Added = Schema.Struct({ status: Schema.String, snapshot_id: Schema.NullOr(Schema.String) })
const Started = Schema.Struct({ id: Schema.String })
const Accepted = Schema.Struct({ workflow_id: Schema.String })
const Triggered = Schema.Struct({ outcome: Schema.String, run: Schema.NullOr(Schema.String) })
const Paused = Schema.Struct({ pause: Schema.NullOr(Schema.Unknown) })
const Anything = Schema.Record(Schema.String, Schema.Unknown)

const contract = ["search_track", "add_track_to_playlist", "verify_track_added", "get_user_playlists", "search_by_isrc"]

layer(mcpWorld)("mcp/Tools", (it) => {
  it.effect("are listed in the same order at every start, each with hints and schemas", () =>
    Effect.gen(function*() {
      const lists = yield* Effect.forEach([1, 2], () =>
        Effect.scoped(Effect.flatMap(model(), ({ mcp }) => mcp.listTools())))
      const [first, second] = lists.map(({ tools }) =>
        tools
      )
      assert.deepStrictEqual(first?.map(({ name }) => name), second?.map(({ name }) => name))
      assert.isTrue(contract.every((name) => first?.some((tool) => tool.name === name)))
      for (const { annotations, description, inputSchema, name, outputSchema } of first ?? []) {
        assert.match(name, /^[a-z]+(_[a-z]+)+$/)
        assert.isAtLeast(description?.length ?? 0, 20, name)
        assert.strictEqual(inputSchema["type"], "object", name)
        assert.strictEqual(outputSchema?.["type"], "object", name)
        assert.isBoolean(annotations?.readOnlyHint, name)
        assert.isBoolean(annotations?.destructiveHint, name)
        assert.isBoolean(annotations?.idempotentHint, name)
      }
    }))

  it.effect("that change something are neither listed nor there, unless they were allowed", () =>
    Effect.gen(function*() {
      const { call, mcp } = yield* model(false)
      const { tools } = yield* mcp.listTools()
      assert.isTrue(tools.every(({ annotations }) => annotations?.readOnlyHint === true))
      assert.isTrue(tools.some(({ name }) => name === "verify_track_added"))
      for (const name of ["add_track_to_playlist", "trigger_sync", "cancel_run", "no_such_tool"]) {
        const error = yield* Effect.flip(call(name, { id: "x" }))
        assert.strictEqual(error.code, McpSchema.INVALID_PARAMS_ERROR_CODE, name)
        assert.include(error.message, name)
      }
    }).pipe(Effect.scoped))

  it.effect("read the owner's records by range", () =>
    Effect.gen(function*() {
      const { given } = yield* model(false)
      const owner = yield* given(OwnerSettings, "get_owner")
      assert.strictEqual(owner.today >= "2026-09-15", true)
      const plays = yield* given(Plays, "list_plays", { ...days, limit: 2 })
      assert.lengthOf(plays.plays, 2)
      assert.strictEqual(plays.next_offset, 2)
      const last = yield* given(Plays, "list_plays", { ...days, limit: 500, offset: plays.total - 1 })
      assert.lengthOf(last.plays, 1)
      assert.isNull(last.next_offset)
      const events = yield* given(Listed, "list_events", days)
      assert.isAbove(events.total, 0)
      assert.deepStrictEqual(
        events.events,
        events.events.toSorted((a, b) => a.start < b.start ? -1 : a.start > b.start ? 1 : 0)
      )
      const body = yield* given(BodyDays, "get_body", days)
      assert.lengthOf(body.days, 6)
      assert.isAbove(body.nights.length, 0)
      const points = yield* given(Points, "get_heart_rate", { ...days, limit: 5 })
      assert.lengthOf(points.points, 5)
      assert.isAbove((yield* given(Tops, "get_tops", { ...days, of: "artists" })).total, 0)
      yield* given(Anything, "get_totals", days)
      yield* given(Anything, "get_recorded", days)
      const name = plays.plays[0]?.name ?? ""
      assert.isAbove((yield* given(SearchResult, "search_records", { text: name })).found.length, 0)
      const day = yield* given(DayTold, "get_day_summary", { day: "2026-09-14" })
      assert.deepStrictEqual(day.days.map(({ day }) => day), ["2026-09-14"])
      const week = yield* given(DayTold, "get_week_summary", { week: "2026-W37" })
      assert.deepStrictEqual(week.days.map(({ day }) => day).at(0), "2026-09-07")
      assert.lengthOf(week.days, 7)
      assert.isTrue(week.days.some(({ sleep_score }) => sleep_score !== null))
    }).pipe(Effect.scoped))

  it.effect("look at the machine, and let it do something", () =>
    Effect.gen(function*() {
      const { given, refused } = yield* model()
      assert.lengthOf((yield* given(Status, "get_status")).tasks, 3)
      yield* given(Anything, "check_health")
      yield* given(Anything, "list_workflows")
      assert.isAbove((yield* given(SchedulePage, "list_schedules")).total, 0)
      const { runs } = yield* given(RunPage, "list_runs", { query: "workflow = spotify", limit: 1 })
      const id = runs[0]?.id ?? ""
      assert.strictEqual((yield* given(Started, "get_run", { id })).id, id)
      yield* given(Anything, "get_run_history", { id, limit: 3 })
      yield* given(Anything, "list_dead_letters")
      assert.strictEqual((yield* refused("get_dead_letter", { id: "run:none" })).code, "not_found")
      assert.isNotNull((yield* given(Paused, "pause_schedule", { id: "spotify", note: "a test" })).pause)
      assert.isNull((yield* given(Paused, "resume_schedule", { id: "spotify" })).pause)
      assert.strictEqual((yield* given(Triggered, "trigger_sync", { task: "spotify" })).outcome, "started")
      assert.strictEqual((yield* refused("trigger_schedule", { id: "nobody" })).code, "not_found")
      assert.strictEqual((yield* refused("cancel_run", { id })).code, "run_conflict")
      assert.strictEqual((yield* refused("retry_run", { id: "nobody" })).code, "not_found")
      yield* given(Anything, "retry_dead_letters", { ids: ["run:nobody"] })
    }).pipe(Effect.scoped))

  it.effect("find a track, put it into a playlist once, and see it there", () =>
    Effect.gen(function*() {
      const { playlists } = yield* Sandbox
      const { given, refused } = yield* model()
      const { tracks: [found] } = yield* given(Tracks, "search_track", {
        track_name: "Teardrop",
        artist: "Massive Attack"
      })
      const track_uri = found?.uri ?? ""
      const { tracks } = yield* given(Tracks, "search_by_isrc", { isrc: found?.isrc })
      assert.isTrue(tracks.some(({ uri }) => uri === track_uri))
      assert.isAbove((yield* given(Lists, "get_user_playlists", { limit: 1 })).total, 1)
      const [playlist_id = ""] = playlists.playlistIds
      const place = { playlist_id, track_uri }
      assert.isFalse((yield* given(Verified, "verify_track_added", place)).verified)
      const first = yield* given(Added, "add_track_to_playlist", place)
      assert.strictEqual(first.status, "added")
      assert.isNotNull(first.snapshot_id)
      assert.deepStrictEqual(yield* given(Added, "add_track_to_playlist", place), {
        status: "already_exists",
        snapshot_id: null
      })
      assert.deepStrictEqual(yield* given(Verified, "verify_track_added", place), { verified: true, times: 1 })
      const nowhere = { ...place, playlist_id: "0000000000000000000000" }
      assert.strictEqual((yield* refused("add_track_to_playlist", nowhere)).code, "not_found")
      const run = yield* given(Accepted, "sync_track", {
        track_name: "Teardrop",
        artist: "Massive Attack",
        playlist_id
      })
      assert.match(run.workflow_id, /^sync-anonymous-/)
    }).pipe(Effect.scoped))

  it.effect("say with a code why they did not do it, and when to ask again", () =>
    Effect.gen(function*() {
      const { faults } = yield* Sandbox
      const { refused } = yield* model()
      const long = yield* refused("list_plays", { from: "2026-01-01", to: "2026-09-15" })
      assert.strictEqual(long.code, "invalid_request")
      assert.strictEqual(long.fix, "ask in parts")
      assert.strictEqual((yield* refused("get_body", { from: "2026-01-01", to: "2026-09-15" })).code, "invalid_request")
      yield* faults.script({
        provider: "spotify",
        fault: { _tag: "Status", status: 429, retryAfter: { _tag: "Seconds", seconds: 300 } }
      })
      const busy = yield* refused("get_user_playlists")
      assert.strictEqual(busy.code, "provider_busy")
      assert.isTrue(busy.retryable)
      assert.isAtLeast(busy.retryAfter ?? 0, 1)
    }).pipe(Effect.scoped))

  it.effect("days and weeks are resources, and the recent ones are listed", () =>
    Effect.gen(function*() {
      const { mcp } = yield* model(false)
      const { resourceTemplates } = yield* mcp.listResourceTemplates()
      assert.deepStrictEqual(resourceTemplates.map(({ uriTemplate }) => uriTemplate), [
        "glider://day/{day}",
        "glider://week/{week}"
      ])
      const read = (uri: string) =>
        Effect.map(mcp.readResource({ uri }), ({ contents: [content] }) =>
          content !== undefined && "text" in content ? content.text : "")
      const recent = yield* read("glider://recent")
      const [day = ""] = /glider:\/\/day\/\S+/.exec(recent) ?? []
      assert.match(yield* read(day), /^# 2026-09-\d\d\n/)
      assert.include(yield* read("glider://week/2026-W37"), "| 2026-09-13 |")
      for (
        const uri of ["glider://day/2026-02-30", "glider://week/2025-W53", "glider://day/..%2f", "glider://nothing"]
      ) {
        yield* Effect.flip(read(uri))
      }
    }).pipe(Effect.scoped))

  it.effect("take no hostile argument for more than a mistake", () =>
    Effect.gen(function*() {
      const { call, mcp } = yield* model()
      const { tools } = yield* mcp.listTools()
      const hostile: ReadonlyArray<unknown> = [
        null,
        "",
        "'; REMOVE TABLE run; --",
        "a\u0000b",
        "\ud800",
        "x".repeat(20_000),
        -1,
        1e308,
        true,
        [],
        { $ne: "" },
        "../../etc/passwd",
        "2026-13-45"
      ]
      let refused = 0
      for (const { inputSchema, name } of tools) {
        for (const key of Object.keys(inputSchema.properties ?? {})) {
          for (const value of hostile) {
            const args = { ...days, id: "x", of: "artists", text: "x", [key]: value }
            const { content: [block], isError } = yield* call(name, args)
            if (isError === true) refused++
            if (block?.type === "text") assert.notInclude(block.text, "internal", `${name} ${key} ${String(value)}`)
          }
        }
      }
      assert.isAbove(refused, 500)
    }).pipe(Effect.scoped))
})
