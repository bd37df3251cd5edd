// npm exec -- node examples/poller.ts [folder]
/**
 * A run that asks a source again and again until it is ready. Between two looks it sleeps durably: for a moment here, for
 * a day as well. Meanwhile it is found by its search attributes, and says how far it is.
 */
import { Console, Effect, Option, Result, Schema, Stream } from "effect"
import { Activity, Workflow } from "effect/workflow"
import { parse } from "../src/domain/RunQueryParser.ts"
import { Runs } from "../src/store/Runs.ts"
import { ActivityTimedOut } from "../src/workflow/ActivityTimeouts.ts"
import * as DurableActivity from "../src/workflow/DurableActivity.ts"
import * as DurableSleep from "../src/workflow/DurableSleep.ts"
import * as RunProgress from "../src/workflow/RunProgress.ts"
import * as SearchAttributes from "../src/workflow/SearchAttributes.ts"
import * as Example from "./support/Example.ts"

class NeverReady extends Schema.TaggedError<NeverReady>()("NeverReady", { looks: Schema.Natural }) {}

const Export = Workflow.make("export", {
  payload: { user: Schema.String, month: Schema.String },
  success: Schema.Struct({ looks: Schema.Natural }),
  error: Schema.Union([NeverReady, ActivityTimedOut]),
  idempotencyKey: ({ month, user }) => `${user}/${month}`
})

/** A source that prepares an export, and has it ready at the fourth look. */
const source = { looks: 0, readyAt: 4 }

const order = Activity.make({ name: "order", execute: Console.log("the export is ordered") })

const look = (number: number) =>
  DurableActivity.make({
    name: `look ${number}`, // each step of a loop has a name of its own
    success: Schema.Literals(["not yet", "ready"]),
    error: Schema.Never,
    startToClose: "10 seconds",
    execute: Effect.gen(function*() {
      const answer = ++source.looks < source.readyAt ? "not yet" : "ready"
      yield* Console.log(`look ${number}: ${answer}`)
      yield* RunProgress.set({ step: "look", done: number, total: mostLooks, message: answer })
      return answer
    })
  })

const mostLooks = 10

const exports = Export.toLayer(Effect.fnUntraced(function*({ month, user }) {
  yield* SearchAttributes.set({ user_id: user, month })
  yield* order
  for (let number = 1; number <= mostLooks; number++) {
    if ((yield* look(number)) === "ready") return { looks: number }
    yield* DurableSleep.sleep({ name: `pause ${number}`, duration: "300 millis" })
  }
  return yield* new NeverReady({ looks: mostLooks })
}))

const program = Effect.gen(function*() {
  const runs = yield* Runs
  const id = yield* Export.execute({ user: "u1", month: "2026-11" }, { discard: true })

  // what anybody sees of it from outside, as with: glider runs watch <run>
  const seen = Stream.fromEffectRepeat(Effect.delay(runs.get(id), "20 millis")).pipe(
    Stream.filterMap((run) => Result.fromOption(run, () => "gone")),
    Stream.takeUntil(({ finishedAt }) => Option.isSome(finishedAt)),
    Stream.map(({ progress }) => JSON.stringify(progress)),
    Stream.changes,
    Stream.tap((progress) => Console.log(`  seen from outside: ${progress}`))
  )
  yield* Stream.runDrain(seen)

  // glider runs list --query '…'
  const query = parse(`user_id = "u1" and month = "2026-11" and status = completed and started > -1h`)
  const { runs: found } = yield* runs.list({ query: Result.getSuccess(query), after: Option.none(), limit: 20 })
  yield* Console.log(`found by its attributes: ${found.map(({ workflow }) => workflow).join()}`)
})

Example.run([exports], program)
