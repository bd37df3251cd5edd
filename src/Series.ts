/** Metrics with labels: cheap where events are many, bounded in their series, and known by name before anything happens. */
import { Effect, Metric } from "effect"

/** How many series a family may have besides the one that takes all others, unless it says so itself. */
const defaultLimit = 32

/** A value for each label of a family. */
export type Labels<L extends string> = { readonly [Label in L]: string }

export interface FamilyOptions<L extends string> {
  /** What the family means, as `/metrics` tells it. */
  readonly description: string
  readonly labels: ReadonlyArray<L>
  /** Series that are there, at zero, from the start. */
  readonly seeds?: ReadonlyArray<Labels<L>>
  /** How many series there may be; what comes later goes into one whose labels all say `other`. */
  readonly limit?: number
}

/** All series of one name. */
export interface Family<L extends string> {
  readonly name: string
  readonly kind: "Counter" | "Gauge" | "Histogram"
  readonly description: string
  readonly labels: ReadonlyArray<L>
  /** Counts by, sets to or observes the value, as the kind is. */
  readonly update: (labels: Labels<L>, value: number) => Effect.Effect<void>
  /** Adds to a gauge, as `update` does to a counter. */
  readonly modify: (labels: Labels<L>, value: number) => Effect.Effect<void>
  /** Brings the seeds into being, and the one series of a family without labels. */
  readonly sow: Effect.Effect<void>
}

/** What `/metrics` needs of a family, whatever its labels. */
export type Known = Pick<Family<string>, "name" | "kind" | "description" | "labels" | "sow">

const known = new Map<string, Known>()

/** Every family that the loaded code may feed. */
export const families = (): ReadonlyArray<Known> => [...known.values()]

const family = <L extends string, State>(
  name: string,
  kind: Known["kind"],
  { description, labels, limit = defaultLimit, seeds = [] }: FamilyOptions<L>,
  make: (attributes: { readonly [label: string]: string }) => Metric.Metric<number, State>
): Family<L> => {
  const [first] = labels
  const all = new Map<string, Metric.Metric<number, State>>()
  /** The one series of a family without labels; else the one for what comes after the limit. */
  const rest = make(Object.fromEntries(labels.map((label) => [label, "other"])))

  // made once each: a metric that gets its labels with every update computes its key anew
  const series = (values: Labels<L>): Metric.Metric<number, State> => {
    if (first === undefined) return rest
    const key = labels.length === 1 ? values[first] : labels.map((label) => values[label]).join("\n")
    const made = all.get(key)
    if (made !== undefined) return made
    if (all.size >= limit) return rest
    const added = make(Object.fromEntries(labels.map((label) => [label, values[label]])))
    all.set(key, added)
    return added
  }

  const sown = first === undefined ? [rest] : seeds.map(series)
  const made: Family<L> = {
    name,
    kind,
    description,
    labels,
    update: (values, value) => Metric.update(series(values), value),
    modify: (values, value) => Metric.modify(series(values), value),
    sow: Effect.forEach(sown, (metric) => Metric.value(metric), { discard: true })
  }
  known.set(name, made)
  return made
}

/** What only grows. */
export const counter = <const L extends string>(name: string, options: FamilyOptions<L>): Family<L> =>
  family(
    name,
    "Counter",
    options,
    (attributes) => Metric.counter(name, { description: options.description, attributes, incremental: true })
  )

/** What goes up and down. */
export const gauge = <const L extends string>(name: string, options: FamilyOptions<L>): Family<L> =>
  family(name, "Gauge", options, (attributes) => Metric.gauge(name, { description: options.description, attributes }))

/** How often a value was at most each of the boundaries. Durations are in seconds. */
export const histogram = <const L extends string>(
  name: string,
  options: FamilyOptions<L> & { readonly boundaries: ReadonlyArray<number> }
): Family<L> =>
  family(
    name,
    "Histogram",
    options,
    (attributes) =>
      Metric.histogram(name, { description: options.description, attributes, boundaries: options.boundaries })
  )
