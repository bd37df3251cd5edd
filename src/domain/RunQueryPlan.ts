/** Which stretches of which index answer a search best. */
import type { DateTime } from "effect"
import { RunState, RunStatus, statesOf } from "./Run.ts"
import { interval, type RunQuery } from "./RunQuery.ts"
import type { Condition, Operator, Value } from "./RunQuerySyntax.ts"

/**
 * Stretches of one index, each ordered by the starts of its runs, that together hold every run of a search. They may
 * hold others too, so what is read is still to be matched.
 */
export type Plan =
  | { readonly _tag: "Attribute"; readonly name: string; readonly values: ReadonlyArray<string | number | boolean> }
  | { readonly _tag: "States"; readonly states: ReadonlyArray<RunState> }
  | { readonly _tag: "Workflows"; readonly workflows: ReadonlyArray<string> }

/** Every run, by its state. */
export const everything: Plan = { _tag: "States", states: RunState.literals }

/** More stretches than this are not merged. */
const mostStretches = 20

/**
 * The best plan: an attribute, else a state, else a workflow. Most runs are completed, so a workflow is the better
 * choice when completed runs are asked for; and when nothing fits, every run is read.
 */
export const plan = (query: RunQuery): Plan => plans(query)[0] ?? everything

/** The plans that each hold all runs of the query, the best first. */
const plans = (query: RunQuery): ReadonlyArray<Plan> => {
  switch (query._tag) {
    case "And":
      return query.all.flatMap(plans).toSorted((one, other) => rank(one) - rank(other))
    case "Or":
      return unite(query.any.map(plans))
    case "Not":
      return []
    case "Compare":
      return query.operator === "=" ? usable(ofValues(query, [query.value])) : []
    case "In":
      return usable(ofValues(query, query.values))
  }
}

const sizeOf = (plan: Plan): number => {
  switch (plan._tag) {
    case "Attribute":
      return plan.values.length
    case "States":
      return plan.states.length
    case "Workflows":
      return plan.workflows.length
  }
}

/** Smaller is better. */
const rank = (plan: Plan): number => {
  const kind = plan._tag === "Attribute"
    ? 0
    : plan._tag === "Workflows"
    ? 2
    : plan.states.includes("completed")
    ? 3
    : 1
  return kind * mostStretches + sizeOf(plan) - 1
}

const usable = (plan: Plan | undefined): ReadonlyArray<Plan> =>
  plan === undefined || sizeOf(plan) > mostStretches ? [] : [plan]

const ofValues = ({ field }: Condition, values: ReadonlyArray<Value>): Plan | undefined => {
  if (field._tag === "Attribute") {
    return { _tag: "Attribute", name: field.name, values: distinct(values.flatMap(meant)) }
  }
  const texts = distinct(values.flatMap((value) => value._tag === "Text" ? [value.text] : []))
  switch (field.name) {
    case "workflow":
      return { _tag: "Workflows", workflows: texts }
    case "state":
      return { _tag: "States", states: RunState.literals.filter((state) => texts.includes(state)) }
    case "status": {
      const statuses = RunStatus.literals.filter((status) => texts.includes(status))
      return { _tag: "States", states: statuses.flatMap(statesOf) }
    }
    default:
      return undefined
  }
}

/** The attributes' values that equal a value of a query. */
const meant = (value: Value): ReadonlyArray<string | number | boolean> => {
  switch (value._tag) {
    case "Text":
      return [value.text]
    case "Word":
      return [value.text, value.text === "true" ? true : value.text === "false" ? false : Number(value.text)]
    default:
      return []
  }
}

/** Plans of one kind that hold what any of the parts asks for. */
const unite = (parts: ReadonlyArray<ReadonlyArray<Plan>>): ReadonlyArray<Plan> => {
  const [first = [], ...rest] = parts
  return first.flatMap((plan) =>
    rest.reduce<ReadonlyArray<Plan>>(
      (united, part) => united.flatMap((one) => usable(merge(one, part))),
      [plan]
    )
  )
}

/** The plan widened by the first of the others that is about the same. */
const merge = (plan: Plan, others: ReadonlyArray<Plan>): Plan | undefined => {
  for (const other of others) {
    if (plan._tag === "Attribute" && other._tag === "Attribute" && plan.name === other.name) {
      return { ...plan, values: distinct([...plan.values, ...other.values]) }
    }
    if (plan._tag === "States" && other._tag === "States") {
      return { ...plan, states: distinct([...plan.states, ...other.states]) }
    }
    if (plan._tag === "Workflows" && other._tag === "Workflows") {
      return { ...plan, workflows: distinct([...plan.workflows, ...other.workflows]) }
    }
  }
  return undefined
}

const distinct = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> => [...new Set(all)]

/** Epoch milliseconds between which, both included, all runs of a search have started; infinite when it does not say. */
export interface Started {
  readonly first: number
  readonly last: number
}

const always: Started = { first: -Infinity, last: Infinity }
const never: Started = { first: Infinity, last: -Infinity }

/** When the runs have started that the query asks for, at the instant. */
export const startedOf = (query: RunQuery, now: DateTime.Utc): Started => {
  switch (query._tag) {
    case "And":
      return query.all.map((part) => startedOf(part, now)).reduce(both, always)
    case "Or":
      return query.any.map((part) => startedOf(part, now)).reduce(either, never)
    case "Not":
      return always
    case "Compare":
      return isStarted(query) ? compared(query.operator, at(query.value, now)) : always
    case "In":
      return isStarted(query) ? query.values.map((value) => at(value, now)).reduce(either, never) : always
  }
}

const isStarted = ({ field }: Condition): boolean => field._tag === "Column" && field.name === "started"

const at = (value: Value, now: DateTime.Utc): Started => {
  if (value._tag === "Text" || value._tag === "Word") return always
  const [first, last] = interval(value, now)
  return { first, last }
}

const compared = (operator: Operator, { first, last }: Started): Started => {
  switch (operator) {
    case "=":
      return { first, last }
    case "<":
      return { ...always, last: first - 1 }
    case "<=":
      return { ...always, last }
    case ">":
      return { ...always, first: last + 1 }
    case ">=":
      return { ...always, first }
    case "!=":
    case "~":
      return always
  }
}

const both = (one: Started, other: Started): Started => ({
  first: Math.max(one.first, other.first),
  last: Math.min(one.last, other.last)
})

const either = (one: Started, other: Started): Started => ({
  first: Math.min(one.first, other.first),
  last: Math.max(one.last, other.last)
})
