import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { connectionId } from "../../src/domain/Connection.ts"
import { HeartRate } from "../../src/domain/HeartRate.ts"
import { LocalDay } from "../../src/domain/LocalDay.ts"
import { OuraDocument, type OuraDocumentType, type OuraRecord } from "../../src/domain/OuraDocument.ts"
import { OuraDataType } from "../../src/domain/Task.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { Commit } from "../../src/store/Commit.ts"
import { documentRow, heartRateRow, OuraRecords, ouraTable } from "../../src/store/OuraRecords.ts"
import { type Row, Write } from "../../src/store/Write.ts"
import { storeTest } from "../support/StoreTest.ts"

const at = (text: string) => DateTime.makeUnsafe(text)
const me = connectionId("oura", "me")
const types = OuraDataType.literals.filter((type): type is OuraDocumentType => type !== "heartrate")

/** A value for every field of a kind, as Oura might send it; or null for all it may be. */
const sample = (type: OuraDocumentType, day: string, empty: boolean) => {
  const times = new Set(["bedtime_start", "bedtime_end", "start_datetime"])
  const value = (name: string): unknown => {
    if (name === "id") return `${type} ${day} '⟩`
    if (name === "day") return day
    if (times.has(name)) return `${day}T01:11:00+03:00`
    if (empty) return null
    if (name === "timestamp" || name === "end_datetime") return `${day}T02:10:00.500+03:00`
    for (const candidate of [12.5, "text", true, { inner: [1, null, { deep: 2.5 }], none: null }]) {
      if (accepts(type, name, candidate)) return candidate
    }
    return null
  }
  return Object.fromEntries(Object.keys(OuraDocument[type].fields).map((name) => [name, value(name)]))
}

const accepts = (type: OuraDocumentType, name: string, candidate: unknown): boolean => {
  const fields: { readonly [name: string]: Schema.Constraint } = OuraDocument[type].fields
  const field = fields[name]
  if (field === undefined) return false
  const schema: Schema.ConstraintDecoder<unknown> = Schema.Struct({
    [name]: Schema.make<Schema.Codec<unknown>>(field.ast)
  })
  return Option.isSome(Schema.decodeUnknownOption(schema)({ [name]: candidate }))
}

const write = (table: string, rows: ReadonlyArray<Row>) =>
  Effect.flatMap(Commit, (commit) =>
    commit.page({
      stream: table,
      read: 0,
      writes: [Write.Upsert({ table, rows, listing: Option.none() })],
      cursor: Option.none(),
      fraction: Option.none()
    }))

const decode = (type: OuraDocumentType, raw: unknown) => {
  const schema: Schema.ConstraintDecoder<OuraRecord> = OuraDocument[type]
  return Schema.decodeUnknownEffect(schema)(raw)
}

layer(Layer.mergeAll(OuraRecords.layer, Commit.layer).pipe(Layer.provideMerge(storeTest)))(
  "store/OuraRecords",
  (it) => {
    it.effect("has a column for every field of every kind, and takes null for all that may be", () =>
      Effect.gen(function*() {
        const records = yield* OuraRecords
        for (const type of types) {
          const raws = [sample(type, "2026-10-14", false), sample(type, "2026-10-15", true)]
          const documents = yield* Effect.forEach(raws, (raw) => decode(type, raw))
          yield* write(ouraTable(type), documents.map((document, index) => documentRow(me, document, raws[index])))
          const stored = yield* records.documents(me, type, {
            from: LocalDay.make("2026-10-14"),
            to: LocalDay.make("2026-10-15")
          })
          const expected: ReadonlyArray<unknown> = documents
          assert.deepStrictEqual<unknown>(stored, expected, type)
        }
      }))

    it.effect("keeps the wearer's clock beside the instant", () =>
      Effect.gen(function*() {
        const raw = sample("workout", "2026-10-20", false)
        yield* write("oura_workout", [documentRow(me, yield* decode("workout", raw), raw)])
        const surreal = yield* Surreal
        const [row] = yield* surreal.query(
          Schema.Array(Schema.Struct({ local: Schema.String, utc: Schema.String, day: Schema.String })),
          "SELECT start_datetime_local AS local, <string>start_datetime AS utc, day FROM oura_workout WHERE day = '2026-10-20'"
        )
        assert.deepStrictEqual(row, {
          local: "2026-10-20T01:11:00+03:00",
          utc: "2026-10-19T22:11:00Z",
          day: "2026-10-20"
        })
      }))

    it.effect("gives documents by day, both ends included, and heart rate by instant, the end left out", () =>
      Effect.gen(function*() {
        const records = yield* OuraRecords
        const days = ["2026-09-01", "2026-09-02", "2026-09-03", "2026-09-04"]
        const rows = yield* Effect.forEach(days.toReversed(), (day) => {
          const raw = { id: day, day, score: 70 }
          return Effect.map(decode("daily_sleep", raw), (document) => documentRow(me, document, raw))
        })
        yield* write("oura_daily_sleep", rows)
        const found = yield* records.documents(me, "daily_sleep", {
          from: LocalDay.make("2026-09-02"),
          to: LocalDay.make("2026-09-03")
        })
        assert.deepStrictEqual(found.map(({ id }) => id), ["2026-09-02", "2026-09-03"])
        const beats = ["2026-09-01T00:00:00Z", "2026-09-01T00:05:00Z", "2026-09-01T00:10:00Z"].map((time, index) =>
          new HeartRate({ timestamp: at(time), bpm: 60 + index, source: "rest" })
        )
        yield* write("oura_heartrate", beats.map((beat) => heartRateRow(me, beat, { bpm: beat.bpm })))
        assert.deepStrictEqual(
          yield* records.heartrate(me, { from: at("2026-09-01T00:00:00Z"), to: at("2026-09-01T00:10:00Z") }),
          beats.slice(0, 2)
        )
      }))
  }
)
