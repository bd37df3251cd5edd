/** Compares a store, as a killed process left it, with what the providers held and with what the process had said. */
import { Duration } from "effect"
import { OuraDataType } from "../../src/domain/Task.ts"
import { type Ledger, type Moment, momentAt } from "./VictimLedger.ts"
import type { Snapshot, StoredRow } from "./VictimLines.ts"

/** What is wrong, in words; empty when nothing is. */
export type Violations = ReadonlyArray<string>

const some = (entries: Iterable<string>): string => [...entries].slice(0, 3).join(", ")

const lacking = (what: string, entries: ReadonlyArray<string>): Violations =>
  entries.length === 0 ? [] : [`${what}: ${entries.length}, as ${some(entries)}`]

const rowsOf = (snapshot: Snapshot, table: string): ReadonlyArray<StoredRow> => snapshot.rows[table] ?? []

const liveOf = (snapshot: Snapshot, table: string): ReadonlyArray<StoredRow> =>
  rowsOf(snapshot, table).filter(({ live }) => live)

const keyText = ({ key }: StoredRow): string => JSON.stringify(key)

/** The same object under two keys, or two objects under one. */
const doubled = (table: string, rows: ReadonlyArray<StoredRow>): Violations => {
  const [keys, digests] = [new Set<string>(), new Set<string>()]
  const twice = rows.filter((row) => {
    const known = keys.has(keyText(row)) || digests.has(row.digest)
    keys.add(keyText(row))
    digests.add(row.digest)
    return known
  })
  return lacking(`${table}: stored twice`, twice.map(keyText))
}

/** A task has said that it came to its end at a moment, so its cursor may not stand before it. */
const behind = (
  ledger: Ledger,
  task: "spotify" | "google_calendar" | "oura",
  cursor: number | undefined
): Violations => {
  const reached = ledger.reached.get(task)
  return reached !== undefined && (cursor === undefined || cursor < reached)
    ? [`${task}: said to be done at ${reached}, its cursor stands at ${cursor}`]
    : []
}

const plays = (snapshot: Snapshot, ledger: Ledger): Violations => {
  const table = "spotify_listening_history"
  const rows = liveOf(snapshot, table)
  const [state] = snapshot.spotify
  const late = behind(ledger, "spotify", state?.lastSyncAt)
  if (state === undefined) return [...late, ...lacking(`${table}: rows without a cursor`, rows.map(keyText))]
  const polled = momentAt(ledger, state.lastSyncAt)
  if (polled === undefined) return [`${table}: the cursor stands before the first poll`]
  for (const play of polled.plays) ledger.polled.add(play)
  const stored = new Set(rows.map(({ digest }) => digest))
  const listed = new Set(ledger.moments.flatMap(({ at, plays }) => (at <= polled.at ? [...plays] : [])))
  const newest = Math.max(...rows.map(({ key }) => Number(key[1])))
  return [
    ...late,
    ...doubled(table, rows),
    ...lacking(`${table}: polled and not stored`, [...ledger.polled].filter((play) => !stored.has(play))),
    ...lacking(`${table}: stored before its poll`, rows.filter(({ digest }) => !listed.has(digest)).map(keyText)),
    ...(rows.length > 0 && newest === state.latestPlayedAt
      ? []
      : [`${table}: the newest play is of ${newest}, the cursor says ${state.latestPlayedAt}`])
  ]
}

const idOf = (row: StoredRow): string => String(row.key.at(-1))

