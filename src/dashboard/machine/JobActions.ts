/** What the forms about jobs do. */
import { Effect } from "effect"
import type { Action } from "../frame/Pages.ts"
import { jobHref } from "./JobWords.ts"

/** Ends one that waits or is being done. */
export const cancel: Action = ({ api, params: { id = "" } }) =>
  Effect.map(
    api.jobs.cancel({ params: { id } }),
    ({ cancelled }) => `${jobHref(id)}?done=${cancelled ? "cancelled" : "over"}`
  )

/** Does one again that is over. */
export const retry: Action = ({ api, params: { id = "" } }) =>
  Effect.map(api.jobs.retry({ params: { id } }), ({ job_id }) => `${jobHref(job_id)}?done=retried`)
