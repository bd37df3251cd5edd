import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, FileSystem, Layer, Logger, Option, Schedule } from "effect"
import { FetchHttpClient } from "effect/http"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { type Ended, installation, printedRun, printedTask } from "../support/CommandLine.ts"
import { tablesIn } from "../support/Leaks.ts"

const surroundings = Layer.unwrap(
  Effect.map(DateTime.now, (start) => Sandbox.layer({ start, seed: "command line" }))
).pipe(
  Layer.provideMerge(FetchHttpClient.layer),
  Layer.provideMerge(NodeServices.layer),
  Layer.provideMerge(Logger.layer([]))
)

const syncs = `[sync.google_calendar]
interval_seconds = 1800

[sync.spotify]
interval_seconds = 1800

[sync.oura]
interval_seconds = 3600
lookback_days = 1
`

/** A dozen processes on a busy machine. */
const patience = 120_000

const ends = ({ code, err, out }: Ended, expected: number) => assert.strictEqual(code, expected, `${out}${err}`)

/** What a run says of its only stream, or of one of them. */
const counts = Effect.fnUntraced(function*(ended: Ended, stream: string) {
  const { status, syncReport } = yield* printedRun(ended)
  assert.strictEqual(status, "completed")
  return syncReport.streams[stream]
})

layer(surroundings, { excludeTestServices: true })("the command line", (it) => {
  it.effect(
    "what is wrong is said on standard error, with what mends it and a code of its own",
    () =>
      Effect.gen(function*() {
        const glider = yield* installation({ syncs })
        const broken = yield* installation({
          syncs: "[sync.spotify]\nintervall_seconds = 120\n\n[sync.oura]\ninterval_seconds = 0\n"
        })
        const [usage, config] = yield* Effect.all([
          glider.run("sync", "spotfy"),
          broken.run("sync", "spotify")
        ], { concurrency: 2 })

        ends(usage, 2)
        assert.include(usage.err, "did you mean spotify?")
        ends(config, 2)
        assert.match(
          config.err,
          /config\.toml:\d+:1 sync\.spotify\.intervall_seconds: .*did you mean interval_seconds\?/
        )
        assert.match(config.err, /config\.toml:\d+:\d+ sync\.oura\.interval_seconds: /)
        for (const { out } of [usage, config]) assert.strictEqual(out, "")
      }),
    patience
  )

  it.effect(
    "sync spotify: 50 new plays, then none; stopped with Ctrl-C it is interrupted",
    () =>
      Effect.gen(function*() {
        const { faults } = yield* Sandbox
        const glider = yield* installation({ syncs })
        ends(yield* glider.signIn("spotify"), 0)
        const first = yield* glider.run("sync", "spotify", "--output", "json")
        const second = yield* glider.run("sync", "spotify", "--output", "json")
        ends(first, 0)
        ends(second, 0)
        assert.deepInclude(yield* counts(first, "spotify_listening_history"), { read: 50, created: 50 })
        assert.deepInclude(yield* counts(second, "spotify_listening_history"), { read: 50, created: 0, unchanged: 50 })

        yield* faults.script({ provider: "spotify", fault: { _tag: "Hang" } })
        const before = (yield* faults.applied).length
        const third = yield* glider.begin("sync", "spotify", "--output", "json")
        yield* Effect.repeat(faults.applied, {
          until: (applied) => applied.length > before,
          schedule: Schedule.spaced("10 millis")
        })
        yield* third.signal("SIGINT")
        ends(yield* third.ended, 130)
        const tables = yield* tablesIn(`${glider.data}/store`)
        const runs = tables.find(({ table }) => table === "run")
        const stored = Buffer.from(runs?.bytes ?? []).toString()
        assert.deepStrictEqual(
          [...stored.matchAll(/"state":"(\w+)"/g)].map(([, status = ""]) => status).toSorted(),
          ["completed", "completed", "interrupted"]
        )
      }),
    patience
  )

  it.effect(
    "commands go through a glider run that holds the store, and the person sees no difference",
    () =>
      Effect.gen(function*() {
        const { calendar } = yield* Sandbox
        const fs = yield* FileSystem.FileSystem
        const glider = yield* installation({ syncs })
        const daemon = yield* glider.begin("run")
        yield* daemon.said(/serving on/)
        yield* Effect.all([daemon.said(/google_calendar needs_auth/), daemon.said(/oura needs_auth/)])

        const [refused, notSignedIn, google, oura] = yield* Effect.all([
          glider.run("run"),
          glider.run("sync", "spotify", "--output", "json"),
          glider.signIn("google"),
          glider.signIn("oura")
        ], { concurrency: 2 })
        ends(refused, 1)
        assert.include(refused.err, `pid ${daemon.pid}`)
        ends(notSignedIn, 3)
        const { error } = yield* printedRun(notSignedIn)
        assert.deepStrictEqual(Option.flatMap(error, ({ fix }) => fix), Option.some("glider auth spotify"))
        assert.include(notSignedIn.err, "mend it: glider auth spotify")
        ends(google, 0)
        ends(oura, 0)

        const at = yield* DateTime.now
        const slot = (hours: number) => ({
          start: { dateTime: DateTime.formatIso(DateTime.add(at, { hours })) },
          end: { dateTime: DateTime.formatIso(DateTime.add(at, { hours: hours + 1 })) }
        })
        const calendarId = calendar.calendarIds[0] ?? ""
        const moved = yield* calendar.addEvent({ calendarId, summary: "Walk", ...slot(20) })
        const cancelled = yield* calendar.addEvent({ calendarId, summary: "Call", ...slot(30) })
        const [full, health] = yield* Effect.all([
          glider.run("sync", "google_calendar", "--output", "json"),
          glider.run("sync", "oura", "--output", "json")
        ], { concurrency: 2 })
        ends(full, 0)
        ends(health, 0)
        assert.isAtLeast((yield* counts(full, "google_calendar_events"))?.created ?? 0, 2)
        yield* calendar.moveEvent({ calendarId, eventId: moved, ...slot(40) })
        yield* calendar.cancelEvent({ calendarId, eventId: cancelled })
        yield* calendar.addEvent({ calendarId, summary: "Dentist", ...slot(50) })
        const changes = yield* glider.run("sync", "google_calendar", "--output", "json")
        ends(changes, 0)
        assert.deepInclude(
          yield* counts(changes, "google_calendar_events"),
          { read: 3, created: 1, updated: 1, deleted: 1, unchanged: 0 }
        )

        yield* glider.configure(syncs.replace("interval_seconds = 3600", "interval_seconds = 7200"))
        yield* daemon.signal("SIGHUP")
        yield* daemon.said(/config reloaded/)
        const status = yield* glider.run("status", "--output", "json")
        ends(status, 0)
        const { intervalSeconds, lastRun, nextStart } = yield* printedTask(status, "oura")
        assert.strictEqual(intervalSeconds, 7200)
        assert.strictEqual(lastRun?.status, "completed")
        assert.isAbove(
          DateTime.toEpochMillis(DateTime.makeUnsafe(nextStart ?? 0)),
          DateTime.toEpochMillis(at) + 3_700_000
        )

        yield* daemon.signal("SIGTERM")
        ends(yield* daemon.ended, 0)
        assert.deepStrictEqual((yield* fs.readDirectory(glider.data)).toSorted(), ["key", "store", "store.witness"])
      }),
    patience
  )
})
