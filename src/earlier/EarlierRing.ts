/** What the earlier Glider kept of Oura: heart rates without the object as sent, and documents with other signs in their ids. */
import { DateTime, Option, Result, type Schema } from "effect"
import { HeartRateFromOura } from "../domain/HeartRate.ts"
import { OuraDocument, type OuraDocumentType, type OuraRecord } from "../domain/OuraDocument.ts"
import { OuraDataType } from "../domain/Task.ts"
import { documentRow, heartRateRow } from "../store/OuraRecords.ts"
import type { OuraState } from "../store/SyncStates.ts"
import type { EarlierRow } from "./EarlierRow.ts"
import { instantText, isInstant, mended, toldInstant, utcText } from "./Instants.ts"
import { objectOf, type Outcome, type Owner, readOne, those } from "./Outcome.ts"

export const heartRateOf = ({ connection }: Owner, { fields, id }: EarlierRow): Outcome => {
  const raw = objectOf(fields["_raw"])
  const told = toldInstant(fields["timestamp"], id)
  const timestamp = Option.orElse(instantText(raw?.["timestamp"]), () => told.text)
  if (Option.isNone(timestamp)) return Result.fail(told.problem)
  const { bpm, source } = raw ?? fields
  return Result.map(
    readOne(HeartRateFromOura, { ...objectOf(mended(raw)), bpm, source, timestamp: timestamp.value }),
    ({ raw: sent, record }) => ({
      row: heartRateRow(connection, record, sent),
      repairs: those({ instant: !isInstant(fields["timestamp"]), columns: raw === undefined })
    })
  )
}

/** Ids of Oura's documents, whose signs were changed for the record's id. */
const changedId = /^[0-9a-f]{8}(_[0-9a-f]{4}){3}_[0-9a-f]{12}$/i

/** The document as Oura would send it, out of the columns. */
const documentFrom = ({ fields, id }: EarlierRow): object => ({
  ...Object.fromEntries(Object.entries(fields).filter(([column]) => !column.startsWith("_"))),
  id: fields["document_id"] ?? fields["oura_id"] ?? (changedId.test(id) ? id.replaceAll("_", "-") : id)
})

export const documentOf = ({ connection }: Owner, row: EarlierRow, type: OuraDocumentType): Outcome => {
  const schema: Schema.ConstraintDecoder<OuraRecord> = OuraDocument[type]
  const raw = objectOf(row.fields["_raw"])
  const sent = raw === undefined ? documentFrom(row) : { ...documentFrom({ ...row, fields: {} }), ...raw }
  const whole = mended(sent)
  return Result.map(readOne(schema, whole), ({ raw: document, record }) => ({
    row: documentRow(connection, record, document),
    repairs: those({
      instant: JSON.stringify(whole) !== JSON.stringify(sent),
      document_id: record.id !== row.id,
      columns: raw === undefined
    })
  }))
}

/** How far Oura had been asked for a kind of record. */
export const ouraStateOf = (
  { fields, id }: EarlierRow
): Result.Result<{ readonly type: OuraDataType; readonly state: OuraState }, string> => {
  const type = OuraDataType.literals.find((literal) => literal === (fields["data_type"] ?? fields["type"] ?? id))
  if (type === undefined) return Result.fail(`${id} is no kind of record that Oura has`)
  const at = (column: string) => Option.map(utcText(fields[column]), DateTime.makeUnsafe)
  const end = Option.map(at("last_sync_end"), DateTime.toUtc)
  if (Option.isNone(end)) {
    return Result.fail(`${JSON.stringify(fields["last_sync_end"])} does not say up to when it was asked for`)
  }
  const count = (name: string): number => {
    const value = fields[`records_${name}`] ?? fields[`samples_${name}`]
    return typeof value === "number" ? value : 0
  }
  return Result.succeed({
    type,
    state: {
      lastSyncStart: Option.match(at("last_sync_start"), { onNone: () => end.value, onSome: DateTime.toUtc }),
      lastSyncEnd: end.value,
      lastSyncAt: Option.match(at("last_sync_at"), { onNone: () => end.value, onSome: DateTime.toUtc }),
      recordsFetched: count("fetched"),
      recordsStored: count("stored")
    }
  })
}
