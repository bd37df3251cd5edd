import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, Path, Result, Schema } from "effect"
import { CurrentConfig } from "../../src/Config.ts"
import { RunControl } from "../../src/engine/RunControl.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Runs } from "../../src/store/Runs.ts"
import { checkInput } from "../../src/workflows/Catalogue.ts"
import * as PlaylistSync from "../../src/workflows/PlaylistSync.ts"
import { catalogueSongs } from "../support/CatalogueSongs.ts"
import { musicWorld } from "../support/MusicWorld.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

/** The folder of a config file of its own. */
const inFolder = Layer.effect(
  CurrentConfig,
  Effect.gen(function*() {
    const folder = yield* temporaryFolder
    return { ...(yield* CurrentConfig), path: (yield* Path.Path).join(folder, "config.toml") }
  })
)

const world = PlaylistSync.layer.pipe(Layer.provideMerge(inFolder), Layer.provideMerge(musicWorld))

const Ended = Schema.Struct({ ok: PlaylistSync.PlaylistSync.successSchema })
const decode = Schema.decodeUnknownEffect(Schema.toCodecJson(Ended))

/** A tick of a schedule, and what it has come to once the songs that it asked for are over. */
const tick = Effect.fnUntraced(function*(number: number, input: object) {
  const control = yield* RunControl
  const runs = yield* Runs
  const checked = Result.getOrThrow(checkInput("playlist_sync", input))
  const id = yield* control.start("playlist_sync", checked, Option.some(`glider.songs@tick-${number}`))
  yield* control.ended(id)
  const { entries } = Option.getOrThrow(yield* runs.history(id))
  const end = entries.find((entry) => entry._tag === "Ended")
  const { ok } = yield* decode(end?.exit)
  if (Option.isSome(ok.batch)) yield* control.ended(ok.batch.value)
  return ok
})

const playlists = Effect.gen(function*() {
  const { playlists } = yield* Sandbox
  const [one = "", two = ""] = playlists.playlistIds
  return { one, two, tracksIn: playlists.tracksIn }
})

const line = ({ artist, track_name }: (typeof catalogueSongs)[number]["track"]): string => `"${track_name}","${artist}"`

/** How many of these are not among the others. */
const missing = (these: ReadonlySet<string>, others: ReadonlySet<string>): number =>
  [...these].filter((uri) => !others.has(uri)).length

describe("a list of songs that is followed", () => {
  it.live("as a file gets into the playlist, once; a new line adds one song", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const paths = yield* Path.Path
      const { path } = yield* CurrentConfig
      const { one, tracksIn } = yield* playlists
      const before = yield* tracksIn(one)
      const fresh = catalogueSongs.filter(({ uri }) => !before.includes(uri)).slice(0, 3)
      const [first, second, third] = fresh
      assert.isDefined(first)
      assert.isDefined(second)
      assert.isDefined(third)
      const file = paths.join(paths.dirname(path), "songs.csv")
      const rows = [
        "track_name,artist",
        line(first.track),
        ",nobody",
        line(second.track),
        line(first.track),
        "Xyzzy,Nobody"
      ]
      const input = { key: "songs", source: { file: "songs.csv" }, playlist_id: one, group_pause_seconds: 0 }
      const added = Effect.map(tracksIn(one), (all) => all.slice(before.length).toSorted())

      yield* fs.writeFileString(file, rows.join("\n"))
      const now = yield* tick(1, input)
      assert.deepInclude(now, { listed: 4, asked: 3, left: 0, batch: Option.some("glider.songs@tick-1-batch") })
      assert.deepStrictEqual(now.bad.map(({ place }) => place), [3])
      assert.deepStrictEqual(yield* added, [first.uri, second.uri].toSorted())

      assert.deepInclude(yield* tick(2, input), { listed: 4, asked: 0, batch: Option.none() })
      assert.lengthOf(yield* added, 2)

      yield* fs.writeFileString(file, [...rows, line(third.track)].join("\n"))
      assert.deepInclude(yield* tick(3, input), { listed: 5, asked: 1 })
      assert.deepStrictEqual(yield* added, [first.uri, second.uri, third.uri].toSorted())
    }).pipe(Effect.provide(world)), 60_000)

  it.live(
    "as a playlist gets into another one, and a song that could not be asked for is asked for again",
    () =>
      Effect.gen(function*() {
        const { faults } = yield* Sandbox
        const { one, two, tracksIn } = yield* playlists
        const from = new Set(yield* tracksIn(one))
        const contents = yield* tracksIn(two)
        const before = new Set(contents)
        assert.isAbove(missing(from, before), 0)
        const input = {
          key: "lists",
          source: { playlist: one },
          playlist_id: two,
          concurrency: 10,
          group_pause_seconds: 0
        }
        yield* faults.script({ fault: { _tag: "Status", status: 403 }, provider: "spotify", path: "/search" })
        const first = yield* tick(1, input)
        assert.strictEqual(first.asked, from.size)
        const there = new Set(yield* tracksIn(two))
        assert.isAtMost(missing(from, there), 1)
        const second = yield* tick(2, input)
        assert.strictEqual(second.asked, 1)
        assert.strictEqual(missing(from, new Set(yield* tracksIn(two))), 0)
        assert.lengthOf(yield* tracksIn(two), contents.length + missing(from, before))
      }).pipe(Effect.provide(world)),
    60_000
  )
})

describe("the input of a list that is followed", () => {
  const messageOf = (source: object) =>
    Result.match(checkInput("playlist_sync", { key: "k", source, playlist_id: "A".repeat(22) }), {
      onFailure: ({ message }) => message,
      onSuccess: () => "fine"
    })

  it("is checked when the config is read", () => {
    assert.strictEqual(messageOf({ file: "songs.csv" }), "fine")
    assert.strictEqual(messageOf({ file: "lists/a.b/songs.JSONL" }), "fine")
    assert.strictEqual(messageOf({ playlist: "B".repeat(22) }), "fine")
    for (
      const file of ["/etc/songs.csv", "../songs.csv", "a/../../songs.csv", "..\\songs.csv", "config.toml", "songs"]
    ) {
      assert.include(messageOf({ file }), "a .csv, .jsonl or .ndjson file in the folder of config.toml", file)
    }
    assert.include(messageOf({}), "either playlist or file")
    assert.include(messageOf({ file: "songs.csv", playlist: "B".repeat(22) }), "either playlist or file")
  })
})
