/** The overview, from what the API has said. */
import type { Check, Health, TaskState } from "../../api/Messages.ts"
import type { ScheduleInfo } from "../../api/ScheduleMessages.ts"
import type { Run } from "../../domain/Run.ts"
import { Notice } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { type Card, ConnectionCards } from "./ConnectionCards.tsx"
import { Coming, Facts, NeedsYou, RunsNow, Today } from "./OverviewParts.tsx"
import { repairs } from "./Repairs.ts"
import { sentence, toneOfAll } from "./Standing.ts"
import type { DayToday } from "./TodayItems.ts"

/** All that it shows. */
export interface OverviewData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly cards: ReadonlyArray<Card>
  readonly checks: ReadonlyArray<Check>
  readonly tasks: ReadonlyArray<TaskState>
  /** Schedules that a failure has paused. */
  readonly paused: ReadonlyArray<ScheduleInfo>
  readonly letterRuns: number
  readonly letterRecords: number
  readonly letterDeliveries?: number
  readonly letterJobs?: number
  readonly parkedRuns: number
  /** Runs that are not over. */
  readonly now: ReadonlyArray<Run>
  /** Schedules that are due within a day, the next first. */
  readonly coming: ReadonlyArray<ScheduleInfo>
  readonly today: DayToday
  readonly health: Health
  readonly config: string
}

/** Schedules to come that are shown. */
const mostComing = 12

const done = {
  sync_started: "The sync has started.",
  sync_skipped: "That sync is running already.",
  sync_buffered: "The sync starts when the one at work is over.",
  resumed: "The schedule is resumed."
}

export const overviewView = (data: OverviewData): View => {
  const { cards, checks, coming, config, csrf, health, now, owner, paused, query, tasks, today } = data
  const connections = cards.map(({ connection }) => connection)
  const waiting = {
    letterRuns: data.letterRuns,
    letterRecords: data.letterRecords,
    letterDeliveries: data.letterDeliveries ?? 0,
    letterJobs: data.letterJobs ?? 0,
    parkedRuns: data.parkedRuns,
    pausedByFailure: paused.length
  }
  const text = sentence(owner, connections, waiting)
  const tone = toneOfAll(connections, waiting, checks)
  return {
    title: text,
    place: "overview",
    tone,
    live: ["runs", "schedules"],
    body: (
      <>
        <Notice query={query} texts={done} />
        <div id="state" data-live>
          <h1 class={`state ${tone}`}>{text}</h1>
        </div>
        <NeedsYou csrf={csrf} repairs={repairs(owner, { checks, connections, tasks, paused, waiting })} />
        <ConnectionCards owner={owner} csrf={csrf} cards={cards} />
        <div class="halves">
          <Today today={today} />
          <div class="stack">
            <RunsNow owner={owner} runs={now} />
            <Coming
              owner={owner}
              schedules={coming.slice(0, mostComing)}
              more={Math.max(0, coming.length - mostComing)}
            />
          </div>
        </div>
        <Facts health={health} config={config} />
      </>
    )
  }
}
