import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigProvider, Effect, Exit, FileSystem, Layer, Option, Schema } from "effect"
import { CliError, Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { NotFound } from "../../src/api/Problems.ts"
import { codeOf, type EndingState } from "../../src/cli/Ending.ts"
import { CommandFailed, exitCodeOf } from "../../src/cli/Failure.ts"
import { glider } from "../../src/cli/Glider.ts"
import { withSpans } from "../../src/cli/InstantFlag.ts"
import * as Presenter from "../../src/cli/Presenter.ts"
import * as Terminal from "../../src/cli/Terminal.ts"
import { ConfigFileError } from "../../src/config/Mistake.ts"
import { DataFolderError } from "../../src/config/Places.ts"
import { NeedsAuth, ProviderError, Unavailable } from "../../src/domain/ProviderError.ts"

/** What a person at a pipe gets: the exit code and what stands on the two outputs. */
const invoke = Effect.fnUntraced(
  function*(args: ReadonlyArray<string>) {
    const exit = yield* Effect.exit(Command.runWith(glider, { version: "1.2.3" })(args))
    return {
      code: codeOf(exit, { drains: false, signal: undefined }),
      out: (yield* TestConsole.logLines).join("\n"),
      err: (yield* TestConsole.errorLines).join("\n")
    }
  },
  Effect.provide(
    Layer.mergeAll(
      Layer.fresh(TestConsole.layer),
      Presenter.layer,
      Terminal.layer,
      ConfigProvider.layer(ConfigProvider.fromUnknown({ HOME: "/nowhere" }))
    ).pipe(Layer.provideMerge(NodeServices.layer))
  )
)

describe("cli: invocation", () => {
  it.effect("prints the help that is asked for on standard output", () =>
    Effect.gen(function*() {
      for (const args of [["--help"], [], ["sync", "google_calendar", "--help"]]) {
        const { code, err, out } = yield* invoke(args)
        assert.strictEqual(code, 0)
        assert.strictEqual(err, "")
        assert.include(out, "USAGE")
      }
      assert.strictEqual((yield* invoke(["--version"])).out, "glider 1.2.3")
    }))

  it.effect("tells a mistake in the invocation on standard error with what was probably meant", () =>
    Effect.gen(function*() {
      const cases: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
        [["snyc"], "did you mean sync?"],
        [["sync", "spotfy"], "did you mean spotify?"],
        [["sync", "google_calendar", "--calender-id", "x"], "did you mean --calendar-id?"],
        [["sync", "oura", "--mode", "half"], "heartrate"],
        [["sync", "oura", "--lookback-days", "0"], "1 or more"],
        [["sync", "oura", "--lookback-days", "soon"], "--lookback-days"],
        [["sync", "oura", "--data-types", "sleep,naps"], "daily_sleep"],
        [["workflow", "start", "diagnostics", "--id", ""], "1 to 256 characters"],
        [["workflow", "start", "diagnostics", "--id", "a\u001b[2J"], "control character"],
        [["dlq", "list", "--older-than", "7 days"], "7d"],
        [["schedule", "pause", "nightly", "--until", "soon"], "7d"],
        [["schedule", "backfill", "nightly", "--from", "7d"], "--to"],
        [["schedule", "update", "nightly", "--enabled", "yes"], "true"],
        [["status", "--timeout", "soon"], "1m30s"],
        [["status", "--server-url", "glider.lan"], "https://glider.lan:4747"],
        [["status", "--output", "yaml"], "json"],
        [["status", "extra"], "extra"],
        [["auth"], "glider auth"],
        [["config"], "glider config"]
      ]
      for (const [args, hint] of cases) {
        const { code, err, out } = yield* invoke(args)
        assert.strictEqual(code, 2, args.join(" "))
        assert.strictEqual(out, "", args.join(" "))
        assert.include(err, hint)
      }
    }))

  it("take a span with its sign for the value of the flag before it, and of no other word", () => {
    assert.deepStrictEqual(
      withSpans(["schedule", "explain", "-2h", "--from", "-7d", "--to", "+1h30m", "--yes", "-h", "--from=-1d"]),
      ["schedule", "explain", "-2h", "--from=-7d", "--to", "+1h30m", "--yes", "-h", "--from=-1d"]
    )
  })

  it.effect("checks and shows the config on standard output", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* fs.makeTempDirectoryScoped()
      const good = `${folder}/good.toml`
      const bad = `${folder}/bad.toml`
      yield* fs.writeFileString(
        good,
        "[sync.spotify]\ninterval_seconds = 120\n\n[schedule.nightly]\nworkflow = \"diagnostics\"\n" +
          "input = { key = \"a\" }\ncron = \"0 2 * * *\"\ntimezone = \"Europe/Berlin\"\n"
      )
      yield* fs.writeFileString(bad, "[sync.spotify]\nintervall_seconds = 120\n")
      const checked = yield* invoke(["config", "check", "--config", good, "--output", "json"])
      assert.strictEqual(checked.code, 0)
      const Checked = Schema.fromJsonString(Schema.Struct({
        path: Schema.String,
        tasks: Schema.Unknown,
        schedules: Schema.Array(Schema.Record(Schema.String, Schema.Unknown))
      }))
      const { path, schedules, tasks } = yield* Schema.decodeUnknownEffect(Checked)(checked.out)
      assert.strictEqual(path, good)
      assert.deepStrictEqual(tasks, [{ name: "spotify", enabled: true, intervalSeconds: 120 }])
      assert.deepStrictEqual(
        schedules.map(({ cron, id, interval_seconds, kind, workflow }) => [id, kind, workflow, interval_seconds, cron]),
        [
          ["spotify", "sync", "spotify", 120, undefined],
          ["nightly", "workflow", "diagnostics", undefined, "0 2 * * *"],
          ["backup", "workflow", "backup", undefined, "30 3 * * *"]
        ]
      )
      const table = (yield* invoke(["config", "check", "--config", good])).out
      assert.include(table, "nightly")
      assert.include(table, "At 02:00 every day, Europe/Berlin")
      assert.include((yield* invoke(["config", "show", "--config", good])).out, "interval_seconds = 120")
      assert.include((yield* invoke(["config", "schema"])).out, "\"$schema\"")
      const modelled = `${folder}/modelled.toml`
      yield* fs.writeFileString(modelled, "[sync.spotify]\ninterval_seconds = 120\n[ai]\nprovider = \"anthropic\"\n")
      const keyless = yield* invoke(["config", "check", "--config", modelled])
      assert.strictEqual(keyless.code, 0)
      assert.include(keyless.err, "GLIDER_AI_API_KEY is not set, and Anthropic answers nobody without a key")
      assert.strictEqual((yield* invoke(["config", "check", "--config", bad])).code, 2)
      assert.strictEqual((yield* invoke(["config", "check", "--config", `${folder}/none.toml`])).code, 2)
    }).pipe(Effect.provide(NodeServices.layer)))
})

