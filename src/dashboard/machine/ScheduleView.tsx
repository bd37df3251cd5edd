/** One schedule, from what the API has said. */
import { Option } from "effect"
import type { ScheduleInfo, TickLine } from "../../api/ScheduleMessages.ts"
import { Ago, Badge, Notice, shown, When } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { quoted, runHref, searchHref } from "./RunWords.ts"
import { BackfillForm, type BackfillPreview, PauseForm, ScheduleButtons, type Trouble } from "./ScheduleControls.tsx"
import { ScheduleSettings } from "./ScheduleSettings.tsx"
import { ScheduleBadges } from "./SchedulesView.tsx"
import { TickLedger, type TickRange } from "./TickLedger.tsx"

/** All that it shows. */
export interface ScheduleData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly info: ScheduleInfo
  readonly ticks: ReadonlyArray<TickLine>
  /** Why there are no ticks to show. */
  readonly tickProblem: Option.Option<string>
  readonly range: TickRange
  readonly trouble: Option.Option<Trouble>
  readonly preview: Option.Option<BackfillPreview>
}

const done = {
  paused: "The schedule is paused: its ticks are recorded, and start nothing.",
  resumed: "The schedule is resumed.",
  enabled: "The schedule is enabled.",
  disabled: "The schedule is disabled: its ticks are recorded, and start nothing.",
  reverted: "It is as the config says again.",
  triggered_started: "A run has started.",
  triggered_skipped: "Nothing was started: a run is at work, and the overlap policy allows none beside it.",
  triggered_buffered: "A run starts when the one at work is over.",
  nothing: "There was nothing to backfill."
}

const Facts = ({ info, owner }: { readonly owner: Owner; readonly info: ScheduleInfo }) => (
  <dl class="facts">
    <dt>Runs</dt>
    <dd>
      {info.workflow_id} <span class="soft">(a {info.kind})</span>
    </dd>
    <dt>When</dt>
    <dd>{info.description}</dd>
    <dt>Next</dt>
    <dd>
      {shown(info.next_run_time, (at) => (
        <>
          <When owner={owner} at={at} />,{" "}
          <span class="soft">
            <Ago owner={owner} at={at} />
          </span>
        </>
      )) ?? "–"}
    </dd>
    <dt>Last</dt>
    <dd>
      {shown(info.last_run_id, (run) => (
        <span class="row tight">
          {shown(info.last_run_status, (status) => <Badge kind={status} />)}
          <a href={runHref(run)}>{shown(info.last_run_time, (at) => <When owner={owner} at={at} />) ?? "the run"}</a>
        </span>
      )) ?? "–"}
    </dd>
    {shown(info.buffered, (at) => [
      <dt key="buffered title">Buffered</dt>,
      <dd key="buffered">
        <When owner={owner} at={at} />
      </dd>
    ])}
    <dt>Ticks run</dt>
    <dd>
      {number(owner, info.runs)}{" "}
      <a class="small" href={searchHref(`schedule = ${quoted(info.schedule_id)}`)}>all its runs</a>
    </dd>
  </dl>
)

export const scheduleView = (data: ScheduleData): View => {
  const { csrf, info, owner, preview, query, range, tickProblem, ticks, trouble } = data
  return {
    title: info.id,
    place: "schedules",
    live: ["schedules"],
    ...Option.exists(info.pause, ({ by }) => by === "failure") ? { tone: "warning" } : {},
    ...Option.isSome(trouble) ? { status: 400 } : {},
    body: (
      <>
        <Notice query={query} texts={done} />
        <div id="schedule" data-live class="stack">
          <header class="stack tight">
            <p class="small">
              <a href="/schedules">Schedules</a>
            </p>
            <div class="row">
              <h1>{info.id}</h1>
              <ScheduleBadges owner={owner} info={info} />
            </div>
          </header>
          <Facts owner={owner} info={info} />
          <ScheduleButtons csrf={csrf} info={info} />
        </div>
        <section id="pause" data-live class="stack" aria-labelledby="pause-title">
          <h2 id="pause-title">{Option.isSome(info.pause) ? "The pause" : "Pause"}</h2>
          <PauseForm owner={owner} csrf={csrf} info={info} trouble={trouble} />
        </section>
        <TickLedger owner={owner} id={info.id} range={range} ticks={ticks} problem={tickProblem} />
        <BackfillForm owner={owner} csrf={csrf} info={info} preview={preview} trouble={trouble} />
        <div id="settings" data-live>
          <ScheduleSettings owner={owner} csrf={csrf} info={info} />
        </div>
      </>
    )
  }
}
