import { Effect, Option, Schema } from "effect"
import { JobStatus } from "../../domain/BackgroundJob.ts"
import type { Page } from "../frame/Pages.ts"
import { jobsView, jobView } from "./JobsView.tsx"

/** Jobs of a page. */
const limit = 50

const statusOf = Schema.decodeUnknownOption(JobStatus)

/** Jobs, the newest first. */
export const jobsPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const status = statusOf(query.get("status"))
  const after = query.get("after")
  const page = yield* api.jobs.list({
    query: {
      limit,
      ...Option.isSome(status) ? { status: status.value } : {},
      ...after === null ? {} : { after }
    }
  })
  return jobsView({ owner, page, status, isFirst: after === null })
})

/** One of them. */
export const jobPage: Page = Effect.fnUntraced(function*({ api, csrf, owner, params, query }) {
  return jobView({ owner, csrf, query, job: yield* api.jobs.get({ params: { id: params["id"] ?? "" } }) })
})
