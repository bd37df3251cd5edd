/** What the store of the earlier Glider held. */
import type { Provider } from "../domain/Provider.ts"
import { OuraDataType } from "../domain/Task.ts"
import { eventsTable } from "../store/GoogleEvents.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { playsTable } from "../store/Plays.ts"

/** A row as it was kept there. Values are those of JSON: instants are text, and what was nothing is absent or null. */
export interface EarlierRow {
  readonly table: string
  /** What stood behind the table's name in the record's id. */
  readonly id: string
  /** Without the id. */
  readonly fields: { readonly [column: string]: unknown }
}

/** What an address or a file holds, before anything of it is taken over. */
export type EarlierRows = ReadonlyMap<string, ReadonlyArray<EarlierRow>>

/** What becomes of a table of the earlier store. */
export type Fate =
  /** Records of the person, and whose they are. */
  | { readonly kind: "records"; readonly provider: Provider }
  /** How far Oura had been asked, for each kind of record. */
  | { readonly kind: "ouraStates"; readonly provider: Provider }
  /** Nothing: it says no more than how that program stood. */
  | { readonly kind: "left"; readonly why: string }

/** By the names that the tables had. They are imported in this order. */
const fates: { readonly [table: string]: Fate } = {
  [eventsTable]: { kind: "records", provider: "google" },
  [playsTable]: { kind: "records", provider: "spotify" },
  ...Object.fromEntries(
    OuraDataType.literals.map((type) => [ouraTable(type), { kind: "records", provider: "oura" } satisfies Fate])
  ),
  oura_sync_state: { kind: "ouraStates", provider: "oura" },
  google_calendar_sync_state: {
    kind: "left",
    why: "the first sync lists each calendar anew, and asks for changes after that"
  },
  sync_runs: { kind: "left", why: "what ran there is of another program" }
}

export const knownTables: ReadonlyArray<string> = Object.keys(fates)

export const fateOf = (table: string): Fate =>
  fates[table] ?? { kind: "left", why: "it is no table of the earlier Glider" }

/** A record's id in text: `table:name`, where the name may stand between signs. */
export const idFromText = (text: string): { readonly table: string; readonly id: string } | undefined => {
  const { bare, quoted, table } = /^(?<table>\w+):(?:[⟨`](?<quoted>.*)[⟩`]|(?<bare>.+))$/su.exec(text)?.groups ?? {}
  if (table === undefined) return undefined
  return { table, id: bare ?? (quoted ?? "").replaceAll(/\\(.)/gsu, "$1") }
}
