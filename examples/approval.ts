// npm exec -- node examples/approval.ts [folder]
/**
 * A person decides, or time does: an expense waits for its approval, for two seconds here and for two weeks as well. A run
 * that waits takes no memory to speak of, and both the decision and the end of the wait survive the process.
 *
 * The race has a name and its winner is recorded, so a replay takes the same way whatever came later.
 */
import { Console, Effect, Schema } from "effect"
import { Activity, DurableDeferred, Workflow } from "effect/workflow"
import * as DurableSleep from "../src/workflow/DurableSleep.ts"
import * as Example from "./support/Example.ts"

const Decision = Schema.Literals(["approved", "rejected", "nobody answered"])

/** What the run waits for; from outside: `glider workflow signal <run> approval --value '"approved"'`. */
const Approval = DurableDeferred.make("approval", { success: Decision })

const Expense = Workflow.make("expense", {
  payload: { id: Schema.String, euros: Schema.Finite },
  success: Decision,
  idempotencyKey: ({ id }) => id
})

const ask = (id: string, euros: number) =>
  Activity.make({ name: "ask", execute: Console.log(`${id}: a letter asks for ${euros} euros`) })

const patience = DurableSleep.sleep({ name: "patience", duration: "2 seconds" })

const pay = (id: string) => Activity.make({ name: "pay", execute: Console.log(`${id}: paid`) })

const expenses = Expense.toLayer(Effect.fnUntraced(function*({ euros, id }) {
  yield* ask(id, euros)
  const decision = yield* DurableDeferred.raceAll({
    name: "decision",
    success: Decision,
    error: Schema.Never,
    effects: [DurableDeferred.await(Approval), Effect.as(patience, "nobody answered" as const)]
  })
  if (decision === "approved") yield* pay(id)
  return decision
}))

const hotel = { id: "hotel", euros: 240 }
const yacht = { id: "yacht", euros: 240_000 }

Example.run(
  [expenses],
  Effect.gen(function*() {
    // they begin, and nobody waits for them here
    yield* Expense.execute(hotel, { discard: true })
    yield* Expense.execute(yacht, { discard: true })

    // a person who answers, at any time and from anywhere: the token says which run and what it waits for
    const token = yield* DurableDeferred.tokenFromPayload(Approval, { workflow: Expense, payload: hotel })
    yield* DurableDeferred.succeed(Approval, { token, value: "approved" })

    // whoever asks for a run that is there joins it
    yield* Console.log(`hotel: ${yield* Expense.execute(hotel)}`)
    yield* Console.log(`yacht: ${yield* Expense.execute(yacht)}`)
  })
)
