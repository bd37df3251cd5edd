/** The page of imports over real HTTP, with a browser that has signed in and a server that gives a calendar. */
import { assert, describe, it as plain, layer } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { guarded, listening, serving } from "../../../src/api/Server.ts"
import { DataFolder } from "../../../src/config/Places.ts"
import { dashboard } from "../../../src/dashboard/Dashboard.ts"
import { importsView } from "../../../src/dashboard/machine/ImportsView.tsx"
import { outcomesOf, whyText } from "../../../src/dashboard/machine/ImportWords.ts"
import { StreamedPlayFromExport } from "../../../src/domain/StreamedPlay.ts"
import * as DurableEngine from "../../../src/engine/DurableEngine.ts"
import { RunControl } from "../../../src/engine/RunControl.ts"
import { Candidates } from "../../../src/imports/Candidates.ts"
import { CandidateRows } from "../../../src/store/CandidateRows.ts"
import { Commit } from "../../../src/store/Commit.ts"
import { ImportCoverage } from "../../../src/store/ImportCoverage.ts"
import { streamedRow, streamedTable } from "../../../src/store/StreamedPlays.ts"
import * as ImportCalendar from "../../../src/workflows/ImportCalendar.ts"
import { behindWorkflows, configOf, onFreePort } from "../../api/Served.ts"
import { play, plays, spotify, stored } from "../../records/RecordsWorld.ts"
import { CalendarServer } from "../../support/CalendarServer.ts"
import { streamed } from "../../support/Histories.ts"
import { visitor } from "../../support/Visitor.ts"
import { pageOf } from "../days/DayFixtures.ts"
import { candidateOf, importOf, owner } from "./MachineFixtures.ts"

const workflows = Layer.unwrap(Effect.map(DataFolder, ({ path }) => ImportCalendar.layer(path))).pipe(
  Layer.provide(Commit.layer),
  Layer.provideMerge(DurableEngine.layer())
)

const config = onFreePort((port) => ({
  ...configOf({ port, requestsPerMinute: 0 }),
  network: { allowedPrivate: ["127.0.0.1"] }
}))

const world = serving(dashboard).pipe(
  Layer.provideMerge(guarded),
  Layer.provideMerge(listening),
  Layer.provideMerge(Candidates.layer),
  Layer.provideMerge(Layer.merge(CandidateRows.layer, ImportCoverage.layer)),
  Layer.provideMerge(behindWorkflows(config, workflows)),
  Layer.provideMerge(CalendarServer.layer)
)

const decode = Schema.decodeUnknownEffect(StreamedPlayFromExport)

/** Streams that began four minutes before a play of the same track, and ended four minutes after. */
const doubtful = Effect.fnUntraced(function*(...names: ReadonlyArray<string>) {
  for (const [index, name] of names.entries()) {
    const raw = streamed(name, `2026-03-10T1${index}:08:00Z`, 480_000)
    yield* stored(plays, play(name, `2026-03-10T1${index}:04:00Z`))
    yield* stored(streamedTable, streamedRow(spotify, yield* decode(raw), raw))
  }
  yield* (yield* Candidates).processAll()
})

