import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { parse as parseCsv } from "csv-parse/sync"
import { Effect, Layer, Option, Stream } from "effect"
import { dump } from "../../src/backup/Dump.ts"
import { type ExportFormat, textOf } from "../../src/backup/Export.ts"
import { write } from "../../src/backup/WriteBackup.ts"
import { Surreal } from "../../src/services/Surreal.ts"
import { memoryStoreTest } from "../support/StoreTest.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const summary = `A; "long", title \\ with a\nsecond line, and ${"ünïcödé 🎵 ".repeat(12)}`

const fill = `
  CREATE google_calendar_events:["google:u1", "primary", "one"] SET connection = "google:u1", _raw = { id: "one", n: 1.5 },
    _synced_at = d"2026-11-20T00:00:00.123456789Z", _hash = "h", google_id = "one", calendar_id = "primary", summary = $summary,
    all_day = false, start = d"2026-11-21T08:30:00Z", start_zone = "Europe/Berlin", end = d"2026-11-21T09:00:00Z",
    status = "confirmed", location = "";
  CREATE google_calendar_events:["google:u1", "primary", "two"] SET connection = "google:u1", _raw = {}, _synced_at = time::now(),
    _hash = "h", google_id = "two", calendar_id = "primary", summary = '"quoted"', all_day = true, start_date = "2026-12-24",
    end_date = "2026-12-27", status = "cancelled", transparency = "transparent", recurring_event_id = "series";
  CREATE google_calendar_events:["google:u1", "primary", "gone"] SET connection = "google:u1", _raw = {}, _synced_at = time::now(),
    _hash = "h", google_id = "gone", calendar_id = "primary", all_day = true, start_date = "2026-12-24", end_date = "2026-12-25",
    status = "confirmed", deleted_at = time::now();
  CREATE spotify_listening_history:["spotify:u1", 1, "x"] SET connection = "spotify:u1", _raw = { "$datetime": "as sent" },
    _synced_at = time::now(), _hash = "h", track_uri = "x", artist_names = ["Ä, B", "C"], artist_ids = [],
    played_at = d"2026-11-21T08:30:00Z", kind = "track", explicit = true, popularity = 12`

/** Reads what iCalendar says, in the words of RFC 5545 alone. */
const components = (text: string) => {
  assert.isTrue(text.split("\r\n").every((line) => new TextEncoder().encode(line).length <= 75 && !/[\r\n]/.test(line)))
  const lines = text.replaceAll("\r\n ", "").split("\r\n").slice(0, -1)
  assert.deepStrictEqual([lines[0], lines[1], lines.at(-1)], ["BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR"])
  return lines.join("\n").split("BEGIN:VEVENT\n").slice(1).map((event) =>
    Object.fromEntries(
      event.split("\n").map((line) => {
        const colon = line.indexOf(":")
        return [
          line.slice(0, colon),
          line.slice(colon + 1).replace(/\\(.)/g, (_, letter: string) => letter === "n" ? "\n" : letter)
        ]
      })
    )
  )
}

const exported = Effect.fnUntraced(
  function*(
    format: ExportFormat,
    table: string,
    days: readonly [from?: string | undefined, to?: string | undefined] = []
  ) {
    const [from, to] = days
    const folder = yield* temporaryFolder
    const surreal = yield* Surreal
    yield* surreal.execute("DELETE google_calendar_events; DELETE spotify_listening_history")
    yield* surreal.execute(fill, { summary })
    const { path } = yield* write(`${folder}/b.jsonl.gz`, dump(surreal, { glider: "0.1.0", project: "glider" }))
    const choice = { format, tables: [table], from: Option.fromUndefinedOr(from), to: Option.fromUndefinedOr(to) }
    return (yield* Stream.runCollect(textOf(path, table, choice))).join("")
  }
)

const jsonRows = (text: string): ReadonlyArray<{ readonly [column: string]: unknown }> =>
  text.split("\n").slice(0, -1).map((line) => JSON.parse(line))

/** A cell read back, as `cell` says that it is written; `json` is whether its column holds other things than text. */
const read = (cell: string, json: boolean): unknown =>
  cell === "" ? undefined : json || cell.startsWith("\"") ? JSON.parse(cell) : cell

describe("Export", () => {
  it.layer(Layer.merge(memoryStoreTest, NodeServices.layer))((it) => {
    it.effect("CSV gives every record back as lines of JSON have it", () =>
      Effect.gen(function*() {
        for (const table of ["google_calendar_events", "spotify_listening_history"]) {
          const rows = jsonRows(yield* exported("jsonl", table))
          const text = yield* exported("csv", table)
          const [columns = [], ...cells] = parseCsv(text, { record_delimiter: "\r\n" })
          const isJson = (column: string) =>
            rows.some((row) => row[column] !== undefined && typeof row[column] !== "string")
          const back = cells.map((line) =>
            Object.fromEntries(
              columns.map((column, index) => [column, read(line[index] ?? "", isJson(column))] as const).filter((
                [, value]
              ) => value !== undefined)
            )
          )
          const timeless = (all: ReadonlyArray<object>) =>
            all.map((row) => ({ ...row, _synced_at: "", deleted_at: "" }))
          assert.deepStrictEqual(timeless(back), timeless(rows))
        }
        const one = jsonRows(yield* exported("jsonl", "google_calendar_events")).find(({ google_id }) =>
          google_id === "one"
        )
        assert.deepInclude(one, {
          summary,
          location: "",
          start: "2026-11-21T08:30:00.000Z",
          _synced_at: "2026-11-20T00:00:00.123456789Z"
        })
      }))

    it.effect("iCalendar has the live events with their zones, days, escapes and folds", () =>
      Effect.gen(function*() {
        const events = components(yield* exported("ics", "google_calendar_events"))
        assert.deepStrictEqual(events.map(({ UID }) => UID), ["one", "two"])
        assert.deepInclude(events[0], {
          SUMMARY: summary,
          DTSTART: "20261121T083000Z",
          DTEND: "20261121T090000Z",
          STATUS: "CONFIRMED",
          TRANSP: "OPAQUE",
          "X-GLIDER-TIMEZONE": "Europe/Berlin"
        })
        assert.deepInclude(events[1], {
          "DTSTART;VALUE=DATE": "20261224",
          "DTEND;VALUE=DATE": "20261227",
          STATUS: "CANCELLED",
          TRANSP: "TRANSPARENT",
          "RELATED-TO": "series"
        })
      }))

    it.effect("days choose among them", () =>
      Effect.gen(function*() {
        const uids = (days: readonly [from?: string | undefined, to?: string | undefined]) =>
          Effect.map(exported("ics", "google_calendar_events", days), (text) => components(text).map(({ UID }) => UID))
        assert.deepStrictEqual(yield* uids(["2026-11-21", "2026-11-21"]), ["one"])
        assert.deepStrictEqual(yield* uids(["2026-11-22"]), ["two"])
        assert.deepStrictEqual(yield* uids([undefined, "2026-11-20"]), [])
      }))
  })
})
