/** Every page of the machine, with texts in all places that others may have written. */
import { assert, describe, it } from "@effect/vitest"
import { Option, Redacted } from "effect"
import { AlertSinkView } from "../../../src/api/AlertMessages.ts"
import { Account, Health, SignIn } from "../../../src/api/Messages.ts"
import { LettersDone, RunHistory } from "../../../src/api/RunMessages.ts"
import { PlannedChange, SchedulePlan } from "../../../src/api/ScheduleMessages.ts"
import { ListedSession } from "../../../src/api/SessionMessages.ts"
import type { View } from "../../../src/dashboard/frame/View.ts"
import { connectView, disconnectView } from "../../../src/dashboard/machine/AccountSteps.tsx"
import { accountsView } from "../../../src/dashboard/machine/AccountsView.tsx"
import { alertsView } from "../../../src/dashboard/machine/AlertsView.tsx"
import { importsView } from "../../../src/dashboard/machine/ImportsView.tsx"
import { groupsOf } from "../../../src/dashboard/machine/LetterGroups.ts"
import { confirmView, letterView, stayedView } from "../../../src/dashboard/machine/LetterSteps.tsx"
import { lettersView } from "../../../src/dashboard/machine/LettersView.tsx"
import { overviewView } from "../../../src/dashboard/machine/OverviewView.tsx"
import { reviewsView } from "../../../src/dashboard/machine/ReviewsView.tsx"
import { runsView } from "../../../src/dashboard/machine/RunsView.tsx"
import { runView } from "../../../src/dashboard/machine/RunView.tsx"
import { schedulesView } from "../../../src/dashboard/machine/SchedulesView.tsx"
import { scheduleView } from "../../../src/dashboard/machine/ScheduleView.tsx"
import { standingOf } from "../../../src/dashboard/machine/Standing.ts"
import { webhooksView } from "../../../src/dashboard/machine/WebhooksView.tsx"
import { Connection, connectionId } from "../../../src/domain/Connection.ts"
import { pageOf } from "../days/DayFixtures.ts"
import {
  alertOf,
  candidateOf,
  checkOf,
  deliveryOf,
  eventOf,
  failure,
  hostile,
  importOf,
  letterOf,
  minutesAgo,
  now,
  owner,
  recordOf,
  reportOf,
  reviewOf,
  runOf,
  scheduleOf,
  taskOf,
  tickOf,
  webhookOf
} from "./MachineFixtures.ts"

const csrf = "token"

