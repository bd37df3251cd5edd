import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type Ended, installation } from "../support/CommandLine.ts"
import { command } from "../support/Invoke.ts"

const surroundings = Layer.mergeAll(Sandbox.layer({ seed: "run commands" }), FetchHttpClient.layer).pipe(
  Layer.provideMerge(NodeServices.layer)
)

/** A dozen processes on a busy machine. */
const patience = 120_000

const Printed = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

const printed = ({ out }: Ended) => Schema.decodeUnknownEffect(Printed)(out)

const Listed = Schema.fromJsonString(
  Schema.Struct({ runs: Schema.Array(Schema.Struct({ id: Schema.String, status: Schema.String })) })
)

const ends = ({ code, err, out }: Ended, expected: number) => assert.strictEqual(code, expected, `${out}${err}`)

layer(surroundings, { excludeTestServices: true })("runs, dlq and workflow", (it) => {
  it.effect(
    "start, find, signal, cancel and retry runs of a glider run, which a kill does not lose",
    () =>
      Effect.gen(function*() {
        const glider = yield* installation({ syncs: "[sync.spotify]\ninterval_seconds = 3600" })
        // what only asks the glider run needs no process of its own
        const ask = (...args: ReadonlyArray<string>) =>
          command([...args, "--config", glider.config, "--data-dir", glider.data], { HOME: glider.home })
        const starting = (input: object, id: string) =>
          ["workflow", "start", "diagnostics", "--input", JSON.stringify(input), "--id", id] as const
        const first = yield* glider.begin("run")
        yield* first.said(/serving on/)

        const started = yield* Effect.all([
          ask(...starting({ key: "a", awaitSignal: true }, "waits")),
          ask(...starting({ key: "b", pauseSeconds: 86_400 }, "sleeps")),
          ask(...starting({ key: "c", fail: true }, "fails")),
          ask("workflow", "start", "diagnostics", "--input", "{\"keys\":1}"),
          ask("workflow", "start", "diagnostic")
        ], { concurrency: 2 })
        assert.deepStrictEqual(started.map(({ code }) => code), [0, 0, 0, 2, 2])
        assert.include(started[3].err, "Missing key")
        assert.include(started[4].err, "there is no workflow diagnostic")

        const filters = ["--workflow", "diagnostics", "--status", "failed"]
        const [waiting, mistake, misnamed, filtered, scheduled] = yield* Effect.all([
          ask("runs", "list", "--query", "state = waiting and started > -1h"),
          ask("runs", "list", "--query", "status = faild"),
          ask("runs", "list", "--query", "statu = failed"),
          ask("runs", "list", ...filters, "--query", "state = waiting or state = failed", "--output", "json"),
          ask("runs", "list", "--schedule", "spotify", "--output", "json")
        ], { concurrency: 2 })
        const { runs } = yield* Schema.decodeUnknownEffect(Listed)(filtered.out)
        assert.deepStrictEqual(runs, [{ id: "fails", status: "failed" }])
        const { runs: ticks } = yield* Schema.decodeUnknownEffect(Listed)(scheduled.out)
        assert.deepStrictEqual(ticks.map(({ id }) => id.split("@")[0]), ["glider.spotify"])
        assert.include(waiting.out, "waits")
        assert.include(waiting.out, "sleeps")
        ends(mistake, 2)
        assert.include(mistake.err, "failed")
        ends(misnamed, 0)
        assert.include(misnamed.err, "did you mean status?")

        // what waits has nothing to lose, and goes on under the next process
        process.kill(first.pid, "SIGKILL")
        yield* Effect.exit(first.ended)
        const second = yield* glider.begin("run")
        yield* second.said(/serving on/)
        const [signalled, cancelled] = yield* Effect.all([
          ask("workflow", "signal", "waits", "go", "--value", "\"yes\""),
          ask("runs", "cancel", "sleeps")
        ], { concurrency: 2 })
        ends(signalled, 0)
        ends(cancelled, 0)
        const [watched, over, history] = yield* Effect.all([
          ask("runs", "watch", "waits"),
          ask("runs", "watch", "sleeps"),
          ask("workflow", "show", "waits")
        ], { concurrency: 2 })
        ends(watched, 0)
        ends(over, 1)
        assert.include(over.err, "cancelled")
        assert.match(history.out, /signal +go .*"yes"/)

        const [letters, preview] = yield* Effect.all([
          ask("dlq", "list", "--newer-than", "12h"),
          ask("dlq", "retry", "--all", "--dry-run", "--output", "json")
        ], { concurrency: 2 })
        assert.include(letters.out, "run:fails")
        assert.deepInclude(yield* printed(preview), { matched: 1, preview: true, failed: [] })
        const retried = yield* ask("dlq", "retry", "run:fails", "--input", "{\"key\":\"c\"}", "--output", "json")
        ends(retried, 0)
        assert.deepInclude(yield* printed(retried), { done: [{ id: "run:fails", run: "fails~2" }] })
        const [linked, empty] = yield* Effect.all([
          ask("runs", "watch", "fails~2"),
          ask("dlq", "list")
        ], { concurrency: 2 })
        ends(linked, 0)
        assert.include(empty.out, "no dead letters")

        yield* second.signal("SIGTERM")
        ends(yield* second.ended, 0)
        // without a glider run the commands open the store themselves
        const alone = yield* glider.run("runs", "list", "--query", "original = fails")
        ends(alone, 0)
        assert.include(alone.out, "fails~2")
        const begun = yield* glider.run(...starting({ key: "d", pauseSeconds: 86_400 }, "later"))
        ends(begun, 0)
        assert.include(begun.err, "goes on at the next: glider run")
        const still = yield* glider.run("runs", "watch", "later")
        ends(still, 1)
        assert.include(still.err, "no glider run is at work, so nothing moves; start one: glider run")
        const again = yield* glider.run("runs", "retry", "later")
        ends(again, 1)
        assert.include(again.err, "glider runs cancel later")
      }),
    patience
  )
})
