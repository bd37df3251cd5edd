import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Array as Arr, Clock, Duration, Effect, Layer, Logger, Random, Ref, Schema } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { AtWork } from "../../src/jobs/AtWork.ts"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import { reap } from "../../src/jobs/Reaper.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { BackgroundJobs } from "../../src/store/BackgroundJobs.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import { Deeds, deeds, Errand, inWorld, untilDone, untilTrue, workerElsewhere } from "../jobs/JobWorld.ts"
import { killsOf, seed } from "../support/Chaos.ts"
import { Labour, leaseMillis } from "../support/JobKills.ts"
import { storeTest } from "../support/StoreTest.ts"
import { SurrealServer, targetOf } from "../support/SurrealServer.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"
import { bundle } from "../support/VictimBundle.ts"

const jobCount = 300
const workerCount = 3

const tables = Layer.unwrap(Effect.map(SurrealServer, (server) => Surreal.layer(targetOf(server)))).pipe(
  (store) =>
    Jobs.layer.pipe(
      Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer)),
      Layer.provideMerge(Layer.mergeAll(BackgroundJobs.layer, JobLeases.layer)),
      Layer.provideMerge(Migrations.layer),
      Layer.provideMerge(store)
    ),
  Layer.provideMerge(SurrealServer.layer),
  Layer.provideMerge(Layer.mergeAll(NodeServices.layer, Logger.layer([])))
)

/** A process that works until it is killed. */
const labourer = (program: string) =>
  Effect.gen(function*() {
    const { password, port } = yield* SurrealServer
    return yield* Effect.acquireRelease(
      Effect.sync(() => spawn(process.execPath, [program, String(port), password], { stdio: "ignore" })),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
  })

/** Killed, or halted for longer than its lease and let go on with what is another's by then. */
const struck = Effect.fnUntraced(function*(child: ChildProcess) {
  if (yield* Random.nextBoolean) return child.kill("SIGKILL")
  child.kill("SIGSTOP")
  yield* Effect.sleep(Duration.millis(leaseMillis * 1.5))
  return child.kill("SIGCONT") && false
})

describe("workers that are killed and halted at any instant", () => {
  it.live("do each job to its end once: no try is made twice, and no late result counts", () =>
    Effect.gen(function*() {
      const jobs = yield* Jobs
      const surreal = yield* Surreal
      const program = yield* bundle(yield* temporaryFolder, "JobVictim")
      yield* surreal.execute("DEFINE TABLE begun SCHEMALESS")
      const given = yield* jobs.enqueueAll(Labour, Arr.makeBy(jobCount, (number) => ({ payload: { number } })))
      const workers = yield* Effect.replicateEffect(labourer(program), workerCount)
      yield* Effect.forkScoped(Effect.forever(Effect.andThen(reap({ all: false }), Effect.sleep("100 millis"))))
      const kills = yield* killsOf(200)
      for (let kill = 0; kill < kills; kill++) {
        yield* Effect.sleep(Duration.millis(yield* Random.nextIntBetween(20, 500)))
        const at = yield* Random.nextIntBetween(0, workerCount, { halfOpen: true })
        const child = workers[at]
        assert.isDefined(child)
        if (yield* struck(child)) workers[at] = yield* labourer(program)
        // there is always something to be killed at
        yield* jobs.enqueueAll(Labour, Arr.makeBy(20, (number) => ({ payload: { number } })))
      }
      const open = surreal.query(
        Schema.Array(Schema.String),
        "SELECT VALUE status FROM background_job WHERE status != 'succeeded'"
      )
      const until = (yield* Clock.currentTimeMillis) + 300_000
      while ((yield* open).length > 0 && (yield* Clock.currentTimeMillis) < until) yield* Effect.sleep("200 millis")
      assert.deepStrictEqual(yield* open, [])
      const tries = yield* surreal.query(
        Schema.Array(Schema.Struct({ key: Schema.String, attempts: Schema.Natural })),
        "SELECT key, attempts FROM background_job WHERE id != NONE"
      )
      const begun = yield* surreal.query(
        Schema.Array(Schema.Tuple([Schema.String, Schema.Natural])),
        "SELECT VALUE record::id(id) FROM begun"
      )
      assert.strictEqual(tries.length, given.length + kills * 20)
      const attempts = new Map(tries.map(({ attempts, key }) => [key, attempts]))
      // each try that has begun is one that the row counts, and the last one has begun
      for (const [key, attempt] of begun) assert.isAtMost(attempt, attempts.get(key) ?? 0)
      const last = new Set(begun.map(([key, attempt]) => `${key} ${attempt}`))
      assert.strictEqual(last.size, begun.length)
      for (const { attempts, key } of tries) assert.isTrue(last.has(`${key} ${attempts}`))
      assert.isAbove(begun.length, tries.length)
    }).pipe(
      Effect.scoped,
      Effect.provide(tables),
      (story) => Effect.flatMap(seed, (seed) => Random.withSeed(story, `jobs ${seed}`))
    ))
})

const eight = Effect.repeat(workerElsewhere({ poll: Duration.millis(1) }), { times: 7 })

layer(storeTest)("eight workers at their most", (it) => {
  it.effect("do 500 jobs once each, in the order of their priority", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const payload = (index: number) => ({ name: `${index}`, does: "succeed" as const })
      const rankOf = (index: number) => (index * 37) % 500
      yield* jobs.enqueueAll(
        Errand,
        Arr.makeBy(500, (index) => ({ payload: payload(index), priority: rankOf(index) }))
      )
      yield* eight
      const lines = yield* untilDone(500)
      assert.strictEqual(new Set(lines).size, 500)
      lines.map((line) => 499 - rankOf(Number(line.split(" ")[0]))).forEach((rank, place) =>
        assert.isBelow(Math.abs(rank - place), 24)
      )
    })))

  it.effect("never do two of 100 jobs of one resource at the same time", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      yield* jobs.enqueueAll(
        Errand,
        Arr.makeBy(100, (index) => ({ payload: { name: `${index}`, does: "succeed" as const }, resource: "one" }))
      )
      yield* eight
      yield* untilDone(100)
      const { most } = yield* Deeds
      yield* untilTrue(Effect.map(Ref.get(most), ({ now }) => now === 0))
      assert.strictEqual((yield* Ref.get(most)).most, 1)
      assert.strictEqual(new Set(yield* deeds).size, 100)
    })))
})