layer(world, { excludeTestServices: true })("the page of imports", (it) => {
  it.effect("says how to get a history, and how it comes in, where nothing was imported", () =>
    Effect.gen(function*() {
      const { ask } = yield* visitor
      const { body, status } = yield* ask("/imports")
      assert.strictEqual(status, 200)
      for (const text of ["Nothing was imported", "Extended streaming history", "glider import my_spotify_data.zip"]) {
        assert.include(body, text)
      }
      assert.match(body, /<input[^>]*name="address"[^>]*type="password"/)
      assert.match((yield* ask("/")).body, /href="\/imports"/)
    }))

  it.effect("reads the calendar of an address, and keeps the address out of every page", () =>
    Effect.gen(function*() {
      const { ask, client, send } = yield* visitor
      const { address } = yield* CalendarServer
      const sent = yield* send("/imports/address", { address, calendar: "home" })
      assert.deepStrictEqual([sent.status, sent.headers["location"]], [303, "/imports?done=reading"])
      const [one] = yield* client.imports.list({ query: {} })
      yield* (yield* RunControl).ended(one?.id ?? assert.fail("no import"))
      const { body } = yield* ask("/imports?done=reading")
      for (const text of ["is being read", "ics:home", "1 new", "1 event in 1 calendar", `/runs/${one?.id}`]) {
        assert.include(body, text)
      }
      const again = yield* send("/imports/address", { address, calendar: "home" })
      assert.strictEqual(again.headers["location"], "/imports?done=unchanged")
      for (const path of ["/imports", `/runs/${one?.id}`]) {
        assert.notInclude((yield* ask(path)).body, "5ec7e7", path)
      }
    }))

  it.effect("says what is wrong with an address or a name, keeps the name, and never the address", () =>
    Effect.gen(function*() {
      const { send } = yield* visitor
      const calendars = yield* CalendarServer
      const told = Effect.fnUntraced(function*(address: string, calendar: string, text: string) {
        const { body, status } = yield* send("/imports/address", { address, calendar })
        assert.strictEqual(status, 400, text)
        assert.include(body, text)
        assert.include(body, `value="${calendar}"`)
        assert.notInclude(body, "5ec7e7")
      })
      yield* told("", "club", "Give the address")
      yield* told(calendars.address, "My Club", "My Club is no name")
      yield* told("ftp://club.example/5ec7e7.ics", "club", "https:// or webcal://")
      yield* told("http://10.0.0.7/5ec7e7.ics", "club", "allowed_private")
      calendars.status = 410
      yield* told(calendars.address, "club", "its server answered 410")
    }))

  it.effect("shows both sides of what may be the same, and its buttons say which", () =>
    Effect.gen(function*() {
      const { ask, client, send } = yield* visitor
      yield* doubtful("Halleluhwah", "Vitamin <C>")
      const { body } = yield* ask("/imports")
      for (
        const text of ["2 streams wait for you", "Halleluhwah", "Vitamin &lt;C>", "Ege Bamyasi", "on nobody is asked"]
      ) assert.include(body, text)
      assert.include((yield* ask("/")).body, "href=\"/imports#candidates\"")
      const open = yield* client.candidates.list({ query: {} })
      const actions = [...body.matchAll(/action="(\/imports\/candidates\/[^"]+)"/g)].map(([, action]) => action)
      const path = (id: string, verdict: string) => `/imports/candidates/${id}/${verdict}`
      assert.sameMembers(actions, open.flatMap(({ id }) => [path(id, "approve"), path(id, "reject")]))
      const [one = "", two = ""] = open.map(({ id }) => id)

      assert.strictEqual((yield* send(path(one, "approve"), { csrf: "another" })).status, 403)
      assert.lengthOf(yield* client.candidates.list({ query: {} }), 2)
      assert.strictEqual((yield* send(path(one, "approve"))).headers["location"], "/imports?done=same")
      assert.strictEqual((yield* send(path(two, "reject"))).headers["location"], "/imports?done=two")
      const state = (id: string) => Effect.map(client.candidates.get({ params: { id } }), ({ state }) => state)
      assert.deepStrictEqual([yield* state(one), yield* state(two)], ["approved", "rejected"])

      const late = yield* send(path(one, "reject"))
      assert.strictEqual(late.status, 409)
      assert.include(late.body, "it was approved before")
      assert.notInclude((yield* ask("/imports")).body, "The same listening?")
    }))
})

describe("the words of imports", () => {
  const view = (...imports: ReadonlyArray<ReturnType<typeof importOf>>) =>
    pageOf(importsView({ owner, csrf: "token", query: new URLSearchParams(), imports, candidates: [], more: false }))

  plain("say of each import what came of it, and of a problem what to do", () => {
    const page = view(importOf("a.zip"))
    for (const text of ["50 new", "40 merged", "3 skipped", "of 51 records in 2 files", "What to do: a.zip"]) {
      assert.include(page, text)
    }
    assert.include(page, "<a href=\"#candidates\">2 for you</a>")
    assert.include(page, "<a href=\"/dead-letters?kind=record\">1 unreadable</a>")
  })

  plain("show how much is read while it is read, and no bar where that is not known", () => {
    const atWork = {
      status: "running",
      finished_at: Option.none(),
      result: Option.none(),
      error: Option.none()
    } as const
    const reading = view(
      importOf("a", { ...atWork, fraction: Option.some(0.25), progress: Option.some("12 of 48 MB") })
    )
    assert.match(reading, /<progress value="0.25" max="1"/)
    assert.include(reading, "12 of 48 MB")
    const begun = view(importOf("a", { ...atWork, progress: Option.none() }))
    assert.notInclude(begun, "<progress")
    assert.include(begun, "not begun to read")
  })

  plain("say that nothing was new, rather than nothing", () => {
    const { result } = importOf("a")
    const none = { created: 0, merged: 0, skipped: 0, review: 0, quarantined: 0 }
    assert.deepStrictEqual(outcomesOf(owner, { ...Option.getOrThrow(result), ...none }), [{ text: "nothing new" }])
  })

  plain("say why a stream may be a play", () => {
    assert.strictEqual(whyText(owner, candidateOf("a")), "It is the same track; the play is 4 min after its start.")
    assert.strictEqual(
      whyText(owner, candidateOf("a", { from: 4, uri: "b" })),
      "It is another address, with names that agree to 80 %; the play is of its start."
    )
    assert.include(whyText(owner, candidateOf("a", { from: 3 })), "the play is 1 min before its start")
  })
})