const wrong = (rows: ReadonlyArray<StoredRow>, truth: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  rows.filter((row) => truth.get(idOf(row)) !== row.digest).map(keyText)

const missing = (rows: ReadonlyArray<StoredRow>, truth: ReadonlyMap<string, string>): ReadonlyArray<string> => {
  const ids = new Set(rows.map(idOf))
  return [...truth.keys()].filter((id) => !ids.has(id))
}

const calendar = (snapshot: Snapshot, ledger: Ledger, id: string, begun: ReadonlyArray<number>): Violations => {
  const table = `google_calendar_events of ${id}`
  const rows = liveOf(snapshot, "google_calendar_events").filter(({ key }) => key[1] === id)
  const state = snapshot.google.find(({ calendarId }) => calendarId === id)
  const late = behind(ledger, "google_calendar", state?.lastSync)
  if (state === undefined) return [...late, ...lacking(`${table}: rows without a cursor`, rows.map(keyText))]
  if (state.listing !== undefined) {
    const marked = rows.filter(({ listing }) => listing === String(state.listing)).length
    return [
      ...late,
      ...doubled(table, rows),
      ...(marked === state.listed ? [] : [`${table}: ${state.listed} were listed so far, ${marked} are stored`])
    ]
  }
  if (state.hasPageToken) return [...late, ...doubled(table, rows)]
  const ended = state.lastSync ?? 0
  const truth = momentAt(ledger, begun.findLast((at) => at <= ended) ?? 0)?.events.get(id)
  if (truth === undefined || !state.hasSyncToken) return [...late, `${table}: a cursor of no listing`]
  return [
    ...late,
    ...doubled(table, rows),
    ...lacking(`${table}: listed and not stored`, missing(rows, truth.must)),
    ...lacking(`${table}: stored and not as listed`, wrong(rows, truth.may))
  ]
}

const documents = (snapshot: Snapshot, ledger: Ledger, type: OuraDataType): Violations => {
  const table = `oura_${type}`
  const rows = liveOf(snapshot, table)
  const state = snapshot.oura.find((state) => state.type === type)
  const late = behind(ledger, "oura", state?.lastSyncAt)
  if (state === undefined) {
    return [...late, ...(type === "heartrate" ? [] : lacking(`${table}: rows without a cursor`, rows.map(keyText)))]
  }
  const read = momentAt(ledger, state.lastSyncAt)
  if (read === undefined || state.lastSyncEnd > state.lastSyncAt) return [...late, `${table}: a cursor of no reading`]
  return [
    ...late,
    ...doubled(table, rows),
    ...(type === "heartrate" ? heartRate(rows, read, ledger) : days(table, rows, read, type))
  ]
}

const heartRate = (rows: ReadonlyArray<StoredRow>, read: Moment, { lookbackDays, moments }: Ledger): Violations => {
  const stored = new Set(rows.map(({ digest }) => digest))
  const latest = moments.at(-1) ?? read
  const start = latest.at - Duration.toMillis(Duration.days(lookbackDays - 1))
  return [
    ...lacking("oura_heartrate: listed and not stored", [...read.heartRate].filter((sample) => !stored.has(sample))),
    ...lacking(
      "oura_heartrate: stored and never listed",
      rows.filter(({ digest, key }) => Number(key[1]) >= start && !latest.heartRate.has(digest)).map(keyText)
    )
  ]
}

const days = (table: string, rows: ReadonlyArray<StoredRow>, read: Moment, type: OuraDataType): Violations => {
  const inReach = rows.filter(({ day = "" }) => day >= read.fromDay && day <= read.toDay)
  const truth = read.documents.get(type) ?? new Map<string, string>()
  return [
    ...lacking(`${table}: listed and not stored`, missing(inReach, truth)),
    ...lacking(`${table}: stored and not as listed`, wrong(inReach, truth))
  ]
}

/** The records, the cursors and the runs of a store that was just opened again. */
export const violations = (
  snapshot: Snapshot,
  ledger: Ledger,
  listingsBegun: ReadonlyMap<string, ReadonlyArray<number>>
): Violations => {
  const status = new Map(snapshot.runs.map(({ id, status }) => [id, String(status)]))
  return [
    ...plays(snapshot, ledger),
    ...[...listingsBegun].flatMap(([id, begun]) => calendar(snapshot, ledger, id, begun)),
    ...OuraDataType.literals.flatMap((type) => documents(snapshot, ledger, type)),
    ...lacking(
      "run: said to have ended and stored otherwise",
      [...ledger.ended].filter(([id, said]) => status.get(id) !== said).map(([id, said]) => `${id} ${said}`)
    ),
    ...(snapshot.quarantined === 0 ? [] : [`${snapshot.quarantined} records are in quarantine`]),
    ...(snapshot.gaps === 0 ? [] : [`${snapshot.gaps} gaps, though every poll overlapped the one before`])
  ]
}

type Runs = Pick<Snapshot, "runs" | "runningTasks">

/** What a start must have done about the runs that the last process left. */
export const recoveryViolations = (before: Runs, after: Runs, ledger: Ledger): Violations => {
  const left = before.runs.filter(({ status }) => status === "running").length
  ledger.interrupted += left
  return [
    ...lacking(
      "run: left running after the next start",
      after.runs.flatMap(({ id, status }) => status === "running" ? [id] : [])
    ),
    ...lacking(
      "sync_runs: left running after the next start",
      after.runningTasks.map((task) =>
        `${task} (its last run is ${after.runs.findLast((run) => run.task === task)?.status})`
      )
    ),
    ...(after.runs.length === before.runs.length ? [] : ["run: recovery changed the number of runs"]),
    ...lacking(
      "run: cut short, and not brought to its end by the next start",
      after.runs.flatMap(({ id, status }) => status === "interrupted" ? [id] : [])
    )
  ]
}
