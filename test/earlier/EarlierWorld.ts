/** The store of an earlier Glider as a fixture, and stores of this one that take it over. */
import { Effect, Layer, Option } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { fromFile } from "../../src/earlier/EarlierFile.ts"
import type { EarlierRows } from "../../src/earlier/EarlierRow.ts"
import { importRows, type Owners, type TableReport } from "../../src/earlier/Import.ts"
import { Commit } from "../../src/store/Commit.ts"
import { Connections } from "../../src/store/Connections.ts"
import { GoogleEvents } from "../../src/store/GoogleEvents.ts"
import { OuraRecords } from "../../src/store/OuraRecords.ts"
import { Plays } from "../../src/store/Plays.ts"
import { SyncStates } from "../../src/store/SyncStates.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"

/** Rows with every fault that the earlier store had, as `surreal export` wrote them. */
export const fixture = "test/fixtures/data/earlier.surql"

export const earlierRows = fromFile(fixture)

/** A store of this Glider, with what reads and writes its synced tables. */
export const store = Layer.mergeAll(
  Commit.layer,
  SyncStates.layer,
  Connections.layer,
  Plays.layer,
  GoogleEvents.layer,
  OuraRecords.layer
).pipe(Layer.provideMerge(memoryStoreTest))

/** The accounts of one person; each test has a person of its own, so that they share a store. */
export const ownedBy = (person: string): Owners => ({
  google: Option.some({ userId: `${person}@example.org`, connection: connectionId("google", `${person}@example.org`) }),
  spotify: Option.some({ userId: person, connection: connectionId("spotify", person) }),
  oura: Option.some({ userId: person, connection: connectionId("oura", person) })
})

export const imported = (rows: EarlierRows, person: string, dryRun = false) =>
  importRows(rows, ownedBy(person), { dryRun })

/** A report in a line: read, new, there, quarantined, left out; mended. */
export const line = ({ created, known, left, quarantined, read, repaired, table }: TableReport): string =>
  `${table} ${read} = ${created} + ${known} + ${quarantined} + ${left}; ${repaired}`

export const lines = (reports: ReadonlyArray<TableReport>): ReadonlyArray<string> => reports.map(line)

/** What the fixture comes to in an empty store. */
export const expected = [
  "google_calendar_events 6 = 4 + 0 + 2 + 0; 3",
  "spotify_listening_history 7 = 5 + 0 + 2 + 0; 5",
  "oura_heartrate 5 = 4 + 0 + 1 + 0; 4",
  "oura_daily_stress 1 = 1 + 0 + 0 + 0; 1",
  "oura_daily_sleep 2 = 2 + 0 + 0 + 0; 2",
  "oura_sleep 1 = 1 + 0 + 0 + 0; 1",
  "oura_session 1 = 1 + 0 + 0 + 0; 1",
  "oura_workout 1 = 0 + 0 + 1 + 0; 0",
  "oura_sync_state 3 = 2 + 0 + 1 + 0; 0",
  "google_calendar_sync_state 1 = 0 + 0 + 0 + 1; 0",
  "sync_runs 2 = 0 + 0 + 0 + 2; 0",
  "demo_notes 1 = 0 + 0 + 0 + 1; 0"
]

/** Rows that a provider sends today for the same days, out of what the fixture has of them as sent. */
export const sentAgain = (rows: EarlierRows, table: string): ReadonlyArray<unknown> =>
  (rows.get(table) ?? []).flatMap(({ fields }) => fields["_raw"] === undefined ? [] : [fields["_raw"]])

export const fromFixture = Effect.fnUntraced(function*(person: string) {
  return yield* imported(yield* earlierRows, person)
})
