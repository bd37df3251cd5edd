/** Random searches, random runs, and what a search means, said a second time without the product's syntax tree. */
import { DateTime, Option } from "effect"
import { RunState, statusOfState, Trigger } from "../../src/domain/Run.ts"
import type { RunQuery, Searched } from "../../src/domain/RunQuery.ts"
import { type Column, columnKinds, type Field, type Value } from "../../src/domain/RunQuerySyntax.ts"
import { operatorsOf } from "../../src/domain/RunQueryValues.ts"

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export const randomness = (seed: number) => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <A>(all: ReadonlyArray<A>): A => {
    const [picked] = all.slice(below(all.length))
    if (picked === undefined) throw new Error("nothing to pick from")
    return picked
  }
  const some = <A>(most: number, make: () => A): ReadonlyArray<A> => Array.from({ length: 1 + below(most) }, make)
  return { next, below, pick, some }
}
export type Randomness = ReturnType<typeof randomness>

export const now = DateTime.makeUnsafe("2026-11-24T12:00:00Z")

const texts = [
  "u1",
  "u2",
  "",
  "and",
  "In",
  "true",
  "5",
  "-7d",
  "spotify",
  "a b",
  "say \"hi\"",
  "é\n\\",
  "glider/Sync",
  "'"
]
const attributes = ["user_id", "rating", "explicit", "match_method"]

const columns: ReadonlyArray<Column> = [
  "workflow",
  "status",
  "state",
  "trigger",
  "schedule",
  "version",
  "attempt",
  "parent",
  "original",
  "error",
  "started",
  "finished"
]

const millisOf = (random: Randomness): number =>
  now.epochMilliseconds - random.pick([0, 1, 1_000, 3_600_000, 86_400_000, 90_000_000]) * random.below(30)

const dayOf = (millis: number): number => Math.floor(millis / 86_400_000) * 86_400_000

const randomValue = (random: Randomness, field: Field): Value => {
  const kind = field._tag === "Attribute" ? "attribute" : columnKinds[field.name]
  switch (kind) {
    case "text":
      return { _tag: "Text", text: random.pick(texts) }
    case "attribute":
      return random.below(2) === 0
        ? { _tag: "Text", text: random.pick(texts) }
        : { _tag: "Word", text: random.pick(["5", "-0.5", "1e3", "007", "true", "false"]) }
    case "status":
      return { _tag: "Text", text: statusOfState(random.pick(RunState.literals)) }
    case "state":
      return { _tag: "Text", text: random.pick(RunState.literals) }
    case "trigger":
      return { _tag: "Text", text: random.pick(Trigger.literals) }
    case "count":
      return { _tag: "Count", count: random.below(5) }
    case "instant":
      return random.pick<Value>([
        { _tag: "At", millis: millisOf(random) },
        { _tag: "Day", millis: dayOf(millisOf(random)) },
        { _tag: "Ago", millis: random.below(40) * random.pick([1_000, 61_000, 3_661_000, 86_400_000]) }
      ])
  }
}

/** A search, as the parser would give it. */
export const randomQuery = (random: Randomness, depth: number): RunQuery => {
  const parts = () => [randomQuery(random, depth - 1), ...random.some(2, () => randomQuery(random, depth - 1))]
  switch (depth === 0 ? 3 : random.below(5)) {
    case 0:
      return { _tag: "And", all: parts() }
    case 1:
      return { _tag: "Or", any: parts() }
    case 2:
      return { _tag: "Not", query: randomQuery(random, depth - 1) }
    default: {
      const field: Field = random.below(2) === 0
        ? { _tag: "Column", name: random.pick(columns) }
        : { _tag: "Attribute", name: random.pick(attributes) }
      const operators = operatorsOf[field._tag === "Attribute" ? "attribute" : columnKinds[field.name]]
      return random.below(4) === 0
        ? { _tag: "In", field, values: random.some(3, () => randomValue(random, field)) }
        : { _tag: "Compare", field, operator: random.pick(operators), value: randomValue(random, field) }
    }
  }
}

const maybe = <A>(random: Randomness, make: () => A): Option.Option<A> =>
  random.below(3) === 0 ? Option.none() : Option.some(make())

