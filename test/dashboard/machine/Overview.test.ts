import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { Recorded, Unrecorded } from "../../../src/api/DataMessages.ts"
import { Health } from "../../../src/api/Messages.ts"
import { html } from "../../../src/dashboard/frame/Html.tsx"
import { beatSummary, Heartbeat } from "../../../src/dashboard/machine/Heartbeat.tsx"
import { type OverviewData, overviewView } from "../../../src/dashboard/machine/OverviewView.tsx"
import { repairs } from "../../../src/dashboard/machine/Repairs.ts"
import { standingOf } from "../../../src/dashboard/machine/Standing.ts"
import { unknownToday } from "../../../src/dashboard/machine/TodayItems.ts"
import { pageOf } from "../days/DayFixtures.ts"
import {
  accountOf,
  checkOf,
  failure,
  minutesAgo,
  owner,
  reportOf,
  runOf,
  scheduleOf,
  taskOf
} from "./MachineFixtures.ts"

const calm = { letterRuns: 0, letterRecords: 0, parkedRuns: 0, pausedByFailure: 0 }

const task = taskOf("spotify", Option.some(runOf("r", { status: "failed", error: failure() })))
const at = (state: "connected" | "needs_auth") =>
  standingOf(owner, accountOf("spotify", state), [task], new Set(), Option.none())

const needs = (known: Partial<Parameters<typeof repairs>[1]>) =>
  repairs(owner, { checks: [], connections: [at("connected")], tasks: [task], paused: [], waiting: calm, ...known })

const buttons = (all: ReturnType<typeof repairs>) =>
  all.map(({ mend }) =>
    Option.match(mend, { onNone: () => "none", onSome: (known) => known._tag === "Form" ? known.action : known.href })
  )

describe("what needs the person", () => {
  it("is nothing when all checks are well", () => {
    assert.deepStrictEqual(needs({ checks: [checkOf("store", "ok"), checkOf("spotify run", "ok")] }), [])
  })

  it("has one button each, the worst first", () => {
    const all = needs({
      checks: [
        checkOf("spotify run", "warning"),
        checkOf("dead letters", "warning"),
        checkOf("reviews", "warning"),
        checkOf("alerts", "warning"),
        checkOf("webhook home", "warning"),
        checkOf("parked runs", "problem")
      ],
      paused: [scheduleOf("nightly", {
        pause: Option.some({
          by: "failure",
          note: Option.some("no disk"),
          since: minutesAgo(5),
          until: Option.none()
        })
      })],
      waiting: { ...calm, letterRuns: 2, parkedRuns: 1 }
    })
    assert.deepStrictEqual(buttons(all), [
      "/runs?query=state+%3D+parked",
      "/syncs/spotify/run",
      "/dead-letters",
      "/reviews",
      "/alerts",
      "/webhooks",
      "/schedules/nightly/resume"
    ])
  })

  it("is only the sign-in while the account is signed out: no sync goes through before", () => {
    const checks = [checkOf("spotify account", "problem"), checkOf("spotify run", "problem")]
    assert.deepStrictEqual(buttons(needs({ checks, connections: [at("needs_auth")] })), ["/accounts/spotify/connect"])
  })

  it("is not what mends itself: a provider that asked for silence", () => {
    assert.deepStrictEqual(needs({ checks: [checkOf("spotify gate", "warning")] }), [])
  })

  it("names the command where no button can do it", () => {
    const [only] = needs({ checks: [checkOf("spotify app", "problem", "no client")] })
    assert.deepStrictEqual([only?.mend, only?.command], [Option.none(), Option.some("glider mend")])
  })
})

describe("the bar of the last runs", () => {
  it("is summed up in words, for it is told apart by more than colour", () => {
    assert.strictEqual(beatSummary(owner, []), "No run so far")
    assert.strictEqual(beatSummary(owner, [runOf("a")]), "1 run, completed")
    assert.strictEqual(beatSummary(owner, [runOf("a"), runOf("b")]), "2 runs: all completed")
    assert.strictEqual(
      beatSummary(owner, [runOf("a"), runOf("b", { status: "needs_auth" }), runOf("c")]),
      "3 runs: 2 completed, 1 needs auth"
    )
  })

  it("leads to each run, by the mouse in the bar and by the keyboard in the table", () => {
    const text = html(
      Heartbeat({ owner, title: "Last runs", runs: [runOf("a/b", { status: "failed", error: failure() })] })
    )
    assert.match(text, /<a href="\/runs\/a%2Fb" tabindex="-1"><title>spotify failed, .*, 2\.0 s<\/title>/i)
    assert.match(text, /<td><a href="\/runs\/a%2Fb">spotify<\/a><\/td>/)
    assert.include(text, "class=\"failed bad\"")
  })
})

describe("the overview", () => {
  const data: OverviewData = {
    owner,
    csrf: "token",
    query: new URLSearchParams("done=sync_started"),
    cards: [{
      connection: at("connected"),
      runs: [runOf("a", { report: reportOf("s", { created: 3 }) })],
      rowsToday: 12
    }],
    checks: [checkOf("spotify run", "problem")],
    tasks: [task],
    paused: [],
    letterRuns: 0,
    letterRecords: 0,
    parkedRuns: 0,
    now: [],
    coming: [],
    today: { items: [], unknown: [] },
    health: new Health({ ok: true, version: "1.2.3", parts: { store: { ok: true, message: "open, schema 9" } } }),
    config: "/etc/glider.toml"
  }

  it("says the state in heading and title, and shows what ends the trouble", () => {
    const text = pageOf(overviewView(data))
    assert.include(text, "<title>0 of 1 connections fresh. Spotify is behind. · Glider</title>")
    assert.include(text, "<h1 class=\"state problem\">0 of 1 connections fresh. Spotify is behind.</h1>")
    assert.include(text, "action=\"/syncs/spotify/run\"")
    assert.include(text, "The sync has started.")
    assert.notMatch(text, / style=/)
  })

  it("is quiet where there is nothing", () => {
    const text = pageOf(overviewView({ ...data, checks: [] }))
    assert.notInclude(text, "Needs you")
    assert.include(text, "Nothing runs right now.")
    assert.include(text, "Nothing is due within a day.")
  })

  it("tells a quiet day from one that was not recorded", () => {
    const text = (unknown: OverviewData["today"]["unknown"]) =>
      pageOf(overviewView({ ...data, today: { items: [], unknown } }))
    assert.include(text([]), "Nothing has happened today so far.")
    assert.include(text(["calendar", "listening", "body"]), "Nothing was recorded of today so far.")
    assert.include(text(["listening"]), "listening may have more")
    const quiet = new Recorded({ coverage: [], unrecorded: [] })
    assert.deepStrictEqual(unknownToday(owner, quiet), [])
    const gap = new Unrecorded({
      kind: "listening",
      from: minutesAgo(90),
      to: minutesAgo(30),
      why: "lost",
      detail: "lost"
    })
    assert.deepStrictEqual(unknownToday(owner, new Recorded({ coverage: [], unrecorded: [gap] })), ["listening"])
  })
})
