/** Families of metrics under other names and labels. */
import type { Metric } from "effect"
import type { Known } from "../Series.ts"

export type Attributes = Metric.Metric.AttributeSet
type Snapshot = Metric.Metric.Snapshot

/** Another name for what a family says. */
export interface View extends Pick<Known, "name" | "kind" | "description" | "labels"> {
  /** The family that it shows. */
  readonly of: string
  /** The labels under which a series counts; none when it does not. Series that come to the same labels are added up. */
  readonly labelled: (of: Attributes) => Attributes | undefined
  /** Labels that are there, at zero, from the start. */
  readonly seeds?: ReadonlyArray<Attributes>
}

/** Both together. Of gauges there is nothing to add up: each of their views keeps the labels. */
const plus = (one: Snapshot, other: Snapshot): Snapshot => {
  if (one.type === "Counter" && other.type === "Counter") {
    const count = Number(one.state.count) + Number(other.state.count)
    return { ...one, state: { ...one.state, count } }
  }
  if (one.type === "Histogram" && other.type === "Histogram") {
    const { state } = other
    return {
      ...one,
      state: {
        buckets: one.state.buckets.map(([boundary, count], at) => [boundary, count + (state.buckets[at]?.[1] ?? 0)]),
        count: one.state.count + state.count,
        min: Math.min(one.state.min, state.min),
        max: Math.max(one.state.max, state.max),
        sum: one.state.sum + state.sum
      }
    }
  }
  return other
}

const keyOf = (attributes: Attributes): string => Object.values(attributes).join("\n")

/** What a view shows of all that there is. */
export const seen = ({ description, kind, labelled, name, of, seeds = [] }: View, all: ReadonlyArray<Snapshot>) => {
  const found = new Map<string, Snapshot>()
  for (const attributes of kind === "Counter" ? seeds : []) {
    found.set(keyOf(attributes), {
      id: name,
      type: "Counter",
      description,
      attributes,
      state: { count: 0, incremental: true }
    })
  }
  for (const snapshot of all) {
    if (snapshot.id !== of) continue
    const attributes = labelled(snapshot.attributes ?? {})
    if (attributes === undefined) continue
    const key = keyOf(attributes)
    const own: Snapshot = { ...snapshot, id: name, description, attributes }
    const before = found.get(key)
    found.set(key, before === undefined ? own : plus(before, own))
  }
  return [...found.values()]
}
