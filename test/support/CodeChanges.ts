/** Bodies of a workflow, and what becomes of one while its run waits. */
import { Effect, Layer, Schema } from "effect"
import { DurableClock, DurableDeferred, Workflow } from "effect/workflow"
import { deed, type Deeds, Refused, undoing } from "./Deeds.ts"

export const work = Workflow.make("work", {
  payload: { id: Schema.String },
  error: Refused,
  idempotencyKey: ({ id }) => id
})
const part = Workflow.make("part", {
  payload: { id: Schema.String },
  error: Refused,
  idempotencyKey: ({ id }) => id
})
export const news = DurableDeferred.make("news")

/** The steps that a body may be made of. */
const stepsOf = (deeds: Deeds) => ({
  a: work.withCompensation(deed(deeds, "a"), () => undoing(deeds, "a")),
  b: deed(deeds, "b"),
  c: deed(deeds, "c"),
  x: deed(deeds, "x"),
  nap: DurableClock.sleep({ name: "nap", duration: "1 hour", inMemoryThreshold: 0 }),
  rest: DurableClock.sleep({ name: "rest", duration: "2 hours", inMemoryThreshold: 0 }),
  one: part.execute({ id: "one" }),
  two: part.execute({ id: "two" }),
  news: DurableDeferred.await(news),
  pair: Effect.all([deed(deeds, "left"), deed(deeds, "right")], { concurrency: "unbounded" }),
  swappedPair: Effect.all([deed(deeds, "right"), deed(deeds, "left")], { concurrency: "unbounded" })
})
export type Step = keyof ReturnType<typeof stepsOf>

export const handlersOf = (deeds: Deeds, body: ReadonlyArray<Step>) => {
  const steps = stepsOf(deeds)
  return Layer.merge(
    part.toLayer(({ id }) => Effect.asVoid(deed(deeds, `part ${id}`))),
    work.toLayer(() =>
      Effect.forEach(body, (step): Effect.Effect<unknown, Refused, Needs> => steps[step], { discard: true })
    )
  )
}
type Needs = Effect.Services<ReturnType<typeof stepsOf>[Step]>

/** What the run does before it waits; the code then changes; and what the error must name. */
export interface Change {
  readonly title: string
  readonly before: ReadonlyArray<Step>
  readonly after: ReadonlyArray<Step>
  readonly names: RegExp
}

export const changes: ReadonlyArray<Change> = [
  {
    title: "two steps were swapped",
    before: ["a", "b", "news", "c"],
    after: ["b", "a", "news", "c"],
    names: /did "a" before "b"/
  },
  {
    title: "a step was taken out",
    before: ["a", "b", "news", "c"],
    after: ["b", "news", "c"],
    names: /did "a" before "b"/
  },
  {
    title: "the last recorded step was taken out",
    before: ["a", "b", "news", "c"],
    after: ["a", "news", "c"],
    names: /did "b" here, and the code now does "c"/
  },
  {
    title: "a step was renamed",
    before: ["a", "b", "news", "c"],
    after: ["a", "x", "news", "c"],
    names: /did "b" here, and the code now does "x"/
  },
  {
    title: "a step was added before recorded ones",
    before: ["a", "b", "news", "c"],
    after: ["a", "x", "b", "news", "c"],
    names: /did "b" here, and the code now does "x"/
  },
  {
    title: "the end came before recorded steps",
    before: ["a", "b", "news", "c"],
    after: ["a", "news"],
    names: /did "b", and the code now ends without it/
  },
  {
    title: "a step is there twice",
    before: ["a", "b", "news", "c"],
    after: ["a", "b", "news", "b", "c"],
    names: /takes the step "b" twice/
  },
  {
    title: "two timers were swapped",
    before: ["a", "nap", "rest", "news", "c"],
    after: ["a", "rest", "nap", "news", "c"],
    names: /did "timer DurableClock\/nap" before "timer DurableClock\/rest"/
  },
  {
    title: "a timer that has fired is there twice",
    before: ["a", "nap", "news", "c"],
    after: ["a", "nap", "nap", "news", "c"],
    names: /takes the step "timer DurableClock\/nap" twice/
  },
  {
    title: "a timer was taken out",
    before: ["a", "nap", "news", "c"],
    after: ["a", "news", "c"],
    names: /did "timer DurableClock\/nap" here, and the code now does "c"/
  },
  {
    title: "a timer was added before recorded steps",
    before: ["a", "b", "news", "c"],
    after: ["a", "nap", "b", "news", "c"],
    names: /did "b" here, and the code now does "timer DurableClock\/nap"/
  },
  {
    title: "two children were swapped",
    before: ["a", "one", "two", "news", "c"],
    after: ["a", "two", "one", "news", "c"],
    names: /did "child part .*" before "child part .*"/
  },
  {
    title: "a child became another",
    before: ["a", "one", "news", "c"],
    after: ["a", "two", "news", "c"],
    names: /did "child part .*" here, and the code now does "child part .*"/
  },
  {
    title: "a child became a step",
    before: ["a", "one", "news", "c"],
    after: ["a", "x", "news", "c"],
    names: /did "child part .*" here, and the code now does "x"/
  }
]
