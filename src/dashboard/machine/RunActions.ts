/** What the forms about runs do. */
import { Effect, Option, Schema } from "effect"
import { CancelOptions, RetryOptions } from "../../api/RunMessages.ts"
import type { Action } from "../frame/Pages.ts"
import { problemsOf } from "./RefusedInput.ts"
import { showRun } from "./RunPage.tsx"
import { runHref } from "./RunWords.ts"

/** Asks a run to end. */
export const cancel: Action = Effect.fnUntraced(function*({ api, fields, params }) {
  const id = params["id"] ?? ""
  yield* api.runs.cancel({ params: { id }, payload: new CancelOptions(fields.get("now") === "1" ? { now: true } : {}) })
  return `${runHref(id)}?done=cancel`
})

const decode = Schema.decodeResult(Schema.fromJsonString(Schema.Json))

/** Tries a run again, with the input that was typed where one was; what is wrong with that stands on the page again. */
export const retry: Action = Effect.fnUntraced(function*(sent) {
  const { api, fields, params } = sent
  const id = params["id"] ?? ""
  const text = fields.get("input")
  const again = (input: { readonly input?: Schema.Json }) =>
    Effect.map(
      api.runs.retry({ params: { id }, payload: new RetryOptions(input) }),
      (started) => started.id === id ? `${runHref(id)}?done=resumed` : `${runHref(started.id)}?done=retry`
    )
  if (text === null) return yield* again({})
  const input = decode(text)
  if (input._tag === "Failure") {
    return yield* showRun(sent, id, Option.some({ text, problems: ["That is no JSON."] }))
  }
  return yield* Effect.catchTag(
    again({ input: input.success }),
    "InvalidRequest",
    (error) => showRun(sent, id, Option.some({ text, problems: problemsOf(error) }))
  )
})

/** Runs a sync now, by its schedule: so it is durable, and as the overlap policy allows. */
export const sync: Action = Effect.fnUntraced(function*({ api, params }) {
  const { outcome } = yield* api.schedules.trigger({ params: { id: params["name"] ?? "" } })
  return `/?done=sync_${outcome}`
})
