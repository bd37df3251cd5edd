/** Jobs, and one of them, from what the API has said. */
import { Option } from "effect"
import type { JobsPage, JobView } from "../../api/JobMessages.ts"
import { isOver, JobStatus } from "../../domain/BackgroundJob.ts"
import { Act, Ago, Badge, type BadgeKind, Empty, Notice, shown, When } from "../frame/Bits.tsx"
import type { Owner } from "../frame/Owner.ts"
import { Table } from "../frame/Table.tsx"
import type { View } from "../frame/View.ts"
import { jobHref } from "./JobWords.ts"

const badges: { readonly [S in JobStatus]: BadgeKind } = {
  queued: "waiting",
  running: "running",
  succeeded: "completed",
  failed: "failed",
  cancelled: "cancelled"
}

const State = ({ status }: Pick<JobView, "status">) => <Badge kind={badges[status]} text={status} />

const Jobs = ({ jobs, owner }: { readonly owner: Owner; readonly jobs: ReadonlyArray<JobView> }) => (
  <Table title="Jobs" columns={["Type", "Status", "Made", "Begins", "Tries", "Last error"]}>
    {jobs.map((job) => (
      <tr key={job.id}>
        <th scope="row">
          <a href={jobHref(job.id)}>{job.job_type}</a>
        </th>
        <td>
          <State status={job.status} />
        </td>
        <td>
          <Ago owner={owner} at={job.created_at} />
        </td>
        <td>{job.status === "queued" && <Ago owner={owner} at={job.run_at} />}</td>
        <td>{job.attempts} of {job.max_attempts}</td>
        <td>{shown(job.last_error, ({ message, tag }) => `${tag}: ${message.split("\n")[0] ?? ""}`)}</td>
      </tr>
    ))}
  </Table>
)

const href = (parts: { readonly [name: string]: string }): string => {
  const query = new URLSearchParams(parts).toString()
  return query === "" ? "/jobs" : `/jobs?${query}`
}

/** The list. */
export const jobsView = ({ isFirst, owner, page, status }: {
  readonly owner: Owner
  readonly page: JobsPage
  readonly status: Option.Option<JobStatus>
  readonly isFirst: boolean
}): View => {
  const kept = Option.match(status, { onNone: () => ({}), onSome: (one) => ({ status: one }) })
  return {
    title: "Jobs",
    place: "jobs",
    body: (
      <>
        <header class="row spread">
          <h1>Jobs</h1>
          <nav class="row small" aria-label="By status">
            {Option.isSome(status) && <a href="/jobs">All</a>}
            {JobStatus.literals.map((one) => (
              <a
                key={one}
                href={href({ status: one })}
                aria-current={Option.contains(status, one) ? "page" : undefined}
              >
                {one}
              </a>
            ))}
          </nav>
        </header>
        {page.jobs.length === 0
          ? <Empty>There is no such job. What is given by the clock stands in [jobs] of the config.</Empty>
          : <Jobs owner={owner} jobs={page.jobs} />}
        {(!isFirst || Option.isSome(page.next)) && (
          <nav class="row paging" aria-label="Pages of jobs">
            {!isFirst && <a class="button" href={href(kept)}>Newest</a>}
            {shown(page.next, (after) => <a class="button" rel="next" href={href({ ...kept, after })}>Older</a>)}
          </nav>
        )}
      </>
    )
  }
}

const done = {
  cancelled: "The job is cancelled.",
  over: "The job was over already.",
  retried: "This job does the other one again."
}

/** One job, and what can be done with it. */
export const jobView = ({ csrf, job, owner, query }: {
  readonly owner: Owner
  readonly csrf: string
  readonly query: URLSearchParams
  readonly job: JobView
}): View => ({
  title: `Job ${job.job_type}`,
  place: "jobs",
  body: (
    <>
      <Notice query={query} texts={done} />
      <header class="stack tight">
        <p class="small">
          <a href="/jobs">Jobs</a>
        </p>
        <h1>{job.job_type}</h1>
        <p>
          <State status={job.status} />
        </p>
      </header>
      {shown(job.last_error, ({ message, tag }) => (
        <section class="notice bad">
          <h2>
            <span aria-hidden="true">✕</span> {tag}
          </h2>
          <pre>{message}</pre>
        </section>
      ))}
      <div class="row">
        {isOver(job)
          ? <Act action={`${jobHref(job.id)}/retry`} csrf={csrf}>Do it again</Act>
          : <Act action={`${jobHref(job.id)}/cancel`} csrf={csrf}>Cancel</Act>}
      </div>
      <dl class="facts">
        <dt>Id</dt>
        <dd class="mono">{job.id}</dd>
        <dt>Made</dt>
        <dd>
          <When owner={owner} at={job.created_at} />
        </dd>
        <dt>Could begin</dt>
        <dd>
          <When owner={owner} at={job.run_at} />
        </dd>
        <dt>Tries</dt>
        <dd>{job.attempts} of {job.max_attempts}</dd>
        <dt>Priority</dt>
        <dd>{job.priority}</dd>
        {shown(job.resource_key, (key) => (
          <>
            <dt>Resource</dt>
            <dd>{key}</dd>
          </>
        ))}
        {shown(job.idempotency_key, (key) => (
          <>
            <dt>Key</dt>
            <dd>{key}</dd>
          </>
        ))}
        {shown(job.completed_at, (at) => (
          <>
            <dt>Ended</dt>
            <dd>
              <When owner={owner} at={at} />
            </dd>
          </>
        ))}
        {shown(job.retry_of, (id) => (
          <>
            <dt>Does again</dt>
            <dd>
              <a href={jobHref(id)}>{id}</a>
            </dd>
          </>
        ))}
        {shown(job.retried_by, (id) => (
          <>
            <dt>Done again by</dt>
            <dd>
              <a href={jobHref(id)}>{id}</a>
            </dd>
          </>
        ))}
      </dl>
      <section class="stack tight" aria-labelledby="payload-title">
        <h2 id="payload-title">Payload</h2>
        <pre class="code">{JSON.stringify(job.payload, null, 2)}</pre>
      </section>
      {shown(job.result, (result) => (
        <section class="stack tight" aria-labelledby="result-title">
          <h2 id="result-title">Result</h2>
          <pre class="code">{JSON.stringify(result, null, 2)}</pre>
        </section>
      ))}
    </>
  )
})
