/**
 * The process that the crash tests of the engine kill: the durable engine over a store with fsync, and orders. Each
 * activity leaves a fsynced line in a file beside the store. Started with a `Setup` as its argument.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Clock, Duration, Effect, Layer, Logger, Option, Runtime, Schema } from "effect"
import { fsyncSync, openSync, writeFileSync, writeSync } from "node:fs"
import { flushCompileCache } from "node:module"
import { unfinishedStates } from "../../src/domain/Run.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import type { Journal } from "../../src/engine/Journal.ts"
import { RunJournal } from "../../src/engine/JournalSurreal.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { RunListener } from "../../src/engine/RunListener.ts"
import { CrashPoint } from "../../src/services/CrashPoint.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Migrations } from "../../src/store/Migrations.ts"
import * as Orders from "./OrderWorkflows.ts"
import { breaking } from "./WorkflowVictimDefects.ts"
import { approvalOf, Last, lastFile, Line, Setup, sideFile, type Trace, traceLine } from "./WorkflowVictimLines.ts"

const { Approval, Order } = Orders

const setup = Schema.decodeSync(Schema.fromJsonString(Setup))(process.argv[2] ?? "")
const encode = Schema.encodeSync(Schema.fromJsonString(Line))
const encodeLast = Schema.encodeSync(Schema.fromJsonString(Last))

/** Written to a pipe before it returns, so what was said had happened. */
const say = (line: Line) => Effect.sync(() => void process.stdout.write(`${encode(line)}\n`))

const side = openSync(sideFile(setup.folder), "a")

/** Leaves a line that outlives the process. */
const trace = (deed: Trace["deed"]) =>
  Effect.map(Clock.currentTimeMillis, (at) => {
    writeSync(side, traceLine(setup.life, at, deed))
    fsyncSync(side)
  })

const store = Surreal.layer({
  url: `rocksdb://${setup.folder}/store`,
  namespace: "glider",
  database: "glider",
  credentials: Option.none()
})

let commits = 0

const counting = (journal: Journal): Journal => ({
  ...journal,
  commit: (changes) =>
    Effect.suspend(() => {
      commits++
      return journal.commit(changes)
    })
})

const engine = Layer.unwrap(
  Effect.map(
    RunJournal,
    (journal) =>
      DurableEngine.layerMemory(counting(setup.defect === undefined ? journal : breaking(setup.defect, journal)), {
        recovers: setup.defect !== "no-recovery"
      })
  )
)

const listener = Layer.succeed(
  RunListener,
  Option.some({
    begun: () => Effect.void,
    parked: () => Effect.void,
    ended: ({ id, state }) => say(Line.make({ _tag: "Ended", run: id, state }))
  })
)

const orders = Orders.layer({
  cooling: Duration.millis(120),
  transit: Duration.millis(80),
  deed: (order, name) => trace({ order, name })
})

const program = orders.pipe(
  Layer.provideMerge(engine),
  Layer.provideMerge(RunJournal.layer),
  Layer.provideMerge(Migrations.layer),
  Layer.provideMerge(store),
  Layer.provideMerge(Layer.mergeAll(listener, CrashPoint.layer, NodeServices.layer))
)

const runOf = (order: string) => Order.executionId({ id: order })

const start = Effect.fnUntraced(function*(order: string) {
  yield* Order.execute({ id: order }, { discard: true })
  yield* say(Line.make({ _tag: "Started", order }))
})

const approve = Effect.fnUntraced(function*(order: string) {
  const { signal } = yield* RunControl
  if (yield* signal(yield* runOf(order), Approval.name, approvalOf(setup.life))) {
    yield* say(Line.make({ _tag: "Approved", order }))
  }
})

const cancel = Effect.fnUntraced(function*(order: string) {
  const control = yield* RunControl
  if (yield* control.cancel(yield* runOf(order), "safe")) yield* say(Line.make({ _tag: "Cancelled", order }))
})

/** In one query: a run that changes its state between two would be in neither. */
const unfinished = Effect.flatMap(Surreal, (surreal) =>
  Effect.map(
    surreal.query(Schema.Array(Schema.Unknown), "SELECT VALUE id FROM run WHERE state IN $states", {
      states: unfinishedStates
    }),
    (found) => found.length
  ))

/** Longer than any order takes whose process lives; with a defect, there is as a rule nothing to wait for. */
const mostWaits = setup.defect === undefined ? 200 : 30

const tellAll = Effect.gen(function*() {
  const journal = yield* RunJournal
  const surreal = yield* Surreal
  const ids = yield* surreal.query(Schema.Array(Schema.String), "SELECT VALUE record::id(id)[0] FROM run")
  const loaded = yield* Effect.forEach(ids, (id) => journal.load(id), { concurrency: 8 })
  const runs = loaded.flatMap((run) => {
    const started = run?.entries.find(({ _tag }) => _tag === "Started")
    const payload = Schema.decodeUnknownOption(Schema.Struct({ id: Schema.String }))(
      started?._tag === "Started" ? started.payload : undefined
    )
    return run === undefined || Option.isNone(payload)
      ? []
      : [{ order: payload.value.id, workflow: run.row.workflow, state: run.row.state, entries: run.entries }]
  })
  const booked = yield* surreal.query(Schema.Array(Schema.String), "SELECT VALUE order FROM booking")
  writeFileSync(lastFile(setup.folder), encodeLast({ runs, booked, left: yield* unfinished, commits }))
  yield* say(Line.make({ _tag: "Told" }))
})

const main = Effect.gen(function*() {
  yield* trace(undefined)
  yield* say(Line.make({ _tag: "Opened" }))
  flushCompileCache() // what is killed leaves no cache for the next
  yield* Effect.forEach(setup.start, start, { concurrency: "unbounded", discard: true })
  yield* Effect.forEach(setup.approve, approve, { concurrency: "unbounded", discard: true })
  yield* Effect.forEach(setup.cancel, cancel, { concurrency: "unbounded", discard: true })
  if (!setup.toTheEnd) return yield* Effect.never
  yield* Effect.delay(unfinished, "50 millis").pipe(
    Effect.repeat({ until: (left) => left === 0, times: mostWaits })
  )
  yield* tellAll
})

NodeRuntime.runMain(
  Effect.scoped(main).pipe(
    Effect.provide(program),
    Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
  ),
  { teardown: (exit) => Runtime.defaultTeardown(exit, (code) => process.exit(code)) }
)
