/** A worker in a process of its own, which is killed or halted at any instant: `node JobVictim.mjs <port of the server> <password>`. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Duration, Effect, Layer, Logger, Option, Random, Redacted } from "effect"
import { AtWork } from "../../src/jobs/AtWork.ts"
import * as Job from "../../src/jobs/Job.ts"
import { CurrentJob } from "../../src/jobs/JobType.ts"
import { JobTypes } from "../../src/jobs/JobTypes.ts"
import * as Worker from "../../src/jobs/Worker.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { JobLeases } from "../../src/store/JobLeases.ts"
import { Labour, leaseMillis } from "./JobKills.ts"

const [, , port = "", password = ""] = process.argv

/** Notes that a try has begun, which no other may have noted, and takes a while. */
const handler = Job.toLayer(
  Labour,
  Effect.fnUntraced(function*() {
    const { attempt, id } = yield* CurrentJob
    const surreal = yield* Surreal
    yield* Effect.orDie(
      surreal.transaction([{ sql: "CREATE type::record('begun', [$id, $attempt])", vars: { id, attempt } }])
    )
    yield* Effect.sleep(Duration.millis(yield* Random.nextIntBetween(1, 60)))
  })
)

const worker = Worker.layer({
  lease: Duration.millis(leaseMillis),
  poll: Duration.millis(20),
  concurrency: () => 4,
  grace: Duration.zero,
  isAlone: false
}).pipe(
  Layer.provideMerge(handler),
  Layer.provideMerge(Layer.mergeAll(JobTypes.layer, AtWork.layer, JobLeases.layer)),
  Layer.provideMerge(Surreal.layer({
    url: `ws://127.0.0.1:${port}`,
    namespace: "glider",
    database: "glider",
    credentials: Option.some({ username: "root", password: Redacted.make(password) })
  })),
  Layer.provide([NodeServices.layer, Logger.layer([])])
)

NodeRuntime.runMain(Layer.launch(worker))
