/** What a benchmark gives: promises with what was measured, and figures beside them. */
import { Option } from "effect"

/** A number Glider promises to hold, and what this run measured. */
export interface Promised {
  readonly what: string
  readonly unit: string
  /** `least`: the measured number must not be below the promised one; `most`: not above it; `below`: it must be below. */
  readonly bound: "least" | "most" | "below"
  readonly promised: number
  readonly measured: number
  readonly held: boolean
}

const holds = ({ bound, measured, promised }: Omit<Promised, "held">): boolean =>
  bound === "least" ? measured >= promised : bound === "most" ? measured <= promised : measured < promised

export const promise = (spec: Omit<Promised, "held">): Promised => ({ ...spec, held: holds(spec) })

const inWords = { least: "at least", most: "at most", below: "below" } as const

/** What one benchmark found out. */
export interface Outcome {
  readonly promises: ReadonlyArray<Promised>
  /** Everything else worth knowing of the run: rounds, baselines, ratios. */
  readonly figures: { readonly [name: string]: unknown }
}

/** How much is done. */
export interface Sizes {
  /** Records that each round of the store's benchmark writes. */
  readonly records: number
  /** Rounds, of which the best counts. */
  readonly rounds: number
  /** Starts, of which the median counts. */
  readonly starts: number
  /** Seconds until `glider run` counts as idle. */
  readonly idleSeconds: number
  readonly workflows: WorkflowSizes
}

/** How many workflows. */
export interface WorkflowSizes {
  /** Rounds of each engine, in turn, of which the median counts. */
  readonly rounds: number
  /** Workflows of a round at 1, 10, 100 and 500 concurrent, and before them. */
  readonly at: { readonly 1: number; readonly 10: number; readonly 100: number; readonly 500: number }
  readonly warmUp: number
  /** Processes that are killed, with so many workflows under way. */
  readonly kills: number
  readonly underWay: number
  /** Workflows that wait for days. */
  readonly waiting: number
  /** Workflows that begin at the same time. */
  readonly crowd: number
}

export const full: Sizes = {
  records: 100_000,
  rounds: 2,
  starts: 7,
  idleSeconds: 20,
  workflows: {
    rounds: 5,
    at: { 1: 600, 10: 3000, 100: 8000, 500: 10_000 },
    warmUp: 3000,
    kills: 5,
    underWay: 500,
    waiting: 10_000,
    crowd: 1000
  }
}

export const quick: Sizes = {
  records: 4000,
  rounds: 1,
  starts: 3,
  idleSeconds: 5,
  workflows: {
    rounds: 1,
    at: { 1: 100, 10: 500, 100: 2000, 500: 2000 },
    warmUp: 1000,
    kills: 1,
    underWay: 500,
    waiting: 2000,
    crowd: 1000
  }
}

const sorted = (numbers: ReadonlyArray<number>): ReadonlyArray<number> => numbers.toSorted((a, b) => a - b)

export const median = (numbers: ReadonlyArray<number>): number =>
  sorted(numbers)[Math.floor(numbers.length / 2)] ?? Number.NaN

export const round = (number: number, digits = 0): number => Number(number.toFixed(digits))

/** A benchmark's outcome as a person reads it. */
export const summary = (name: string, outcome: Option.Option<Outcome>): string =>
  Option.match(outcome, {
    onNone: () => `${name}: could not run`,
    onSome: ({ figures, promises }) =>
      [
        ...promises.map(({ bound, held, measured, promised, unit, what }) =>
          `${held ? "held  " : "missed"}  ${what}: ${measured} ${unit} (${inWords[bound]} ${promised})`
        ),
        ...Object.entries(figures).map(([figure, value]) => `        ${figure}: ${JSON.stringify(value)}`)
      ].join("\n")
  })
