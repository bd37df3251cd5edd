/** The filter of the list of runs: what the form says, as one search. */
import { Result } from "effect"
import { RunState, RunStatus } from "../../domain/Run.ts"
import { parse } from "../../domain/RunQuery.ts"
import { quoted } from "./RunWords.ts"

/** What the form asks for, as it was typed; empty where nothing was chosen. */
export interface RunFilter {
  readonly status: string
  readonly workflow: string
  readonly schedule: string
  /** One of `spans`. */
  readonly since: string
  /** In the search language. */
  readonly query: string
}

/** How far back a list may go, by the field's value. */
export const spans = {
  "-1h": "the last hour",
  "-24h": "the last 24 hours",
  "-7d": "the last 7 days",
  "-30d": "the last 30 days"
}

/** What a run may be, for the field; the ways of not being over besides the statuses. */
export const states: ReadonlyArray<string> = [...new Set([...RunStatus.literals, ...RunState.literals])]

const fields = ["status", "workflow", "schedule", "since", "query"] as const

export const filterOf = (query: URLSearchParams): RunFilter => {
  const [status = "", workflow = "", schedule = "", since = "", text = ""] = fields.map((name) =>
    query.get(name)?.trim() ?? ""
  )
  return { status, workflow, schedule, since, query: text }
}

/** The filter as the query of an address, without what it leaves open. */
export const paramsOf = (filter: RunFilter): URLSearchParams =>
  new URLSearchParams(fields.flatMap((name) => filter[name] === "" ? [] : [[name, filter[name]]]))

const isStatus = (text: string): boolean => RunStatus.literals.some((status) => status === text)

/**
 * The search that the filter means; undefined when it asks for everything. Fails with what is wrong with the typed part, at
 * its own characters.
 */
export const searchOf = (filter: RunFilter): Result.Result<string | undefined, string> => {
  const parsed = filter.query === "" ? undefined : parse(filter.query)
  if (parsed !== undefined && Result.isFailure(parsed)) return Result.fail(parsed.failure.message)
  const parts = [
    ...filter.status === "" ? [] : [`${isStatus(filter.status) ? "status" : "state"} = ${quoted(filter.status)}`],
    ...filter.workflow === "" ? [] : [`workflow = ${quoted(filter.workflow)}`],
    ...filter.schedule === "" ? [] : [`schedule = ${quoted(filter.schedule)}`],
    ...Object.hasOwn(spans, filter.since) ? [`started > ${filter.since}`] : [],
    ...filter.query === "" ? [] : [`(${filter.query})`]
  ]
  return Result.succeed(parts.length === 0 ? undefined : parts.join(" and "))
}
