import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Schema } from "effect"
import { SchedulePage } from "../../src/api/ScheduleMessages.ts"
import { CurrentConfig, load } from "../../src/Config.ts"
import { servedBy } from "../api/Served.ts"
import { freePort } from "../support/CommandLine.ts"
import { invoke } from "../support/Invoke.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const nightly = `[schedule.nightly]
workflow = "diagnostics"
input = { key = "nightly" }
cron = "0 2 * * *"
timezone = "Europe/Berlin"
jitter = "5m"
`

const rest = `[schedule.often]
workflow = "diagnostics"
input = { key = "often" }
cron = "*/5 * * * *"
start_at = 2025-01-01T00:00:00Z

[schedule.stubborn]
workflow = "diagnostics"
input = { key = "stubborn", awaitSignal = true }
interval_seconds = 3600
enabled = false
`

/** A Glider whose schedules nobody attends to, by a config file of its own. */
const config = Layer.effect(
  CurrentConfig,
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const file = `${yield* temporaryFolder}/config.toml`
    yield* fs.writeFileString(
      file,
      `[server]\nport = ${yield* freePort}\nrequests_per_minute = 0\n\n[backup]\nenabled = false\n\n${nightly}\n${rest}`
    )
    return yield* load(file)
  })
)

const decodePage = Schema.decodeEffect(Schema.fromJsonString(SchedulePage))
const decodeStarted = Schema.decodeEffect(
  Schema.fromJsonString(Schema.Struct({ run: Schema.NullOr(Schema.String), ticks: Schema.Finite, new: Schema.Finite }))
)

layer(servedBy(config), { excludeTestServices: true, concurrent: false })("glider schedule", (it) => {
  it.effect("lists as a table, and as the page of the API with how many there are", () =>
    Effect.gen(function*() {
      const table = yield* invoke("schedule", "list")
      assert.match(table.out, /^SCHEDULE +WHEN +STATE +NEXT +LAST +STATUS\n/)
      assert.match(table.out, /nightly +At 02:00 every day, Europe\/Berlin +on/)
      assert.match(table.out, /stubborn +1h after the end of each run +off/)
      const page = yield* decodePage((yield* invoke("schedule", "list", "--enabled-only", "--output", "json")).out)
      assert.strictEqual(page.total, 2)
      const first = yield* invoke("schedule", "list", "--limit", "1")
      assert.include(first.err, "More: glider schedule list --after nightly")
    }))

  it.effect("get tells one in words, config beside what is in force; what is not there is told with what mends it", () =>
    Effect.gen(function*() {
      const { code, out } = yield* invoke("schedule", "get", "schedule-glider-nightly")
      assert.strictEqual(code, 0)
      assert.include(out, "At 02:00 every day, Europe/Berlin")
      assert.match(out, /when +0 2 \* \* \* +0 2 \* \* \*/)
      const gone = yield* invoke("schedule", "get", "nightlie")
      assert.strictEqual(gone.code, 1)
      assert.include(gone.err, "there is no schedule nightlie")
      assert.include(gone.err, "glider schedule list")
    }))

  it.effect("explains ticks in UTC and in the schedule's zone, with what jitter and the clocks did", () =>
    Effect.gen(function*() {
      const { code, out } = yield* invoke("schedule", "explain", "nightly", "--to", "+36h")
      assert.strictEqual(code, 0)
      assert.match(out, /NOMINAL +EUROPE\/BERLIN +EFFECTIVE +OUTCOME/)
      assert.match(out, /\d\dZ +\S+T02:00:00\+0[12]:00 +\S+Z +due +- +jitter /)
      const gap = yield* invoke("schedule", "explain", "nightly", "--from", "2090-03-26", "--to", "2090-03-27")
      assert.match(gap.out, /T01:00:00Z +2090-03-26T03:00:00\+02:00 .*2090-03-26T02:00:00 does not exist/)
    }))

  it.effect("pauses with a note until a time, and resumes", () =>
    Effect.gen(function*() {
      const paused = yield* invoke("schedule", "pause", "often", "--for", "2h", "--note", "moving house")
      assert.strictEqual(paused.code, 0)
      assert.match(paused.out, /paused until \S+ \(in 2h\) \(moving house\), override/)
      assert.include(paused.err, "reverts when that is reloaded")
      const both = yield* invoke("schedule", "pause", "often", "--for", "2h", "--until", "1d")
      assert.strictEqual(both.code, 2)
      assert.match((yield* invoke("schedule", "list", "--state", "paused")).out, /often/)
      assert.strictEqual((yield* invoke("schedule", "resume", "often")).out, "often: Every 5 minutes, on")
      assert.strictEqual((yield* invoke("schedule", "list", "--state", "paused")).out, "no schedules")
    }))

  it.effect("updates until the next reload; an expression that is none is told with its field, range and example", () =>
    Effect.gen(function*() {
      const mistake = yield* invoke("schedule", "update", "nightly", "--cron", "61 * * * *")
      assert.strictEqual(mistake.code, 2)
      assert.include(mistake.err, "\"61\" is no minute: expected 0-59, e.g. \"*/5\"")
      assert.strictEqual((yield* invoke("schedule", "update", "nightly")).code, 2)
      const updated = yield* invoke("schedule", "update", "nightly", "--cron", "30 3 * * *")
      assert.strictEqual(updated.out, "nightly: At 03:30 every day, Europe/Berlin, on, override")
      const { out } = yield* invoke("schedule", "get", "nightly")
      assert.match(out, /when +0 2 \* \* \* +30 3 \* \* \*/)
    }))

  it.effect("plans what a reload would change, field by field", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const { path } = yield* CurrentConfig
      const text = yield* fs.readFileString(path)
      yield* fs.writeFileString(
        path,
        text.replace("\"*/5 * * * *\"", "\"@hourly\"").replace("[schedule.stubborn]", "[schedule.other]")
      )
      const { code, err, out } = yield* invoke("schedule", "plan")
      yield* fs.writeFileString(path, text)
      assert.strictEqual(code, 0)
      const lines = out.split("\n")
      assert.includeMembers(lines, ["~ often", "    ~ cron: \"*/5 * * * *\" -> \"@hourly\"", "+ other", "- stubborn"])
      assert.include(lines, "~ nightly: what was changed by hand ends")
      assert.include(err, "glider reload")
    }))

  it.effect("triggers a run; while it is at work another is skipped, and that is a failure", () =>
    Effect.gen(function*() {
      const started = yield* invoke("schedule", "trigger", "stubborn")
      assert.strictEqual(started.code, 0, started.err)
      assert.match(started.out, /^glider\.stubborn-/)
      const skipped = yield* invoke("schedule", "trigger", "stubborn")
      assert.strictEqual(skipped.code, 1)
      assert.include(skipped.err, `skipped: overlap: run ${started.out} is at work`)
      const listed = yield* invoke("runs", "list", "--schedule", "stubborn")
      assert.include(listed.out, started.out)
    }))

  it.effect("backfills the past once: the same again has nothing new", () =>
    Effect.gen(function*() {
      const stretch = ["often", "--from", "2025-03-01", "--to", "2025-03-01T00:10:00Z"]
      const preview = yield* invoke("schedule", "backfill", ...stretch, "--dry-run")
      assert.strictEqual(preview.out, "3 ticks, 3 new: they would run one after the other")
      const first = yield* invoke("schedule", "backfill", ...stretch, "--output", "json")
      const { run, ...counts } = yield* decodeStarted(first.out)
      assert.deepStrictEqual(counts, { ticks: 3, new: 3 })
      assert.strictEqual((yield* invoke("runs", "watch", run ?? "")).code, 0)
      assert.strictEqual((yield* invoke("schedule", "backfill", ...stretch)).out, "3 ticks, 0 new")
      const { out } = yield* invoke("schedule", "explain", "often", "--from", "2025-03-01", "--to", "2025-03-02")
      assert.match(out, /2025-03-01T00:10:00Z +\S+ +\S+ +started backfilled +glider\.often@2025-03-01T00:10:00\.000Z/)
    }))

  it.effect("deletes only what somebody means", () =>
    Effect.gen(function*() {
      const refused = yield* invoke("schedule", "delete", "stubborn")
      assert.strictEqual(refused.code, 2)
      assert.include(refused.err, "glider schedule delete stubborn --yes")
      assert.strictEqual((yield* invoke("schedule", "get", "stubborn")).code, 0)
      const deleted = yield* invoke("schedule", "delete", "stubborn", "--yes")
      assert.strictEqual(deleted.code, 0)
      assert.include(deleted.err, "comes back when the config is reloaded")
      assert.strictEqual((yield* invoke("schedule", "get", "stubborn")).code, 1)
    }))

  it.effect("tells what a former name of the project left behind", () =>
    Effect.gen(function*() {
      const { code, out } = yield* invoke("schedule", "migrate", "--from", "old", "--to", "glider", "--dry-run")
      assert.strictEqual(code, 0)
      assert.strictEqual(out, "nothing of old is there")
      assert.strictEqual((yield* invoke("schedule", "migrate", "--from", "glider", "--to", "new")).code, 2)
    }))
})