export const randomRun = (random: Randomness): Searched => {
  const state = random.pick(RunState.literals)
  const text = () => random.pick(texts)
  return {
    workflow: text(),
    state,
    status: statusOfState(state),
    trigger: random.pick(Trigger.literals),
    schedule: maybe(random, text),
    version: random.below(5),
    attempt: random.below(5),
    parent: maybe(random, text),
    original: maybe(random, text),
    error: maybe(random, () => ({ tag: text() })),
    startedAt: DateTime.makeUnsafe(millisOf(random)),
    finishedAt: maybe(random, () => DateTime.makeUnsafe(millisOf(random))),
    attributes: Object.fromEntries(
      attributes.filter(() => random.below(4) > 0).map((name) => [
        name,
        random.pick<string | number | boolean>([text(), 5, -0.5, 1_000, 7, true, false])
      ])
    )
  }
}

/** A search as text, with its meaning. */
export interface Told {
  readonly text: string
  readonly holds: (run: Searched) => boolean
}

const iso = (instant: DateTime.Utc): string => DateTime.formatIso(instant)

const tells = (random: Randomness): Told => {
  const word = random.pick(["u1", "spotify"])
  const count = random.below(5)
  const state = random.pick(RunState.literals)
  const at = iso(DateTime.makeUnsafe(millisOf(random)))
  const day = at.slice(0, 10)
  const hours = random.below(60)
  const since = iso(DateTime.subtract(now, { hours }))
  const finished = (run: Searched) => Option.match(run.finishedAt, { onNone: () => "", onSome: iso })
  return random.pick<Told>([
    { text: `workflow = ${word}`, holds: (run) => run.workflow === word },
    { text: `WORKFLOW ~ '${word.slice(0, 1)}'`, holds: (run) => run.workflow.startsWith(word.slice(0, 1)) },
    { text: `UserId = "${word}"`, holds: (run) => run.attributes["user_id"] === word },
    { text: `user_id!=${word}`, holds: (run) => run.attributes["user_id"] !== word },
    { text: "rating = 5", holds: ({ attributes }) => attributes["rating"] === 5 || attributes["rating"] === "5" },
    { text: "rating = \"5\"", holds: ({ attributes }) => attributes["rating"] === "5" },
    {
      text: "explicit in (true, 1e3)",
      holds: ({ attributes }) => [true, "true", 1_000, "1e3"].some((value) => attributes["explicit"] === value)
    },
    { text: `attempt <= ${count}`, holds: (run) => run.attempt < count + 1 },
    { text: `not version in(${count},1)`, holds: (run) => run.version !== 1 && run.version !== count },
    { text: `state = ${state}`, holds: (run) => run.state === state },
    { text: "status = Running", holds: ({ state }) => /^(running|waiting|parked)$/.test(state) },
    { text: "status != interrupted", holds: ({ state }) => state !== "stopped" && state !== "interrupted" },
    { text: "trigger in (schedule, manual)", holds: (run) => run.trigger === "schedule" || run.trigger === "manual" },
    { text: `schedule = ${word}`, holds: (run) => run.schedule._tag === "Some" && run.schedule.value === word },
    { text: `error >= ${word}`, holds: (run) => run.error._tag === "Some" && !(run.error.value.tag < word) },
    { text: `started > ${at}`, holds: (run) => iso(run.startedAt) > at },
    { text: `started = ${day}`, holds: (run) => iso(run.startedAt).startsWith(day) },
    { text: `started > ${day}`, holds: (run) => iso(run.startedAt).slice(0, 10) > day },
    { text: `started >= -${hours}h`, holds: (run) => iso(run.startedAt) >= since },
    { text: `finished <= "${day}"`, holds: (run) => finished(run) !== "" && finished(run).slice(0, 10) <= day },
    { text: "finished < now", holds: (run) => finished(run) !== "" && finished(run) < iso(now) }
  ])
}

/** A search of several conditions, put together by text on one side and by functions on the other. */
export const randomTold = (random: Randomness, depth: number): Told => {
  if (depth === 0) return tells(random)
  const [one, other, third] = [
    randomTold(random, depth - 1),
    randomTold(random, depth - 1),
    randomTold(random, depth - 1)
  ]
  return random.pick<Told>([
    { text: `(${one.text}) AND (${other.text})`, holds: (run) => one.holds(run) && other.holds(run) },
    { text: `(${one.text}) or (${other.text})`, holds: (run) => one.holds(run) || other.holds(run) },
    { text: `not (${one.text})`, holds: (run) => !one.holds(run) },
    {
      text: `(${one.text}) or (${other.text}) and Not(${third.text})`,
      holds: (run) => one.holds(run) || (other.holds(run) && !third.holds(run))
    }
  ])
}
