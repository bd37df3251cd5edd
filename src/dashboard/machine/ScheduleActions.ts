/** What the forms about schedules do. */
import { DateTime, Effect, Option } from "effect"
import { BackfillOptions, PauseOptions, ScheduleUpdate } from "../../api/ScheduleMessages.ts"
import type { CallFailure } from "../ApiCalls.ts"
import type { Action, Sent } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { instantOf } from "./LocalInput.ts"
import { problemsOf } from "./RefusedInput.ts"
import { runHref } from "./RunWords.ts"
import { pauseHours, type Trouble } from "./ScheduleControls.tsx"
import { showSchedule } from "./SchedulePage.tsx"
import { scheduleHref } from "./ScheduleWords.ts"

const back = (id: string, done: string): string => `${scheduleHref(id)}?done=${done}`

const again = (sent: Sent, id: string, form: Trouble["form"], message: string) =>
  showSchedule(sent, id, {
    trouble: Option.some({ form, fields: sent.fields, message }),
    preview: Option.none()
  })

/**
 * The end of a pause: so long from now, or an instant; undefined when it has none. A length goes first: it was chosen, while
 * the instant may only stand there since the pause that is changed ends then.
 */
const untilOf = ({ fields, owner }: Sent): DateTime.Utc | undefined => {
  const hours = fields.get("hours") ?? ""
  return Object.hasOwn(pauseHours, hours)
    ? DateTime.add(owner.now, { hours: Number(hours) })
    : Option.getOrUndefined(instantOf(owner, fields.get("until")))
}

const pause = Effect.fnUntraced(function*(sent: Sent, id: string) {
  const { api, fields } = sent
  const note = fields.get("note")?.trim().slice(0, 500) ?? ""
  const until = untilOf(sent)
  const payload = new PauseOptions({ ...note === "" ? {} : { note }, ...until === undefined ? {} : { until } })
  const paused = Effect.as(api.schedules.pause({ params: { id }, headers: {}, payload }), back(id, "paused"))
  return yield* Effect.catchTag(
    paused,
    "InvalidRequest",
    (error) => again(sent, id, "pause", problemsOf(error).join("; "))
  )
})

/** First says what would run; with `sure` runs it. */
const backfill = Effect.fnUntraced(function*(sent: Sent, id: string) {
  const { api, fields, owner } = sent
  const from = instantOf(owner, fields.get("from"))
  const to = instantOf(owner, fields.get("to"))
  if (Option.isNone(from) || Option.isNone(to)) {
    return yield* again(sent, id, "backfill", "Say from when to when: a day and a time each.")
  }
  const rest = fields.get("pause_seconds")?.trim() ?? ""
  const seconds = Number(rest)
  if (!(seconds >= 0 && seconds <= 86_400)) {
    return yield* again(sent, id, "backfill", "The rest between two runs is a number of seconds, up to a day.")
  }
  const isSure = fields.get("sure") === "1"
  const asked = api.schedules.backfill({
    params: { id },
    payload: new BackfillOptions({
      from: from.value,
      to: to.value,
      ...rest === "" ? {} : { pause_seconds: seconds },
      ...isSure ? {} : { preview: true }
    })
  })
  const answered = Effect.flatMap(asked, (started): Effect.Effect<string | View, CallFailure> =>
    isSure
      ? Effect.succeed(Option.match(started.run, { onNone: () => back(id, "nothing"), onSome: runHref }))
      : showSchedule(sent, id, { trouble: Option.none(), preview: Option.some({ fields, would: started }) }))
  return yield* Effect.catchTag(
    answered,
    "InvalidRequest",
    (error) => again(sent, id, "backfill", problemsOf(error).join("; "))
  )
})

/** Ends whatever was changed by hand. */
const revert = Effect.fnUntraced(function*({ api }: Sent, id: string) {
  const { pause, yaml_config: { enabled } } = yield* api.schedules.get({ params: { id } })
  // what equals the config is no change, and replacing drops the others
  yield* api.schedules.replace({ params: { id }, headers: {}, payload: new ScheduleUpdate({ enabled }) })
  if (Option.isSome(pause)) yield* api.schedules.resume({ params: { id }, headers: {} })
  return back(id, "reverted")
})

/** What a form of a schedule's page asks for. */
export const change: Action = Effect.fnUntraced(function*(sent) {
  const { api, params: { action, id = "" } } = sent
  const enable = (enabled: boolean) =>
    Effect.as(
      api.schedules.update({ params: { id }, headers: {}, payload: new ScheduleUpdate({ enabled }) }),
      back(id, enabled ? "enabled" : "disabled")
    )
  switch (action) {
    case "pause":
      return yield* pause(sent, id)
    case "resume":
      return yield* Effect.as(api.schedules.resume({ params: { id }, headers: {} }), back(id, "resumed"))
    case "enable":
      return yield* enable(true)
    case "disable":
      return yield* enable(false)
    case "trigger": {
      const { outcome } = yield* api.schedules.trigger({ params: { id } })
      return back(id, `triggered_${outcome}`)
    }
    case "revert":
      return yield* revert(sent, id)
    case "backfill":
      return yield* backfill(sent, id)
    default:
      return scheduleHref(id)
  }
})

/** Reads the config anew. */
export const reload: Action = ({ api }) => Effect.as(api.system.reload(), "/schedules?done=reloaded")
