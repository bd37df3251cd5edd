/** What a test and the workflow process that it kills say to each other, and what that process leaves in its side file. */
import { Schema } from "effect"
import { Entry } from "../../src/domain/RunEntry.ts"

/** An engine that is broken on purpose, to show that the checks find it. */
export const Defect = Schema.Literals([
  "entries-dropped",
  "answered-early",
  "no-recovery",
  "wakes-lost",
  "timers-forgotten",
  "writes-apart"
])
export type Defect = typeof Defect.Type

/** Given to the process as its one argument. */
export const Setup = Schema.Struct({
  /** Holds the store and the side file. */
  folder: Schema.String,
  /** Which process it is, counted from 0. */
  life: Schema.Finite,
  /** Orders to start. */
  start: Schema.Array(Schema.String),
  /** Orders to approve. */
  approve: Schema.Array(Schema.String),
  cancel: Schema.Array(Schema.String),
  /** Ends when no run is left, and tells of all; else it waits to be killed. */
  toTheEnd: Schema.Boolean,
  defect: Schema.optionalKey(Defect)
})
export type Setup = typeof Setup.Type

/** A run as it is stored. */
export const Stored = Schema.Struct({
  order: Schema.String,
  workflow: Schema.String,
  state: Schema.String,
  entries: Schema.Array(Entry)
})
export type Stored = typeof Stored.Type

/** What the process says, after it is durable. */
export const Line = Schema.TaggedUnion({
  Opened: {},
  Started: { order: Schema.String },
  Approved: { order: Schema.String },
  Cancelled: { order: Schema.String },
  Ended: { run: Schema.String, state: Schema.String },
  /** At the end: everything is in the last file. */
  Told: {}
})
export type Line = typeof Line.Type

/** Everything that the last process found and did. */
export const Last = Schema.Struct({
  runs: Schema.Array(Stored),
  booked: Schema.Array(Schema.String),
  left: Schema.Finite,
  commits: Schema.Finite
})
export type Last = typeof Last.Type

export const lastFile = (folder: string): string => `${folder}/last.json`

/** A line of the side file: a process that begins its work, or an activity that does its own. */
export interface Trace {
  readonly life: number
  readonly at: number
  /** None for the beginning of a process. */
  readonly deed: { readonly order: string; readonly name: string } | undefined
}

export const sideFile = (folder: string): string => `${folder}/deeds`

export const traceLine = (life: number, at: number, deed: Trace["deed"]): string =>
  `${life}\t${at}\t${deed === undefined ? "" : `${deed.order}\t${deed.name}`}\n`

/** The lines of a side file; the last may have been cut off. */
export const traces = (text: string): ReadonlyArray<Trace> =>
  text.split("\n").slice(0, -1).map((line) => {
    const [life, at, order, name] = line.split("\t")
    return {
      life: Number(life),
      at: Number(at),
      deed: order === undefined || name === undefined ? undefined : { order, name }
    }
  })

/** The value that an approval brings. */
export const approvalOf = (life: number): string => `approved by ${life}`
