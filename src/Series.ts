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

type Registry = Effect.Success<typeof Metric.MetricRegistry>

const known = new Map<string, Known>()

/** Every family that the loaded code may feed. */
export const families = (): ReadonlyArray<Known> => [...known.values()]

const family = <L extends string, State>(
  name: string,
  kind: Known["kind"],
  { description, labels, limit = defaultLimit, seeds = [] }: FamilyOptions<L>,
  make: (attributes: { readonly [label: string]: string }) => Metric.Metric<number, State>
): Family<L> => {
  /** What a registry has, which the limit holds for. */
  const registered = new WeakMap<Registry, Map<string, Metric.Metric<number, State>>>()
  /** The one series of a family without labels; else the one for what comes after the limit. */
  const rest = make(Object.fromEntries(labels.map((label) => [label, "other"])))

  const keyOf = (values: Labels<L>): string => labels.map((label) => values[label]).join("\n")
  const added = (all: Map<string, Metric.Metric<number, State>>, values: Labels<L>) => {
    const metric = make(Object.fromEntries(labels.map((label) => [label, values[label]])))
    all.set(keyOf(values), metric)
    return metric
  }

  /** The seeds have their places, whatever comes before they are sown. */
  const seriesOf = (registry: Registry) => {
    const found = registered.get(registry)
    if (found !== undefined) return found
    const all = new Map<string, Metric.Metric<number, State>>()
    for (const values of seeds) added(all, values)
    registered.set(registry, all)
    return all
  }

  // made once each: a metric that gets its labels with every update computes its key anew
  const series = (values: Labels<L>, registry: Registry): Metric.Metric<number, State> => {
    if (labels.length === 0) return rest
    const all = seriesOf(registry)
    return all.get(keyOf(values)) ?? (all.size >= limit ? rest : added(all, values))
  }

  const within = <A>(act: (registry: Registry) => Effect.Effect<A>) => Effect.flatMap(Metric.MetricRegistry, act)
  const made: Family<L> = {
    name,
    kind,
    description,
    labels,
    update: (values, value) => within((registry) => Metric.update(series(values, registry), value)),
    modify: (values, value) => within((registry) => Metric.modify(series(values, registry), value)),
    sow: within((registry) =>
      Effect.forEach(
        labels.length === 0 ? [rest] : seeds.map((values) => series(values, registry)),
        (metric) => Metric.value(metric),
        { discard: true }
      )
    )
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