const pagesWith = (text: string): { readonly [name: string]: View } => {
  const some = Option.some(text)
  const query = new URLSearchParams({ done: text, query: text })
  const run = runOf(text, {
    workflow: text,
    status: "failed",
    error: failure(text, text),
    attributes: { [text]: text },
    parent: some,
    original: some,
    schedule: some,
    attempt: 2,
    report: reportOf(text, { created: 1 })
  })
  const atWork = runOf(text, {
    workflow: text,
    status: "running",
    finishedAt: Option.none(),
    progress: { [text]: text }
  })
  const events = [
    eventOf(0, "started", { name: text, value: Option.some({ [text]: text }) }),
    eventOf(1, "activity", { name: text, error: some, attempt: Option.some(2), tookMillis: Option.some(5) }),
    eventOf(1, "child", { name: text, run: some }),
    eventOf(2, "signal", { name: text, value: some })
  ]
  const pause = Option.some({ by: "person" as const, note: some, since: minutesAgo(1), until: Option.none() })
  const info = scheduleOf(text, { description: text, workflow_id: text, pause, is_override: true, last_run_id: some })
  const letters = [letterOf(text, text, text, text), recordOf(text, text, text)]
  const account = new Account({
    provider: "spotify",
    connection: Option.some(
      new Connection({
        id: connectionId("spotify", text),
        provider: "spotify",
        userId: text,
        state: "needs_auth",
        scopes: [text],
        connectedAt: now,
        expiresAt: Option.none(),
        refreshedAt: Option.none(),
        problem: some
      })
    ),
    signInEndsAt: Option.none(),
    missingScopes: [text],
    fix: some
  })
  const connection = standingOf(owner, account, [taskOf("spotify", Option.some(run))], new Set(), Option.none())
  const item = {
    key: text,
    provider: "google" as const,
    time: "all day",
    title: text,
    detail: text,
    isNow: true,
    at: 0
  }
  return {
    overview: overviewView({
      owner,
      csrf,
      query,
      cards: [{ connection, runs: [run, atWork], rowsToday: 0 }],
      checks: [checkOf(text, "problem", text), checkOf("spotify run", "problem", text)],
      tasks: [],
      paused: [info],
      letterRuns: 1,
      letterRecords: 1,
      parkedRuns: 1,
      now: [atWork],
      coming: [scheduleOf(text, { next_run_time: Option.some(now), description: text })],
      today: { items: [item], unknown: [] },
      health: new Health({ ok: false, version: text, parts: { [text]: { ok: false, message: text } } }),
      config: text
    }),
    alerts: alertsView({
      owner,
      csrf,
      query,
      open: [alertOf(text)],
      recent: [alertOf(text), alertOf(text, Option.some(now))],
      sinks: [new AlertSinkView({ name: text, kind: "ntfy", enabled: true, severity: "info", to: text, problem: some })]
    }),
    webhooks: webhooksView({
      owner,
      csrf,
      query,
      all: [{ webhook: webhookOf(text), deliveries: [deliveryOf(text)], more: true }]
    }),
    imports: importsView({
      owner,
      csrf,
      query,
      imports: [
        importOf(text),
        importOf(`${text}-2`, { result: Option.none(), finished_at: Option.none(), fraction: Option.some(0.5) })
      ],
      candidates: [candidateOf(text)],
      more: true,
      trouble: Option.some({ calendar: text, problems: [text], fix: text })
    }),
    reviews: reviewsView({ owner, csrf, query, reviews: [reviewOf(text)] }),
    runs: runsView({
      owner,
      filter: { status: text, workflow: text, schedule: text, since: text, query: text },
      problem: some,
      runs: [run],
      next: Option.some(1),
      isFirst: false,
      workflows: [text],
      schedules: [[text, text]]
    }),
    run: runView({
      owner,
      csrf,
      query,
      history: new RunHistory({ run, events }),
      children: [run],
      tries: [run],
      typed: Option.some({ text, problems: [text] }),
      letter: some
    }),
    schedules: schedulesView({
      owner,
      csrf,
      query,
      filter: { text, state: text },
      schedules: [info],
      total: 1,
      next: some,
      isFirst: false,
      plan: Option.some(
        new SchedulePlan({
          changes: [
            new PlannedChange({
              kind: "update",
              id: text,
              differences: [{ field: text, before: text, after: { [text]: text } }]
            })
          ],
          reverted: [text],
          unchanged: 0
        })
      ),
      planProblem: Option.none()
    }),
    schedule: scheduleView({
      owner,
      csrf,
      query,
      info,
      ticks: [tickOf(1, { reason: some, dst: some, run: some })],
      tickProblem: some,
      range: { from: text, to: text },
      trouble: Option.some({ form: "pause", fields: new URLSearchParams({ note: text }), message: text }),
      preview: Option.none()
    }),
    letters: lettersView({
      owner,
      csrf,
      query,
      kind: text,
      groups: groupsOf(letters),
      total: 2,
      read: 2,
      isFirst: false,
      older: some
    }),
    letter: letterView({
      owner,
      csrf,
      letter: letterOf(text, text, text, text),
      input: Option.some({ [text]: text }),
      raw: Option.none()
    }),
    record: letterView({
      owner,
      csrf,
      letter: recordOf(text, text, text),
      input: Option.none(),
      raw: Option.some(text)
    }),
    confirm: confirmView({ owner, csrf, deed: "drop", count: 1, what: text, fields: [["id", text]] }),
    stayed: stayedView(
      owner,
      "retry",
      new LettersDone({ matched: 1, preview: false, done: [], failed: [{ id: text, message: text }] })
    ),
    accounts: accountsView({
      connectors: [],
      owner,
      csrf,
      query,
      accounts: [account],
      sessions: [
        new ListedSession({
          id: text,
          created_at: now,
          last_used_at: now,
          expires_at: now,
          user_agent: text,
          current: true
        })
      ]
    }),
    connect: connectView({
      csrf,
      provider: "spotify",
      signIn: new SignIn({
        authorizeUrl: `https://accounts.example/?state=${encodeURIComponent(text)}`,
        redirectUri: text,
        state: Redacted.make(text, { label: "state" }),
        reason: text
      })
    }),
    disconnect: disconnectView({ csrf, provider: "spotify", name: undefined })
  }
}

describe("texts that others have written", () => {
  it("are never markup, on any page of the machine", () => {
    for (const text of hostile) {
      for (const [name, view] of Object.entries(pagesWith(text))) {
        const page = pageOf(view)
        assert.notMatch(page, /<script|<img/i, `${name}: ${text}`)
        const tags = page.replaceAll(/"[^"]*"/g, "").match(/<[a-z][^>]*>/gi) ?? []
        assert.isAbove(tags.length, 20)
        assert.deepStrictEqual(tags.filter((tag) => /\son\w+=/i.test(tag)), [], `${name}: ${text}`)
        assert.notMatch(page, /href="\s*javascript:/i, `${name}: ${text}`)
      }
    }
  })

  it("stand in no style, which the policy of the page would refuse", () => {
    for (const [name, view] of Object.entries(pagesWith("plain"))) {
      assert.notMatch(pageOf(view), /\sstyle=|<style/, name)
    }
  })

  it("stand in the fields again as they were typed", () => {
    const { run } = pagesWith("</textarea><b>")
    assert.include(pageOf(run ?? assert.fail("no page")), "&lt;/textarea>&lt;b>")
  })
})
