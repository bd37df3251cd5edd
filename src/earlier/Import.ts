/** The rows of the earlier Glider, mended and written through the door that the syncs write through. */
import { Array as Arr, DateTime, Effect, Option, Result, Schema } from "effect"
import type { Provider } from "../domain/Provider.ts"
import { OuraDataType } from "../domain/Task.ts"
import { Commit } from "../store/Commit.ts"
import { keyText } from "../store/ContentHash.ts"
import { eventsTable } from "../store/GoogleEvents.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { playsTable } from "../store/Plays.ts"
import { ouraCursor, spotifyCursor, SyncStates } from "../store/SyncStates.ts"
import { type Cursor, type Page, type Row, Write } from "../store/Write.ts"
import type { UnreadableRecord } from "../syncs/ReadRecords.ts"
import { eventOf } from "./EarlierEvent.ts"
import { playOf } from "./EarlierPlay.ts"
import { documentOf, heartRateOf, ouraStateOf } from "./EarlierRing.ts"
import { type EarlierRow, type EarlierRows, fateOf, knownTables } from "./EarlierRow.ts"
import type { Outcome, Owner, Repair } from "./Outcome.ts"

/** Whose the records of each provider are; none where there is no record of it. */
export type Owners = { readonly [P in Provider]: Option.Option<Owner> }

/** What has become of a table. Every row that was read is in one of the four numbers after it. */
export class TableReport extends Schema.Class<TableReport>("glider/earlier/TableReport")({
  table: Schema.String,
  read: Schema.Natural,
  /** Written now. */
  created: Schema.Natural,
  /** There already, by a sync or an earlier import; what is there stays as it is. */
  known: Schema.Natural,
  /** Kept as they were, since they cannot be read. */
  quarantined: Schema.Natural,
  left: Schema.Natural,
  /** Of those that are written or known, how many were mended, and of what. */
  repaired: Schema.Natural,
  repairs: Schema.Record(Schema.String, Schema.Natural),
  /** Why rows are left. */
  why: Schema.NullOr(Schema.String)
}) {}

const nothing = { read: 0, created: 0, known: 0, quarantined: 0, left: 0, repaired: 0, repairs: {}, why: null }

/** Rows of one transaction. */
const rowsAtOnce = 500

/** The one calendar that the earlier store knew. */
const onlyCalendarOf = (rows: EarlierRows): Option.Option<string> => {
  const known = new Set(
    (rows.get("google_calendar_sync_state") ?? []).map(({ fields, id }) => String(fields["calendar_id"] ?? id))
  )
  const [only, ...others] = known
  return others.length === 0 ? Option.fromUndefinedOr(only) : Option.none()
}

const quarantined = (stream: string, { connection }: Owner, records: ReadonlyArray<UnreadableRecord>) =>
  records.length === 0 ? [] : [Write.Quarantine({ stream, connection, records })]

const rawOf = ({ fields, id, table }: EarlierRow): object => ({ id: `${table}:${id}`, ...fields })

