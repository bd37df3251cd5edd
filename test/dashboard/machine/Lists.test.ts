import { assert, describe, it } from "@effect/vitest"
import { Option, Result } from "effect"
import { groupsOf, letterHref } from "../../../src/dashboard/machine/LetterGroups.ts"
import { inputOf, instantOf } from "../../../src/dashboard/machine/LocalInput.ts"
import { filterOf, paramsOf, searchOf } from "../../../src/dashboard/machine/RunSearch.ts"
import { runsView } from "../../../src/dashboard/machine/RunsView.tsx"
import { settingsOf } from "../../../src/dashboard/machine/ScheduleSettings.tsx"
import { tickBadge, tickNote } from "../../../src/dashboard/machine/ScheduleWords.ts"
import { ledgerSummary } from "../../../src/dashboard/machine/TickLedger.tsx"
import { parse } from "../../../src/domain/RunQuery.ts"
import { at, pageOf } from "../days/DayFixtures.ts"
import { letterOf, minutesAgo, owner, recordOf, runOf, scheduleOf, tickOf } from "./MachineFixtures.ts"

const search = (text: string) => searchOf(filterOf(new URLSearchParams(text)))

describe("the filter of runs", () => {
  it("asks for everything when nothing is chosen", () => {
    assert.deepStrictEqual(search(""), Result.succeed(undefined))
  })

  it("makes one search of what is chosen and what is typed, which cannot get out of its part", () => {
    const found = search("status=failed&workflow=spotify&since=-7d&query=attempt+%3E+1+or+error+%3D+NeedsAuth")
    assert.deepStrictEqual(
      found,
      Result.succeed(
        "status = \"failed\" and workflow = \"spotify\" and started > -7d and (attempt > 1 or error = NeedsAuth)"
      )
    )
    assert.isTrue(Result.isSuccess(parse(Result.getOrThrow(found) ?? "")))
    assert.isTrue(Result.isFailure(search("query=status+%3D+failed)+or+(status+%3D+completed")))
  })

  it("asks by state for what is no status", () => {
    assert.deepStrictEqual(search("status=parked"), Result.succeed("state = \"parked\""))
  })

  it("quotes names, whatever they are, and takes no span that it does not know", () => {
    const found = Result.getOrThrow(search("workflow=a%22+or+%22b%5C&since=-9y"))
    assert.strictEqual(found, "workflow = \"a\\\" or \\\"b\\\\\"")
    assert.isTrue(Result.isSuccess(parse(found ?? "")))
  })

  it("tells what is wrong with what was typed, at its own characters", () => {
    assert.include(
      Result.getOrThrow(Result.flip(search("workflow=spotify&query=status+%3D+failled"))),
      "at character 10 of"
    )
  })

  it("keeps the filter from page to page", () => {
    const filter = filterOf(new URLSearchParams("status=failed&query=attempt+%3E+1"))
    assert.strictEqual(String(paramsOf(filter)), "status=failed&query=attempt+%3E+1")
    const text = pageOf(runsView({
      owner,
      filter,
      problem: Option.none(),
      runs: [runOf("a")],
      next: Option.some(17),
      isFirst: true,
      workflows: [],
      schedules: []
    }))
    assert.include(text, "href=\"/runs?status=failed&amp;query=attempt+%3E+1&amp;after=17\"")
  })
})

describe("dead letters", () => {
  it("are grouped by what went wrong and where, the newest first", () => {
    const groups = groupsOf([
      letterOf("1", "order", "NoCourier"),
      recordOf("h1", "spotify_plays"),
      letterOf("2", "order", "NoCourier", "again"),
      letterOf("3", "order", "NoStock"),
      letterOf("4", "mail", "NoCourier")
    ])
    assert.deepStrictEqual(groups.map(({ error, from, kind, letters }) => [kind, error, from, letters.length]), [
      ["run", "NoCourier", "order", 2],
      ["record", "UnreadableRecord", "spotify_plays", 1],
      ["run", "NoStock", "order", 1],
      ["run", "NoCourier", "mail", 1]
    ])
  })

  it("have an address each, whatever stands in their id", () => {
    const [, query = ""] = letterHref("record:a/b&c=d#e/stream/h").split("?")
    assert.strictEqual(new URLSearchParams(query).get("letter"), "record:a/b&c=d#e/stream/h")
  })
})

describe("ticks", () => {
  it("are told by sign and word, with their marks and why", () => {
    assert.deepStrictEqual(tickBadge(tickOf(1, { marks: ["caught_up"] })), {
      kind: "completed",
      text: "started, caught up"
    })
    assert.deepStrictEqual(tickBadge(tickOf(1, { outcome: Option.some("skipped_overlap") })).text, "skipped overlap")
    assert.deepStrictEqual(tickBadge(tickOf(-1, { outcome: Option.none(), state: "due" })), {
      kind: "waiting",
      text: "due"
    })
    assert.strictEqual(
      tickNote(tickOf(1, { reason: Option.some("a run is at work"), effective: minutesAgo(0) })),
      "a run is at work; jitter 1m"
    )
  })

  it("are summed up", () => {
    const ticks = [tickOf(1), tickOf(2), tickOf(3, { outcome: Option.some("missed") })]
    assert.strictEqual(ledgerSummary(owner, ticks), "3 ticks: 2 started, 1 missed")
    assert.strictEqual(ledgerSummary(owner, []), "0 ticks")
  })
})

describe("settings of a schedule", () => {
  it("show both sides where they differ", () => {
    const info = scheduleOf("nightly", { enabled: false, cron: Option.some("0 3 * * *"), is_override: true })
    const differing = settingsOf(owner, info).filter(([, config, inForce]) => config !== inForce)
    assert.deepStrictEqual(differing, [["enabled", "yes", "no"], ["when", "0 9 * * *", "0 3 * * *"]])
  })
})

describe("fields of instants", () => {
  it("are on the owner's clock, in summer and in winter", () => {
    for (
      const [text, shown] of [["2026-07-01T10:00:00Z", "2026-07-01T12:00"], [
        "2026-12-01T10:00:00Z",
        "2026-12-01T11:00"
      ]] as const
    ) {
      assert.strictEqual(inputOf(owner, at(text)), shown)
      assert.deepStrictEqual(instantOf(owner, shown), Option.some(at(text)))
    }
  })

  it("are none when they hold no instant", () => {
    for (const text of [null, "", "tomorrow", "2026-13-40T99:99", "2026-07-01"]) {
      assert.deepStrictEqual(instantOf(owner, text), Option.none(), String(text))
    }
  })
})
