/** What a benchmark gives: promises with what was measured, and figures beside them. */
import { Option } from "effect"

/** A number Glider promises to hold, and what this run measured. */
export interface Promised {
  readonly what: string
  readonly unit: string
  /** `least`: the measured number must not be below the promised one; `below`: it must be. */
  readonly bound: "least" | "below"
  readonly promised: number
  readonly measured: number
  readonly held: boolean
}

export const promise = (spec: Omit<Promised, "held">): Promised => ({
  ...spec,
  held: spec.bound === "least" ? spec.measured >= spec.promised : spec.measured < spec.promised
})

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
}

export const full: Sizes = { records: 100_000, rounds: 2, starts: 7, idleSeconds: 20 }

export const quick: Sizes = { records: 4000, rounds: 1, starts: 3, idleSeconds: 5 }

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
          `${held ? "held  " : "missed"}  ${what}: ${measured} ${unit} (${
            bound === "least" ? "at least" : "below"
          } ${promised})`
        ),
        ...Object.entries(figures).map(([figure, value]) => `        ${figure}: ${JSON.stringify(value)}`)
      ].join("\n")
  })
