/** What a person can do with a schedule. */
import { Option } from "effect"
import type { BackfillStarted, ScheduleInfo } from "../../api/ScheduleMessages.ts"
import type { Pause } from "../../domain/Schedule.ts"
import { Act } from "../frame/Bits.tsx"
import { number, type Owner } from "../frame/Owner.ts"
import { inputOf } from "./LocalInput.ts"
import { scheduleHref } from "./ScheduleWords.ts"

/** A form as it was sent, and why it was refused. */
export interface Trouble {
  readonly form: "pause" | "backfill"
  readonly fields: URLSearchParams
  readonly message: string
}

/** For how long a pause may be, in hours, by the field's value. */
export const pauseHours = { "1": "for an hour", "4": "for 4 hours", "24": "for a day", "168": "for a week" }

const valueOf = (trouble: Option.Option<Trouble>, form: Trouble["form"], name: string): string =>
  Option.match(Option.filter(trouble, (known) => known.form === form), {
    onNone: () => "",
    onSome: ({ fields }) => fields.get(name) ?? ""
  })

const Wrong = ({ form, trouble }: { readonly form: Trouble["form"]; readonly trouble: Option.Option<Trouble> }) =>
  Option.exists(trouble, (known) => known.form === form)
    ? <p id={`${form}-problem`} class="wrong full" role="alert">{Option.getOrThrow(trouble).message}</p>
    : null

/** Pauses it, with a note for people and an end. */
export const PauseForm = ({ csrf, info, owner, trouble }: {
  readonly owner: Owner
  readonly csrf: string
  readonly info: ScheduleInfo
  readonly trouble: Option.Option<Trouble>
}) => {
  const isWrong = Option.exists(trouble, ({ form }) => form === "pause")
  // a pause that is changed begins with what it says now
  const standing = (text: (pause: Pause) => Option.Option<string>) =>
    Option.getOrElse(Option.flatMap(info.pause, text), () => "")
  return (
    <form method="post" action={`${scheduleHref(info.id)}/pause`} class="filter" aria-label="Pause">
      <input type="hidden" name="csrf" value={csrf} />
      <div class="field grow">
        <label for="note">Note</label>
        <input
          id="note"
          name="note"
          maxLength={500}
          autocomplete="off"
          placeholder="why, for whoever looks next"
          value={isWrong ? valueOf(trouble, "pause", "note") : standing(({ note }) => note)}
        />
      </div>
      <div class="field">
        <label for="hours">How long</label>
        <select id="hours" name="hours">
          <option value="">until it is resumed</option>
          {Object.entries(pauseHours).map(([hours, text]) => (
            <option key={hours} value={hours} selected={hours === valueOf(trouble, "pause", "hours")}>{text}</option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="until">Or until</label>
        <input
          id="until"
          name="until"
          type="datetime-local"
          value={isWrong
            ? valueOf(trouble, "pause", "until")
            : standing(({ until }) => Option.map(until, (end) => inputOf(owner, end)))}
          aria-invalid={isWrong ? "true" : undefined}
          aria-describedby={isWrong ? "pause-problem" : undefined}
        />
      </div>
      <button type="submit">{Option.isSome(info.pause) ? "Change the pause" : "Pause"}</button>
      <Wrong form="pause" trouble={trouble} />
    </form>
  )
}

/** The buttons. */
export const ScheduleButtons = ({ csrf, info }: { readonly csrf: string; readonly info: ScheduleInfo }) => {
  const action = (name: string) => `${scheduleHref(info.id)}/${name}`
  return (
    <div class="row">
      {Option.isSome(info.pause) && <Act action={action("resume")} csrf={csrf}>Resume</Act>}
      <Act action={action("trigger")} csrf={csrf}>Run now</Act>
      {info.enabled
        ? <Act action={action("disable")} csrf={csrf}>Disable</Act>
        : <Act action={action("enable")} csrf={csrf}>Enable</Act>}
    </div>
  )
}

/** What a backfill would run, before it does. */
export interface BackfillPreview {
  readonly fields: URLSearchParams
  readonly would: BackfillStarted
}

const Preview = ({ csrf, id, owner, preview: { fields, would } }: {
  readonly owner: Owner
  readonly csrf: string
  readonly id: string
  readonly preview: BackfillPreview
}) => (
  <div class="card notice-card stack" role="status" id="backfill-preview">
    <p>
      {would.new === 0
        ? `All ${number(owner, would.ticks)} ticks of this time have started a run already: nothing is to be done.`
        : `${number(owner, would.new)} of the ${
          number(owner, would.ticks)
        } ticks of this time would run, one after the other.`}
    </p>
    {would.new > 0 && (
      <Act
        action={`${scheduleHref(id)}/backfill`}
        csrf={csrf}
        fields={{
          sure: "1",
          from: fields.get("from") ?? "",
          to: fields.get("to") ?? "",
          pause_seconds: fields.get("pause_seconds") ?? ""
        }}
      >
        Run {number(owner, would.new)} {would.new === 1 ? "tick" : "ticks"}
      </Act>
    )}
  </div>
)

/** Runs ticks of the past: says how many, then does it. */
export const BackfillForm = ({ csrf, info, owner, preview, trouble }: {
  readonly owner: Owner
  readonly csrf: string
  readonly info: ScheduleInfo
  readonly preview: Option.Option<BackfillPreview>
  readonly trouble: Option.Option<Trouble>
}) => {
  const value = (name: string) =>
    Option.match(preview, {
      onNone: () => valueOf(trouble, "backfill", name),
      onSome: ({ fields }) => fields.get(name) ?? ""
    })
  if (Option.isSome(info.interval_seconds)) {
    return (
      <section class="stack" aria-labelledby="backfill-title">
        <h2 id="backfill-title">Backfill</h2>
        <p class="small soft">
          It counts from the ends of its runs, so it has no ticks of its own in the past, and nothing to backfill.
        </p>
      </section>
    )
  }
  return (
    <section class="stack" aria-labelledby="backfill-title">
      <h2 id="backfill-title">Backfill</h2>
      <p class="small soft">Runs the ticks of a time that is over. Those that have started a run are left alone.</p>
      <form method="post" action={`${scheduleHref(info.id)}/backfill`} class="filter" aria-labelledby="backfill-title">
        <input type="hidden" name="csrf" value={csrf} />
        <div class="field">
          <label for="backfill-from">From</label>
          <input id="backfill-from" name="from" type="datetime-local" required value={value("from")} />
        </div>
        <div class="field">
          <label for="backfill-to">To</label>
          <input id="backfill-to" name="to" type="datetime-local" required value={value("to")} />
        </div>
        <div class="field">
          <label for="pause_seconds">Rest between two, in s</label>
          <input
            id="pause_seconds"
            name="pause_seconds"
            type="number"
            min={0}
            max={86_400}
            value={value("pause_seconds")}
          />
        </div>
        <button type="submit">See what would run</button>
        <Wrong form="backfill" trouble={trouble} />
      </form>
      {Option.isSome(preview) && <Preview owner={owner} csrf={csrf} id={info.id} preview={preview.value} />}
    </section>
  )
}
