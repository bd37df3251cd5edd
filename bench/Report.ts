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
  readonly schedules: ScheduleSizes
  /** Rows that are compared and read again, and pairs of stores, with and without a witness, of which the median counts. */
  readonly integrity: { readonly records: number; readonly rounds: number }
  /** Years of records behind the pages, and how often each is asked for after the first time. */
  readonly pages: { readonly years: number; readonly repeats: number }
  /** Songs that are asked for when all goes well, and as many under faults. */
  readonly songs: number
  /** Requests of each kind, and how long the stand-in for the model takes for an answer. */
  readonly agents: { readonly requests: number; readonly modelMillis: number }
  /** Jobs that are given in one go, and that are done in each way. */
  readonly jobs: { readonly given: number; readonly done: number }
  /** Records that are committed, and rounds, of which the median counts. */
  readonly webhooks: { readonly records: number; readonly rounds: number }
}

/** How many schedules. */
export interface ScheduleSizes {
  /** Schedules that are brought to what a config says. */
  readonly reconciled: ReadonlyArray<number>
  /** Schedules that are due at once, every so many seconds, and how many of their ticks are measured. */
  readonly due: ReadonlyArray<{
    readonly schedules: number
    /** Over a second, or at one instant. */
    readonly isSpread: boolean
    readonly every: number
    readonly ticks: number
  }>
  /** Schedules and runs of a daemon whose API is asked, and for how long. */
  readonly answering: number
  readonly runs: number
  readonly seconds: number
  /** Schedules that are held while none is due, and until memory is read. */
  readonly held: number
  readonly restSeconds: number
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
  /** Until the memory of those is read. */
  readonly restSeconds: number
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
    restSeconds: 20,
    crowd: 1000
  },
  schedules: {
    reconciled: [1000, 10_000],
    due: [
      { schedules: 1000, isSpread: true, every: 5, ticks: 5 },
      { schedules: 1000, isSpread: false, every: 5, ticks: 5 },
      { schedules: 10_000, isSpread: true, every: 60, ticks: 1 },
      { schedules: 10_000, isSpread: false, every: 60, ticks: 1 }
    ],
    answering: 1000,
    runs: 100_000,
    seconds: 20,
    held: 100_000,
    restSeconds: 20
  },
  integrity: { records: 200_000, rounds: 5 },
  pages: { years: 10.2, repeats: 9 },
  songs: 150,
  agents: { requests: 20, modelMillis: 200 },
  jobs: { given: 5000, done: 2000 },
  webhooks: { records: 50_000, rounds: 5 }
}

/** Enough to see that each benchmark runs: its numbers say little. */
export const quick: Sizes = {
  records: 1000,
  rounds: 1,
  starts: 1,
  idleSeconds: 2,
  workflows: {
    rounds: 1,
    at: { 1: 20, 10: 100, 100: 300, 500: 500 },
    warmUp: 100,
    kills: 1,
    underWay: 100,
    waiting: 300,
    restSeconds: 1,
    crowd: 200
  },
  schedules: {
    reconciled: [200],
    due: [{ schedules: 100, isSpread: true, every: 2, ticks: 1 }],
    answering: 100,
    runs: 300,
    seconds: 1,
    held: 300,
    restSeconds: 1
  },
  integrity: { records: 2000, rounds: 1 },
  pages: { years: 0.1, repeats: 1 },
  songs: 3,
  agents: { requests: 2, modelMillis: 20 },
  jobs: { given: 200, done: 50 },
  webhooks: { records: 1000, rounds: 1 }
}

const sorted = (numbers: ReadonlyArray<number>): ReadonlyArray<number> => numbers.toSorted((a, b) => a - b)

export const median = (numbers: ReadonlyArray<number>): number =>
  sorted(numbers)[Math.floor(numbers.length / 2)] ?? Number.NaN

/** The number below which that part of all lies, 0 to 1. */
export const percentile = (numbers: ReadonlyArray<number>, part: number): number =>
  sorted(numbers)[Math.max(0, Math.ceil(numbers.length * part) - 1)] ?? Number.NaN

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
