import { assert, describe, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import {
  type NonDeterminismError,
  type RecordedStep,
  ReplayCheck,
  type Strand
} from "../../src/workflow/Determinism.ts"
import { bodySteps, crashes, dice, pass as passOf, program as programOf, show, without } from "./Programs.ts"

const recorded = (keys: ReadonlyArray<string>): ReadonlyArray<RecordedStep> =>
  keys.map((key, ordinal) => ({ key, ordinal, sequential: true }))

/** What one pass over these steps finds first, the body having come to its end. */
const pass = (
  history: ReadonlyArray<RecordedStep>,
  steps: ReadonlyArray<string | readonly [string, Strand]>
): Option.Option<NonDeterminismError> => {
  const check = new ReplayCheck(history)
  for (const step of steps) {
    const [key, by] = typeof step === "string" ? [step, "body"] as const : step
    const error = check.request(key, by)
    if (Option.isSome(error)) return error
  }
  return check.ended()
}

const found = (error: Option.Option<NonDeterminismError>) =>
  Option.match(error, {
    onNone: () => "nothing",
    onSome: ({ actual, expected, kind }) =>
      `${kind} ${Option.getOrElse(expected, () => "-")} ${Option.getOrElse(actual, () => "-")}`
  })

describe("workflow/Determinism", () => {
  it("finds nothing in a run that does what it did, and no more or more", () => {
    assert.strictEqual(found(pass([], [])), "nothing")
    assert.strictEqual(found(pass([], ["a", "b"])), "nothing")
    assert.strictEqual(found(pass(recorded(["a", "b"]), ["a", "b"])), "nothing")
    assert.strictEqual(found(pass(recorded(["a", "b"]), ["a", "b", "c"])), "nothing")
  })

  it("says which step the recorded run did, and which one the code does now", () => {
    const history = recorded(["a", "b", "c"])
    assert.strictEqual(found(pass(history, ["b", "a", "c"])), "out_of_order a b")
    assert.strictEqual(found(pass(history, ["a", "c"])), "out_of_order b c")
    assert.strictEqual(found(pass(history, ["a", "x", "b", "c"])), "replaced b x")
    assert.strictEqual(found(pass(history, ["a", "b"])), "left_out c -")
    assert.strictEqual(found(pass(history, [])), "left_out a -")
    assert.strictEqual(found(pass(history, ["a", "b", "a"])), "duplicate - a")
    assert.strictEqual(found(pass([], ["a", ["a", "branch"]])), "duplicate - a")
  })

  it("takes recorded steps in any order", () => {
    assert.strictEqual(found(pass(recorded(["a", "b", "c"]).toReversed(), ["a", "b", "c"])), "nothing")
    assert.strictEqual(found(pass(recorded(["a", "b", "c"]).toReversed(), ["a", "c"])), "out_of_order b c")
  })

  it("judges the steps of the body, whatever branches do besides", () => {
    const history: ReadonlyArray<RecordedStep> = [
      { key: "left", ordinal: 1, sequential: false },
      { key: "before", ordinal: 0, sequential: true },
      { key: "after", ordinal: 4, sequential: true } // 2 and 3 were under way at the crash
    ]
    const branch = (key: string) => [key, "branch"] as const
    assert.strictEqual(found(pass(history, ["before", branch("right"), branch("left"), "after"])), "nothing")
    assert.strictEqual(found(pass(history, ["before", "after", branch("left")])), "nothing")
    assert.strictEqual(found(pass(history, [branch("left"), "after"])), "out_of_order before after")
    assert.strictEqual(found(pass(history, ["before", branch("left"), "new", "after"])), "replaced after new")
    assert.strictEqual(found(pass(history, ["before", branch("left")])), "left_out after -")
  })

  it("lets steps move from the body into branches and back", () => {
    assert.strictEqual(found(pass(recorded(["a", "b"]), [["b", "branch"], ["a", "branch"]])), "nothing")
    assert.strictEqual(found(pass([{ key: "a", ordinal: 0, sequential: false }], ["b", "a"])), "nothing")
  })

  it("numbers new steps after all that are recorded, and says who issued them", () => {
    const check = new ReplayCheck([{ key: "b", ordinal: 6, sequential: false }])
    assert.deepStrictEqual(check.placeOf("a"), Option.none())
    check.request("a", "body")
    check.request("b", "branch")
    check.request("c", "branch")
    assert.deepStrictEqual(check.placeOf("a"), Option.some({ ordinal: 7, sequential: true }))
    assert.deepStrictEqual(check.placeOf("c"), Option.some({ ordinal: 8, sequential: false }))
    assert.strictEqual(Option.getOrThrow(check.placeOf("b")).ordinal, 6)
  })

  it("is not confused by steps that are recorded while it is at work", () => {
    const history = [...recorded(["a"])]
    const check = new ReplayCheck(history)
    check.request("a", "body")
    history.push({ key: "z", ordinal: 1, sequential: true })
    assert.deepStrictEqual(check.request("b", "body"), Option.none())
    assert.deepStrictEqual(check.ended(), Option.none())
  })

  it("says in words what happened and what to do", () => {
    const message = (error: Option.Option<NonDeterminismError>) => Option.getOrThrow(error).message
    const history = recorded(["a", "b"])
    assert.strictEqual(
      message(pass(history, ["b"])),
      "the recorded run did \"a\" before \"b\", and the code now does \"b\" first; to change a workflow that has runs " +
        "under way, add a version of it (docs/workflows.md)"
    )
    assert.include(message(pass(history, ["x"])), "the recorded run did \"a\" here, and the code now does \"x\"; ")
    assert.include(message(pass(history, ["a"])), "the recorded run did \"b\", and the code now ends without it; ")
    assert.include(message(pass(history, ["a", "a"])), "takes the step \"a\" twice in one run")
  })

  it("costs the same for each step of a long run", () => {
    const keys = Array.from({ length: 200_000 }, (_, at) => `step ${at}`)
    assert.strictEqual(found(pass(recorded(keys), keys)), "nothing") // quadratic, it would not end within the time limit
  })

  const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
  const seed = between(0, 2 ** 31 - 1)
  const lengths = { length: between(2, 12), at: between(0, 1_000) }
  const program = (length: number) => Array.from({ length }, (_, at) => `step ${at}`)

  it.prop("finds any swap that touches the history of a sequential run", {
    ...lengths,
    other: between(0, 1_000),
    known: between(1, 12)
  }, ({ at, known, length, other }) => {
    const steps = program(length)
    const one = at % length
    const two = (one + 1 + other % (length - 1)) % length
    const history = recorded(steps.slice(0, Math.max(Math.min(known, length), Math.min(one, two) + 1)))
    const swapped = steps.map((step, index) => steps[index === one ? two : index === two ? one : index] ?? step)
    assert.notStrictEqual(found(pass(history, swapped)), "nothing")
  })

  it.prop("finds the removal of any recorded step of a sequential run", lengths, ({ at, length }) => {
    const steps = program(length)
    const removed = at % length
    for (let known = removed + 1; known <= length; known++) {
      const error = pass(recorded(steps.slice(0, known)), steps.filter((_, index) => index !== removed))
      assert.deepStrictEqual(Option.flatMap(error, ({ expected }) => expected), Option.some(`step ${removed}`))
    }
  })

  it.prop("finds a step put before a recorded one of a sequential run", lengths, ({ at, length }) => {
    const steps = program(length)
    const before = at % length
    const inserted = steps.toSpliced(before, 0, "new")
    for (let known = before + 1; known <= length; known++) {
      assert.strictEqual(found(pass(recorded(steps.slice(0, known)), inserted)), `replaced step ${before} new`)
    }
    assert.strictEqual(found(pass(recorded(steps.slice(0, before)), inserted)), "nothing")
  })

  it.prop(
    "never cries wolf at concurrent runs, whatever the order of their branches and wherever they crash",
    { seed },
    ({ seed }) => {
      const throws = dice(seed)
      const program = programOf(throws, 4)
      assert.deepStrictEqual(crashes(program, throws).map(({ message }) => message), [], show(program))
    },
    { arbitrary: { runs: 5_000 } }
  )

  it.prop(
    "finds the removal of a recorded step of the body of a concurrent run",
    { seed },
    ({ seed }) => {
      const throws = dice(seed)
      const program = programOf(throws, 4)
      const history: Array<RecordedStep> = []
      passOf(program, history, throws, 1 + throws(10))
      const known = bodySteps(program).filter((step) => history.some(({ key }) => key === step))
      const removed = known[throws(Math.max(1, known.length))]
      if (removed === undefined) return
      const { ended, errors } = passOf(without(program, removed), history, throws, Infinity)
      assert.isTrue(ended)
      assert.isNotEmpty(errors, `${show(program)} without ${removed}`)
    },
    { arbitrary: { runs: 2_000 } }
  )
})
