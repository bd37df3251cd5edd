import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { JobsPage, JobView } from "../../src/api/JobMessages.ts"
import * as Job from "../../src/jobs/Job.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { handler, local, Problem } from "./Handled.ts"
import { behind } from "./Served.ts"

const Errand = Job.make("test.errand", {
  payload: Schema.Struct({ day: Schema.String, brief: Schema.Boolean }),
  success: Schema.Void,
  error: Schema.Never
})

const pageOf = Schema.decodeEffect(Schema.fromJsonString(JobsPage))
const jobOf = Schema.decodeEffect(Schema.fromJsonString(JobView))
const problemOf = Schema.decodeEffect(Schema.fromJsonString(Problem))
const Repeated = Schema.fromJsonString(Schema.Struct({ job_id: Schema.String, retry_of: Schema.String }))

const asked = Effect.gen(function*() {
  const ask = yield* handler
  const headers = { ...yield* local, "content-type": "application/json" }
  const post = (path: string, body: Schema.Json = {}) =>
    ask(`/api/v1/jobs${path}`, { method: "POST", headers, body: JSON.stringify(body) })
  return { get: (path: string) => ask(`/api/v1/jobs${path}`, { headers }), post }
})

layer(behind({ requestsPerMinute: 0 }))("api/jobs", (it) => {
  it.effect("lists jobs by type and status, up to 500 of them, and none of another organisation", () =>
    Effect.gen(function*() {
      const jobs = yield* Jobs
      const { get } = yield* asked
      yield* jobs.enqueue(Errand, { day: "1", brief: true })
      const { id } = yield* jobs.enqueue(Errand, { day: "2", brief: true })
      yield* jobs.cancel(id)
      const cancelled = yield* pageOf((yield* get("?status=cancelled&job_type=test.errand")).body)
      assert.deepStrictEqual(cancelled.jobs.map((job) => [job.id, job.organization_id]), [[id, "owner"]])
      const first = yield* pageOf((yield* get("?limit=1&organization_id=owner")).body)
      assert.lengthOf(first.jobs, 1)
      const rest = yield* pageOf((yield* get(`?limit=500&after=${Option.getOrElse(first.next, () => "")}`)).body)
      assert.lengthOf(rest.jobs, 1)
      assert.lengthOf((yield* pageOf((yield* get("?organization_id=other")).body)).jobs, 0)
      for (const limit of [0, 501]) {
        const refused = yield* get(`?limit=${limit}`)
        assert.strictEqual(refused.status, 400)
        assert.strictEqual((yield* problemOf(refused.body)).code, "invalid_request")
      }
    }))

  it.effect("cancels a job once, and does it again in another way", () =>
    Effect.gen(function*() {
      const jobs = yield* Jobs
      const { get, post } = yield* asked
      yield* Job.toLayer(Errand, () => Effect.void).pipe(Layer.build)
      const { id } = yield* jobs.enqueue(Errand, { day: "1", brief: true })
      const early = yield* post(`/${id}/retry`)
      assert.deepStrictEqual([early.status, (yield* problemOf(early.body)).code], [409, "job_conflict"])
      assert.deepStrictEqual(JSON.parse((yield* post(`/${id}/cancel`)).body), { job_id: id, cancelled: true })
      assert.deepStrictEqual(JSON.parse((yield* post(`/${id}/cancel`)).body), { job_id: id, cancelled: false })
      const answer = yield* post(`/${id}/replay`, { payload_overrides: { day: "3" }, priority: 7, resource_key: "r" })
      const { job_id, retry_of } = yield* Schema.decodeEffect(Repeated)(answer.body)
      assert.strictEqual(retry_of, id)
      const job = yield* jobOf((yield* get(`/${job_id}`)).body)
      assert.deepStrictEqual([job.payload, job.priority, job.resource_key], [
        { day: "3", brief: true },
        7,
        Option.some("r")
      ])
      const wrong = yield* post(`/${id}/replay`, { payload_overrides: { day: 3 } })
      assert.deepStrictEqual([wrong.status, (yield* get("/job_none")).status], [400, 404])
    }))

  it.effect("removes what has ended long ago, once it has been counted", () =>
    Effect.gen(function*() {
      const { post } = yield* asked
      const before = "2100-01-01T00:00:00Z"
      const dry = JSON.parse((yield* post("/purge", { before, dry_run: true })).body)
      assert.isAbove(dry.cancelled, 0)
      assert.deepStrictEqual(JSON.parse((yield* post("/purge", { before })).body), { ...dry, dry_run: false })
      assert.deepInclude(JSON.parse((yield* post("/purge", { before })).body), { cancelled: 0 })
    }))
})
