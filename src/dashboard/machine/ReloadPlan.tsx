import { Option, type Schema } from "effect"
import type { PlannedChange, SchedulePlan } from "../../api/ScheduleMessages.ts"
import { number, type Owner } from "../frame/Owner.ts"
import { some } from "./RunWords.ts"
import { scheduleHref } from "./ScheduleWords.ts"

const signs = { create: "+", update: "~", delete: "−" } as const
const words = { create: "new", update: "changed", delete: "gone" } as const

/** Changes that are shown at once. */
const most = 100

const text = (value: Schema.Json): string => JSON.stringify(value)

const Change = ({ change: { differences, id, kind } }: { readonly change: PlannedChange }) => (
  <li>
    <span class="mono" aria-hidden="true">{signs[kind]}</span>{" "}
    {kind === "create" ? <strong>{id}</strong> : <a href={scheduleHref(id)}>{id}</a>}{" "}
    <span class="soft">{words[kind]}</span>
    {differences.length > 0 && (
      <ul class="small mono">
        {differences.map(({ after, before, field }) => (
          <li key={field}>
            {field}: {before !== null && <del>{text(before)}</del>} {after !== null && <ins>{text(after)}</ins>}
          </li>
        ))}
      </ul>
    )}
  </li>
)

/** What a reload of the config would change, and which overrides it would end. */
export const ReloadPlan = ({ owner, plan, problem }: {
  readonly owner: Owner
  readonly plan: Option.Option<SchedulePlan>
  readonly problem: Option.Option<string>
}) => {
  if (Option.isSome(problem)) return <p class="wrong">{problem.value}</p>
  if (Option.isNone(plan)) return null
  const { changes, reverted, unchanged } = plan.value
  if (changes.length + reverted.length === 0) {
    return (
      <p class="soft">
        A reload would change nothing: all {number(owner, unchanged)} schedules are as the config says.
      </p>
    )
  }
  return (
    <div class="stack">
      <p>
        A reload would {[
          ...changes.length > 0 ? [`change ${some(owner, changes.length, "schedule")}`] : [],
          ...reverted.length > 0 ? [`end what was changed by hand on ${some(owner, reverted.length, "schedule")}`] : []
        ].join(" and ")};{" "}
        <span class="soft">
          {some(owner, unchanged, "other")} {unchanged === 1 ? "stays as it is" : "stay as they are"}.
        </span>
      </p>
      <ul class="plan">
        {changes.slice(0, most).map((change) => <Change key={change.id} change={change} />)}
        {reverted.slice(0, most).map((id) => (
          <li key={`reverted ${id}`}>
            <span class="mono" aria-hidden="true">~</span> <a href={scheduleHref(id)}>{id}</a>{" "}
            <span class="soft">what was changed by hand ends</span>
          </li>
        ))}
      </ul>
      {changes.length > most && <p class="small soft">and {number(owner, changes.length - most)} more</p>}
    </div>
  )
}
