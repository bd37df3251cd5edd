import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import { html } from "../../../src/dashboard/frame/Html.tsx"
import { chartWidth, ganttOf, placeOf } from "../../../src/dashboard/machine/Gantt.ts"
import { GanttChart } from "../../../src/dashboard/machine/GanttChart.tsx"
import { eventOf, minutesAgo, now, owner, reportOf, runOf } from "./MachineFixtures.ts"

const start = minutesAgo(4).epochMilliseconds

/** The bars of each row, in seconds after the start. */
const told = (gantt: ReturnType<typeof ganttOf>) =>
  gantt.rows.map(({ bars, label }) => [
    label,
    ...bars.map(({ from, isOpen, kind, to }) =>
      `${kind} ${(from - start) / 1000}–${(to - start) / 1000}${isOpen ? "…" : ""}`
    )
  ])

const over = (seconds: number) => runOf("r", { finishedAt: Option.some(DateTime.add(minutesAgo(4), { seconds })) })
const atWork = runOf("r", { status: "running", finishedAt: Option.none() })

const activity = (seconds: number, took: number, fields: Parameters<typeof eventOf>[2] = {}) =>
  eventOf(seconds, "activity", { attempt: Option.some(1), tookMillis: Option.some(took * 1000), ...fields })

describe("the timeline of a run", () => {
  it("has a bar for each activity, from its start to its end", () => {
    const events = [eventOf(0, "started"), activity(2, 1, { name: "read" }), activity(5, 3, { name: "write" })]
    assert.deepStrictEqual(told(ganttOf(over(6), events, [], 0)), [["read", "work 1–2"], ["write", "work 2–5"]])
  })

  it("shows each try of an activity, and the wait between two of them", () => {
    const events = [
      activity(1, 1, { error: Option.some("no") }),
      activity(5, 1, { attempt: Option.some(2), error: Option.some("no") }),
      activity(10, 1, { attempt: Option.some(3) })
    ]
    assert.deepStrictEqual(told(ganttOf(over(10), events, [], 0)), [
      ["step", "failed 0–1", "retry 1–4", "failed 4–5", "retry 5–9", "work 9–10"]
    ])
  })

  it("gathers the pages of a stream in one row", () => {
    const run = runOf("r", { report: reportOf("spotify_listening_history", { read: 1 }) })
    const events = [
      activity(1, 0.5, { name: "sign_in" }),
      activity(1.2, 0.1, { name: "spotify_listening_history begin" }),
      activity(2, 0.5, { name: "spotify_listening_history page 1" })
    ]
    assert.deepStrictEqual(told(ganttOf(run, events, [], 0)), [
      ["sign_in", "work 0.5–1"],
      ["spotify_listening_history", "work 1.1–1.2", "work 1.5–2"]
    ])
  })

  it("draws a timer until it fired, and one that has not until now", () => {
    const events = [
      eventOf(1, "timer", { name: "pause", due: Option.some(now) }),
      eventOf(4, "fired", { name: "pause" }),
      eventOf(5, "timer", { name: "pause", due: Option.some(now) })
    ]
    assert.deepStrictEqual(told(ganttOf(atWork, events, [], start + 9000)), [["pause", "timer 1–4", "timer 5–9…"]])
  })

  it("draws a child until its own end, never beyond that of its parent", () => {
    const child = runOf("child", { finishedAt: Option.some(DateTime.add(minutesAgo(4), { seconds: 3 })) })
    const late = runOf("late", { finishedAt: Option.some(now) })
    const events = [
      eventOf(1, "child", { name: "order", run: Option.some("child") }),
      eventOf(2, "child", { name: "order", run: Option.some("late") }),
      eventOf(2, "child", { name: "order", run: Option.some("unknown") })
    ]
    assert.deepStrictEqual(told(ganttOf(over(5), events, [child, late], 0)), [
      ["order", "child 1–3"],
      ["order", "child 2–5"],
      ["order", "child 2–5"]
    ])
  })

  it("shows what a signal was waited for, and where the run was asked to end", () => {
    const events = [activity(1, 1), eventOf(6, "signal", { name: "go" }), eventOf(7, "cancel", { name: "safe" })]
    assert.deepStrictEqual(told(ganttOf(over(8), events, [], 0)), [
      ["step", "work 0–1"],
      ["go", "signal 1–6"],
      ["cancel asked", "cancel 7–7"]
    ])
  })

  it("shows that something is under way that the history does not have yet", () => {
    assert.deepStrictEqual(told(ganttOf(atWork, [activity(1, 1)], [], start + 3000)), [
      ["step", "work 0–1"],
      ["under way", "open 1–3…"]
    ])
    const waiting = runOf("r", { status: "running", state: "waiting", finishedAt: Option.none() })
    assert.deepStrictEqual(told(ganttOf(waiting, [], [], start + 3000)), [["waiting", "open 0–3…"]])
    const parked = runOf("r", { status: "running", state: "parked", finishedAt: Option.none() })
    assert.deepStrictEqual(told(ganttOf(parked, [activity(1, 1)], [], start + 3000)), [["step", "work 0–1"]])
  })

  it("keeps every bar within the drawing and wide enough to be seen", () => {
    const events = [activity(0, 0), activity(50, 0.001, { name: "b" }), activity(101, 0, { name: "late" })]
    const gantt = ganttOf(over(100), events, [], 0)
    for (const { bars } of gantt.rows) {
      for (const bar of bars) {
        const { width, x } = placeOf(gantt, bar)
        assert.isAtLeast(x, 0)
        assert.isAtLeast(width, 4)
        assert.isAtMost(x + width, chartWidth)
      }
    }
  })

  it("stands for a run that took no time at all", () => {
    const gantt = ganttOf(over(0), [activity(0, 0)], [], 0)
    assert.deepStrictEqual(placeOf(gantt, gantt.rows[0]?.bars[0] ?? assert.fail("no bar")), { x: 0, width: 4 })
  })

  it("is told as a table, too, with what the drawing leaves out", () => {
    const events = Array.from({ length: 80 }, (_, index) => activity(index, 0.5, { name: `step ${index}` }))
    const text = html(GanttChart({ owner, gantt: ganttOf(over(100), events, [], 0) }) ?? "")
    assert.include(text, "and 20 more, in the table")
    assert.include(text, "step 79")
    assert.notMatch(text, / style=/)
  })
})
