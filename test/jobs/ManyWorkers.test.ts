import { assert, layer } from "@effect/vitest"
import { Array as Arr, Duration, Effect, Ref } from "effect"
import { Jobs } from "../../src/jobs/Jobs.ts"
import { storeTest } from "../support/StoreTest.ts"
import { Deeds, deeds, Errand, inWorld, untilDone, untilTrue, workerElsewhere } from "./JobWorld.ts"

const workers = Effect.repeat(workerElsewhere({ poll: Duration.millis(1) }), { times: 7 })

layer(storeTest)("eight workers", (it) => {
  it.effect("do each job once, in the order of their priority but for those that are done at the same time", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const items = Arr.makeBy(
        80,
        (index) => ({ payload: { name: `${index}`, does: "succeed" as const }, priority: (index * 37) % 80 })
      )
      yield* jobs.enqueueAll(Errand, items)
      yield* workers
      const lines = yield* untilDone(80)
      const ranks = lines.map((line) => 79 - (Number(line.split(" ")[0]) * 37) % 80)
      assert.strictEqual(new Set(lines).size, 80)
      ranks.forEach((rank, place) => assert.isBelow(Math.abs(rank - place), 16))
    })))

  it.effect("never do two jobs of one resource at the same time", () =>
    inWorld(Effect.gen(function*() {
      const jobs = yield* Jobs
      const items = Arr.makeBy(
        30,
        (index) => ({ payload: { name: `${index}`, does: "succeed" as const }, resource: "one" })
      )
      yield* jobs.enqueueAll(Errand, items)
      yield* workers
      yield* untilDone(30)
      yield* untilTrue(Effect.map(Ref.get((yield* Deeds).most), ({ now }) => now === 0))
      assert.strictEqual((yield* Ref.get((yield* Deeds).most)).most, 1)
      assert.strictEqual(new Set(yield* deeds).size, 30)
    })))
})
