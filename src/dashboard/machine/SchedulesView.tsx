/** The list of schedules, and what a reload of the config would change of them. */
import { Option } from "effect"
import type { ScheduleInfo, SchedulePlan } from "../../api/ScheduleMessages.ts"
import { Act, Ago, Badge, Empty, Notice, shown } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import type { View } from "../frame/View.ts"
import { ReloadPlan } from "./ReloadPlan.tsx"
import { runHref } from "./RunWords.ts"
import { pauseDetail, scheduleBadge, scheduleHref } from "./ScheduleWords.ts"

/** Which schedules are shown, as the form says. */
export interface ScheduleFilter {
  readonly text: string
  readonly state: string
}

/** All that it shows. */
export interface SchedulesData {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly filter: ScheduleFilter
  readonly schedules: ReadonlyArray<ScheduleInfo>
  readonly total: number
  readonly next: Option.Option<string>
  readonly isFirst: boolean
  /** None when the config has a mistake, which `planProblem` tells. */
  readonly plan: Option.Option<SchedulePlan>
  readonly planProblem: Option.Option<string>
}

const done = {
  reloaded: "The config was read again.",
  paused: "The schedule is paused.",
  resumed: "The schedule is resumed."
}

/** What may be asked of their state, by the field's value. */
export const scheduleStates = ["active", "paused", "disabled", "overridden"] as const

const paramsOf = ({ state, text }: ScheduleFilter): URLSearchParams =>
  new URLSearchParams([...text === "" ? [] : [["text", text]], ...state === "" ? [] : [["state", state]]])

const Filter = ({ filter }: { readonly filter: ScheduleFilter }) => (
  <form method="get" action="/schedules" class="filter" role="search" aria-label="Filter of schedules">
    <div class="field grow">
      <label for="text">Name</label>
      <input
        id="text"
        name="text"
        value={filter.text}
        placeholder="part of the name"
        autocomplete="off"
        spellcheck={false}
      />
    </div>
    <div class="field">
      <label for="state">State</label>
      <select id="state" name="state">
        <option value="">any</option>
        {scheduleStates.map((state) => (
          <option key={state} value={state} selected={state === filter.state}>{state}</option>
        ))}
      </select>
    </div>
    <button type="submit">Show</button>
  </form>
)

/** The state of a schedule: its sign, and another where it differs from the config. */
export const ScheduleBadges = ({ info, owner }: { readonly owner: Owner; readonly info: ScheduleInfo }) => (
  <span class="row tight">
    <Badge kind={scheduleBadge(info)} />
    {info.is_override && <Badge kind="overridden" />}
    {Option.isSome(info.pause) && <span class="small soft anywhere">{pauseDetail(owner, info)}</span>}
  </span>
)

const Table = ({ owner, schedules }: Pick<SchedulesData, "owner" | "schedules">) => (
  <table class="rows">
    <caption class="hidden">Schedules</caption>
    <thead>
      <tr>
        <th scope="col">Schedule</th>
        <th scope="col" class="wide-only">When</th>
        <th scope="col">State</th>
        <th scope="col">Next</th>
        <th scope="col" class="mid-only">Last run</th>
      </tr>
    </thead>
    <tbody>
      {schedules.map((info) => (
        <tr key={info.id} id={`schedule-${info.id}`}>
          <th scope="row">
            <a href={scheduleHref(info.id)}>{info.id}</a>
            <span class="small soft block narrow-only">{info.description}</span>
          </th>
          <td class="wide-only">{info.description}</td>
          <td>
            <ScheduleBadges owner={owner} info={info} />
          </td>
          <td>{shown(info.next_run_time, (at) => <Ago owner={owner} at={at} />) ?? "–"}</td>
          <td class="mid-only">
            {Option.isNone(info.last_run_id) ? "–" : (
              <span class="row tight">
                {shown(info.last_run_status, (status) => <Badge kind={status} />)}
                <a href={runHref(info.last_run_id.value)}>
                  {Option.match(info.last_run_time, {
                    onNone: () => "the run",
                    onSome: (at) => <Ago owner={owner} at={at} />
                  })}
                </a>
              </span>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

const Paging = ({ filter, isFirst, next }: Pick<SchedulesData, "filter" | "isFirst" | "next">) => {
  if (isFirst && Option.isNone(next)) return null
  const onward = paramsOf(filter)
  if (Option.isSome(next)) onward.set("after", next.value)
  return (
    <nav class="row paging" aria-label="Pages of schedules">
      {!isFirst && <a class="button" href={`/schedules?${paramsOf(filter)}`}>First</a>}
      {Option.isSome(next) && <a class="button" rel="next" href={`/schedules?${onward}`}>More</a>}
    </nav>
  )
}

export const schedulesView = (data: SchedulesData): View => {
  const { csrf, filter, owner, plan, planProblem, query, schedules, total } = data
  const isFiltered = paramsOf(filter).size > 0
  return {
    title: "Schedules",
    place: "schedules",
    live: ["schedules"],
    body: (
      <>
        <Notice query={query} texts={done} />
        <header class="row spread">
          <h1>Schedules</h1>
          <span class="soft small">{number(owner, total)} {isFiltered ? "found" : "in all"}</span>
        </header>
        <Filter filter={filter} />
        <div id="schedules" data-live class="stack">
          {schedules.length === 0
            ? (
              <Empty>
                {isFiltered
                  ? (
                    <>
                      No schedule is like that. <a href="/schedules">Show all</a>
                    </>
                  )
                  : (
                    <>
                      The config has no <code>[sync.…]</code> and no <code>[schedule.…]</code> table.
                    </>
                  )}
              </Empty>
            )
            : <Table owner={owner} schedules={schedules} />}
        </div>
        <Paging filter={filter} isFirst={data.isFirst} next={data.next} />
        <section class="stack" aria-labelledby="plan-title">
          <h2 id="plan-title">The config file</h2>
          <ReloadPlan owner={owner} plan={plan} problem={planProblem} />
          <div>
            <Act action="/reload" csrf={csrf}>Reload the config</Act>
          </div>
        </section>
      </>
    )
  }
}
