import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, DateTime, Effect, Layer, Option, type Schema } from "effect"
import { TestClock } from "effect/testing"
import { CurrentConfig, LatestConfig } from "../../src/Config.ts"
import { alertDefaults } from "../../src/config/AlertKeys.ts"
import { anyJob } from "../../src/domain/BackgroundJob.ts"
import { AtWork } from "../../src/jobs/AtWork.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { StandingJobs } from "../../src/jobs/Standing.ts"
import * as Records from "../../src/records/Records.ts"
import * as ReportDesk from "../../src/reports/ReportDesk.ts"
import { Mail } from "../../src/services/Mail.ts"
import { Secrets } from "../../src/services/Secrets.ts"
import * as ReportJobs from "../../src/standing/ReportJobs.ts"
import { MailedReport } from "../../src/standing/ReportMail.ts"
import * as ReportMail from "../../src/standing/ReportMail.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { ImportCoverage } from "../../src/store/ImportCoverage.ts"
import { letterbox, MailServer } from "../alerts/AlertWorld.ts"
import { configOf } from "../api/Served.ts"
import { at, signedIn } from "../records/RecordsWorld.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

const configured = Layer.effect(
  CurrentConfig,
  Effect.map(MailServer, ({ port }) => ({
    ...configOf({}),
    network: { allowedPrivate: ["127.0.0.1"] },
    alerts: { ...alertDefaults, sinks: [{ ...letterbox(port), enabled: false }] },
    reports: { mail: ["letterbox"] }
  }))
)

const world = Layer.merge(ReportJobs.layer, ReportMail.layer).pipe(
  Layer.provide([ReportDesk.layer, Mail.layer]),
  Layer.provide([Records.layer, Secrets.layer]),
  Layer.provideMerge(Jobs.layer),
  Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer, StandingJobs.layer, BackgroundJobs.layer)),
  Layer.provideMerge(ImportCoverage.layer),
  Layer.provideMerge(LatestConfig.layer),
  Layer.provideMerge(configured),
  Layer.provideMerge(MailServer.layer),
  Layer.provideMerge(memoryStoreTest),
  Layer.provideMerge(ConfigProvider.layer(ConfigProvider.fromUnknown({
    GLIDER_ALERT_LETTERBOX_PASSWORD: "open sesame"
  }))),
  Layer.provideMerge(NodeServices.layer)
)

/** Does a job of the type once, as a worker does. */
const done = Effect.fnUntraced(function*(type: string, payload: Schema.Json) {
  const types = yield* JobTypes
  const now = yield* DateTime.now
  return yield* Option.getOrThrow(types.find(type)).attempt(payload, {
    id: "j",
    type,
    attempt: 1,
    maxAttempts: 1,
    createdAt: now,
    isCancelled: Effect.succeed(false)
  })
})

const given = Effect.flatMap(
  Jobs,
  ({ list }) =>
    Effect.map(list(anyJob, Option.none(), 10), ({ jobs }) => jobs.map(({ payload, type }) => ({ type, payload })))
)

const morning = Effect.gen(function*() {
  yield* TestClock.setTime(at("2027-01-12T09:00:00Z").epochMilliseconds)
  yield* signedIn
  yield* done("reports.daily", { day: "2027-01-11" })
})

const letter = { key: "daily_reports:2027-01-11", to: "letterbox" }

it.effect("a report that the clock has made is mailed once, as text and as HTML", () =>
  Effect.gen(function*() {
    const { seen } = yield* MailServer
    yield* morning
    yield* done("reports.daily", { day: "2027-01-11" })
    assert.deepStrictEqual(yield* given, [{ type: MailedReport.name, payload: letter }])
    assert.strictEqual((yield* done(MailedReport.name, letter))._tag, "Succeeded")
    const [mail, ...others] = seen
    assert.deepStrictEqual([mail?.user, others], ["glider", []])
    for (const part of ["Message-ID: <daily_reports.2027-01-11.letterbox@", "text/plain", "# ", "text/html", "<h1>"]) {
      assert.include(mail?.text, part)
    }
  }).pipe(Effect.provide(world)))

it.effect("a mail that is not taken now is tried again, one that is refused for good is not, and neither is one to nobody", () =>
  Effect.gen(function*() {
    const { replies, seen } = yield* MailServer
    yield* morning
    replies.push("451 later", "550 nobody here")
    const ends = yield* Effect.forEach(
      [letter, letter, { ...letter, to: "former" }, { ...letter, key: "daily_reports:2020-01-01" }],
      (payload) => done(MailedReport.name, payload)
    )
    assert.deepStrictEqual(
      ends.map((end) => end._tag === "Failed" ? [end.error.tag, end.isRetryable] : end._tag),
      [["MailFailed", true], ["MailFailed", false], ["NothingToMail", false], ["NothingToMail", false]]
    )
    assert.deepStrictEqual(seen, [])
  }).pipe(Effect.provide(world)))
