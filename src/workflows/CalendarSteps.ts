/** The steps of an import of calendars: each chunk is one activity, whose events and journal entry are one commit. */
import { DateTime, Effect, FileSystem, Option, Schema } from "effect"
import { Activity } from "effect/workflow"
import { LatestConfig } from "../Config.ts"
import type { ConnectionId } from "../domain/Connection.ts"
import { StreamCounts } from "../domain/Run.ts"
import * as TransactionalActivity from "../engine/TransactionalActivity.ts"
import type { TakenEvents } from "../imports/CalendarReader.ts"
import { zoneOf } from "../imports/CalendarZone.ts"
import { dayMillis, firstOfYear } from "../imports/Civil.ts"
import { ExportPart, partsOf } from "../imports/ExportFile.ts"
import type { Surreal } from "../services/Surreal.ts"
import { Commit } from "../store/Commit.ts"
import { eventRow, eventsTable } from "../store/GoogleEvents.ts"
import { begun, calendarConnection, readWhole } from "../store/ImportedCalendars.ts"
import { type Page, Write } from "../store/Write.ts"
import * as RunProgress from "../workflow/RunProgress.ts"
import { CalendarReaders } from "./CalendarReaders.ts"
import { RunFailed, told } from "./RunResult.ts"

/** What the steps ask for. */
export const world = Effect.context<CalendarReaders | Commit | FileSystem.FileSystem | LatestConfig | Surreal>()

type World = Effect.Success<typeof world>

/** An import of calendars as its steps see it. */
export interface CalendarImport {
  readonly run: string
  /** Where the file is, and what the person calls it. */
  readonly path: string
  readonly file: string
  /** The calendar, and the hash of its address where it has one. */
  readonly calendar: string
  readonly address: string | null
}

/** What a file holds, and how it is read: the same for all chunks, also on another day. */
const Looked = Schema.Struct({
  parts: Schema.Array(ExportPart),
  /** In milliseconds. */
  until: Schema.Finite,
  zone: Schema.String
})
export type Looked = typeof Looked.Type

/** How many events are committed at once: as many as Google gives on a page. */
const chunkSize = 250

/** Series are followed to the end of the year after the next: an import of the same file adds nothing before the year is over. */
const yearsAhead = 3

export const look = (world: World, { file, path }: CalendarImport) =>
  Activity.make({
    name: "look into the calendars",
    success: Looked,
    error: RunFailed,
    execute: told(Effect.gen(function*() {
      const { scheduler: { timezone } } = yield* Effect.flatMap(LatestConfig, ({ get }) => get)
      const { year } = DateTime.toPartsUtc(yield* DateTime.now)
      return {
        parts: yield* partsOf(file, path),
        until: firstOfYear(year + yearsAhead) * dayMillis,
        zone: DateTime.zoneToString(timezone)
      }
    }))
  }).pipe(Effect.provideContext(world))

/** What is known of the calendar, before its first event is there. */
export const begin = (world: World, { address, calendar }: CalendarImport) =>
  told(
    TransactionalActivity.make({
      name: "note the calendar",
      success: Schema.Void,
      error: RunFailed,
      prepare: DateTime.now,
      plan: (at) => Effect.succeed({ writes: [begun({ name: calendar, address, at })], success: undefined })
    }).pipe(Effect.provideContext(world))
  )

/** What a chunk did, as journalled. */
const ChunkDone = Schema.Struct({
  counts: StreamCounts,
  place: Schema.Struct({ components: Schema.Natural, events: Schema.Natural }),
  bytes: Schema.Natural,
  isEnd: Schema.Boolean,
  /** Why the rest cannot be read. */
  fault: Schema.NullOr(Schema.String),
  /** When the earliest of the events begins, in milliseconds. */
  from: Schema.NullOr(Schema.Finite),
  /** Events that cannot be read, by their names. */
  unreadable: Schema.Array(Schema.String)
})
export type ChunkDone = typeof ChunkDone.Type

const pageOf = (connection: ConnectionId, calendarId: string, run: string, taken: TakenEvents): Page => ({
  stream: eventsTable,
  read: taken.read,
  writes: [
    ...taken.events.length === 0 ? [] : [
      Write.Upsert({
        table: eventsTable,
        rows: taken.events.map(({ event, raw }) => eventRow(connection, calendarId, event, raw)),
        listing: Option.some(run)
      })
    ],
    ...taken.unreadable.length === 0 ? [] : [
      Write.Quarantine({
        stream: eventsTable,
        connection,
        records: taken.unreadable.map(({ problem, raw }) => ({ raw, problem }))
      })
    ]
  ],
  cursor: Option.none(),
  fraction: Option.none()
})