/** Takes the rows over for their owners. What the store has already, it keeps; with `dryRun` nothing is written. */
export const importRows = Effect.fn("Earlier.import")(
  function*(rows: EarlierRows, owners: Owners, { dryRun }: { readonly dryRun: boolean }) {
    const commit = yield* Commit
    const states = yield* SyncStates
    const onlyCalendar = onlyCalendarOf(rows)

    const committed = (page: Page) => dryRun ? Effect.map(commit.plan(page), ({ counts }) => counts) : commit.page(page)

    const outcomeOf = (table: string, owner: Owner) => (row: EarlierRow): Outcome => {
      if (table === eventsTable) return eventOf(owner, row, onlyCalendar)
      if (table === playsTable) return playOf(owner, row)
      const type = OuraDataType.literals.find((type) => ouraTable(type) === table)
      return type === undefined || type === "heartrate" ? heartRateOf(owner, row) : documentOf(owner, row, type)
    }

    const stands = (cursor: Cursor) =>
      committed({
        stream: cursor.table,
        read: 0,
        writes: [],
        cursor: Option.some(cursor),
        fraction: Option.none()
      })

    /** From which play on the first sync tells a gap, where none has told yet. */
    const listenedUpTo = Effect.fnUntraced(function*({ connection }: Owner, millis: number) {
      if (Option.isSome(yield* states.spotify(connection))) return
      const at = DateTime.makeUnsafe(millis)
      yield* stands(spotifyCursor(connection, { lastSyncAt: at, latestPlayedAt: Option.some(at), tracksFetched: 0 }))
    })

    const records = Effect.fnUntraced(function*(table: string, all: ReadonlyArray<EarlierRow>, owner: Owner) {
      const sum = { ...nothing, repairs: new Map<Repair, number>() }
      const seen = new Set<string>()
      let latest = 0
      for (const chunk of Arr.chunksOf(all, rowsAtOnce)) {
        const good: Array<Row> = []
        const bad: Array<UnreadableRecord> = []
        for (const earlier of chunk) {
          const outcome = outcomeOf(table, owner)(earlier)
          if (Result.isFailure(outcome)) {
            bad.push({ raw: rawOf(earlier), problem: outcome.failure })
            continue
          }
          const { repairs, row } = outcome.success
          if (repairs.length > 0) sum.repaired++
          for (const repair of repairs) sum.repairs.set(repair, (sum.repairs.get(repair) ?? 0) + 1)
          const key = keyText(row.key)
          if (!seen.has(key)) good.push(row)
          seen.add(key)
          if (table === playsTable) latest = Math.max(latest, Number(row.key[1]))
        }
        const { created } = yield* committed({
          stream: table,
          read: chunk.length,
          writes: [
            ...(good.length === 0
              ? []
              : [Write.Upsert({ table, rows: good, listing: Option.none(), keepsOld: true })]),
            ...quarantined(table, owner, bad)
          ],
          cursor: Option.none(),
          fraction: Option.none()
        })
        sum.created += created
        sum.known += chunk.length - bad.length - created
        sum.quarantined += bad.length
      }
      if (latest > 0) yield* listenedUpTo(owner, latest)
      return new TableReport({ ...sum, table, read: all.length, repairs: Object.fromEntries(sum.repairs) })
    })

    const ouraStates = Effect.fnUntraced(function*(table: string, all: ReadonlyArray<EarlierRow>, owner: Owner) {
      const sum = { ...nothing }
      for (const earlier of all) {
        const read = ouraStateOf(earlier)
        if (Result.isFailure(read)) {
          sum.quarantined++
          yield* committed({
            stream: table,
            read: 1,
            writes: quarantined(table, owner, [{ raw: rawOf(earlier), problem: read.failure }]),
            cursor: Option.none(),
            fraction: Option.none()
          })
          continue
        }
        const { state, type } = read.success
        const known = yield* states.oura(owner.connection, type)
        if (Option.isSome(known)) sum.known++
        else {
          sum.created++
          yield* stands(ouraCursor(owner.connection, type, state))
        }
      }
      return new TableReport({ ...sum, table, read: all.length })
    })

    const reports: Array<TableReport> = []
    for (const table of new Set([...knownTables, ...rows.keys()])) {
      const all = rows.get(table)
      if (all === undefined) continue
      const fate = fateOf(table)
      if (fate.kind === "left") {
        reports.push(new TableReport({ ...nothing, table, read: all.length, left: all.length, why: fate.why }))
        continue
      }
      const owner = owners[fate.provider]
      if (Option.isNone(owner)) continue // asked for before: whoever calls has an owner for each that has rows
      reports.push(
        yield* fate.kind === "ouraStates" ? ouraStates(table, all, owner.value) : records(table, all, owner.value)
      )
    }
    return reports
  }
)