const provider = (reason: ProviderError["reason"]) => new ProviderError({ provider: "oura", operation: "x", reason })
const running: EndingState = { drains: false, signal: undefined }

describe("cli: exit codes", () => {
  it("are 1 for failures, 2 for mistakes, 3 where a sign-in is needed", () => {
    const table: ReadonlyArray<readonly [unknown, number]> = [
      [new CommandFailed({ message: "partial", exitCode: 1 }), 1],
      [new CommandFailed({ message: "sign in", exitCode: 3 }), 3],
      [new NotFound({ detail: "no run" }), 1],
      [new ConfigFileError({ path: "config.toml", mistakes: [] }), 2],
      [new DataFolderError({ path: "", message: "no folder" }), 2],
      [provider(new NeedsAuth({ message: "revoked" })), 3],
      [provider(new Unavailable({ status: Option.none(), message: "reset" })), 1],
      [new CliError.ShowHelp({ commandPath: ["glider"], errors: [] }), 0],
      [new CliError.ShowHelp({ commandPath: ["glider", "sync"], errors: [] }), 2],
      [new Error("anything"), 1],
      ["anything", 1]
    ]
    for (const [error, code] of table) assert.strictEqual(exitCodeOf(error), code, String(error))
    assert.strictEqual(codeOf(Exit.void, running), 0)
    assert.strictEqual(codeOf(Exit.die(new Error("bug")), running), 1)
  })

  it("tell the signal that ended a command, and 0 for a daemon that has drained", () => {
    const interrupted = Exit.failCause(Cause.interrupt())
    assert.strictEqual(codeOf(interrupted, { drains: false, signal: "SIGINT" }), 130)
    assert.strictEqual(codeOf(interrupted, { drains: false, signal: "SIGTERM" }), 143)
    assert.strictEqual(codeOf(interrupted, { drains: true, signal: "SIGTERM" }), 0)
    assert.strictEqual(
      codeOf(Exit.fail(new CommandFailed({ message: "", exitCode: 1 })), { drains: true, signal: "SIGINT" }),
      1
    )
  })
})