const beginning = ({ event: { start } }: TakenEvents["events"][number]): number =>
  start._tag === "Moment"
    ? start.at.epochMilliseconds
    : DateTime.makeUnsafe(`${start.date}T00:00:00Z`).epochMilliseconds

/** Where a chunk stands in its import: what was read before, and how much there is in all. */
export interface Standing {
  /** Which of the calendars it is of. */
  readonly part: number
  readonly place: ChunkDone["place"]
  readonly records: number
  readonly bytes: number
  readonly totalBytes: number
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)

/** Reads and commits the next events of a calendar. */
export const readChunk = Effect.fnUntraced(
  function*(_: World, of: CalendarImport, looked: Looked, part: ExportPart, number: number, standing: Standing) {
    const commit = yield* Commit
    const readers = yield* CalendarReaders
    const zone = Option.getOrElse(DateTime.zoneFromString(looked.zone), () => DateTime.zoneMakeNamedUnsafe("UTC"))
    const options = { until: looked.until, zone: zoneOf(zone) }
    const connection = calendarConnection(of.calendar)
    return yield* TransactionalActivity.make({
      name: `read calendar ${standing.part + 1}, chunk ${number}`,
      success: ChunkDone,
      error: RunFailed,
      prepare: told(readers.take(of.run, { path: of.path, part, options }, standing.place, chunkSize)),
      plan: Effect.fnUntraced(function*(taken) {
        const plan = yield* commit.plan(pageOf(connection, calendarIdOf(of, looked, part), of.run, taken))
        const done = standing.bytes + taken.bytes
        const records = standing.records + taken.read
        return {
          writes: plan.statements,
          success: {
            counts: plan.counts,
            place: taken.place,
            bytes: taken.bytes,
            isEnd: taken.isEnd,
            fault: taken.fault === undefined ? null : `${part.name}: ${taken.fault}`,
            from: taken.events.length === 0 ? null : Math.min(...taken.events.map(beginning)),
            unreadable: taken.unreadable.map(({ uid }) => uid)
          },
          committed: Effect.andThen(
            commit.committed(plan),
            RunProgress.set({
              step: "read",
              done,
              total: standing.totalBytes,
              message: `${records} events, ${megabytes(done)} of ${megabytes(standing.totalBytes)} MB`
            })
          )
        }
      })
    })
  },
  (chunk, world) => told(Effect.provideContext(chunk, world))
)

/** Of several calendars in an archive each keeps its name. */
const calendarIdOf = ({ calendar }: CalendarImport, { parts }: Looked, { name }: ExportPart): string =>
  parts.length === 1 ? calendar : name

/** What was read of an address as a whole. */
export interface WholeCalendar {
  /** When the earliest event begins that it lists, in milliseconds. */
  readonly from: number
  /** Events that cannot be read, which are not gone. */
  readonly unreadable: ReadonlyArray<string>
  readonly etag: string | null
  readonly lastModified: string | null
}

/**
 * Marks as gone what the address lists no more, and notes that it was read. What ended before the earliest event that is listed stays: many
 * addresses list the last months only.
 */
export const mirror = (world: World, of: CalendarImport, { etag, from, lastModified, unreadable }: WholeCalendar) =>
  told(
    Effect.gen(function*() {
      const commit = yield* Commit
      return yield* TransactionalActivity.make({
        name: "mark what is gone",
        success: StreamCounts,
        error: RunFailed,
        prepare: DateTime.now,
        plan: Effect.fnUntraced(function*(at) {
          const first = DateTime.makeUnsafe(from)
          const plan = yield* commit.plan({
            stream: eventsTable,
            read: 0,
            writes: [Write.Sweep({
              table: eventsTable,
              prefix: [calendarConnection(of.calendar)],
              listing: of.run,
              where: "(start >= $first OR start_date >= $first_day) AND google_id NOT IN $unreadable AND " +
                "(recurring_event_id ?? '') NOT IN $unreadable",
              vars: { first, first_day: DateTime.formatIsoDateUtc(first), unreadable }
            })],
            cursor: Option.none(),
            fraction: Option.none()
          })
          return {
            writes: [...plan.statements, readWhole(of.calendar, { at, etag, lastModified })],
            success: plan.counts,
            committed: commit.committed(plan)
          }
        })
      })
    }).pipe(Effect.provideContext(world))
  )

/** The file is not needed any more: each event of it is in the store, as it was sent. */
export const discard = (world: World, { path }: CalendarImport) =>
  Activity.make({
    name: "remove the file",
    success: Schema.Void,
    error: RunFailed,
    execute: told(Effect.flatMap(FileSystem.FileSystem, (fs) => fs.remove(path, { force: true })))
  }).pipe(Effect.provideContext(world))
