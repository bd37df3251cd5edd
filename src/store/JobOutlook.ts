/** Which jobs there are for workers to do, and when there will be one. */
import { Array as Arr, Effect, Option, Schema, Stream } from "effect"
import type { Surreal } from "../services/Surreal.ts"

/** What is to be done. */
export interface Outlook {
  /** Whether the time of any job has come. */
  readonly isAnyReady: boolean
  /** When that of the next one comes. */
  readonly next: Option.Option<number>
}

/** Jobs whose time has not come, the next one first. */
export const waiting = "background_job WITH INDEX background_job_by_lane WHERE lane = '' AND urgency = 0"

/** Before any name of a type, and after the empty one of those whose time has not come. */
const firstName = "!"
const firstLane = "SELECT VALUE lane FROM background_job WITH INDEX background_job_by_lane WHERE lane >= $from LIMIT 1"

const nextWaiting = `SELECT VALUE run_at FROM ${waiting} AND run_at >= 0 LIMIT 1`

const Heads = Schema.Struct({ next: Schema.Array(Schema.Finite), ready: Schema.Array(Schema.String) })

export const outlookOf = (surreal: Surreal["Service"]) =>
  Effect.map(
    surreal.query(Heads, `RETURN { next: (${nextWaiting}), ready: (${firstLane}) }`, { from: firstName }),
    ({ next, ready }): Outlook => ({ next: Arr.head(next), isAnyReady: ready.length > 0 })
  )

/** The types of which there are jobs whose time has come: from one name to the next, so that a lane is not read to find the other. */
export const lanesOf = (surreal: Surreal["Service"]) =>
  Stream.paginate(firstName, (from: string) =>
    Effect.map(
      surreal.query(Schema.Array(Schema.String), firstLane, { from }),
      // no name has a character before those of names, so the next one comes after this
      (names) => [names, Option.map(Arr.head(names), (name) => `${name}!`)] as const
    )).pipe(Stream.runCollect, Effect.withSpan("JobLeases.lanes"))
