import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Result } from "effect"
import { parseTracks, readTracks } from "../../src/workflows/TrackFile.ts"
import { temporaryFolder } from "../support/TemporaryFolder.ts"

const read = (file: string, text: string) => Result.getOrThrow(parseTracks(file, text))

describe("a file of songs", () => {
  it("as CSV has a header, quoted fields and other columns, and may begin with a byte order mark", () => {
    const text = [
      "\uFEFFName,Artist,Album,Time,ISRC",
      "Teardrop,Massive Attack,Mezzanine,330,GBAAA9800322",
      "\"Hello, Goodbye\",The Beatles,,208,",
      "\"Say \"\"Yes\"\"\",Elliott Smith,Either/Or,,",
      "",
      "\"Two",
      "lines\",Somebody,,,"
    ].join("\r\n")
    const { bad, tracks } = read("songs.csv", text)
    assert.deepStrictEqual(bad, [])
    assert.deepStrictEqual(tracks.map(({ track }) => track), [
      { track_name: "Teardrop", artist: "Massive Attack", album: "Mezzanine", isrc: "GBAAA9800322" },
      { track_name: "Hello, Goodbye", artist: "The Beatles" },
      { track_name: "Say \"Yes\"", artist: "Elliott Smith", album: "Either/Or" },
      { track_name: "Two\r\nlines", artist: "Somebody" }
    ])
  })

  it("may have its columns parted by semicolons or tabs", () => {
    for (const by of [";", "\t"]) {
      const text = [["artist name", "track name"], ["Simon, Garfunkel", "The Boxer, live"]].map((row) => row.join(by))
      const { tracks } = read("songs.csv", text.join("\n"))
      assert.deepStrictEqual(tracks.map(({ track }) => track), [
        { track_name: "The Boxer, live", artist: "Simon, Garfunkel" }
      ])
    }
  })

  it("tells of rows that cannot be read with their line, and reads the others", () => {
    const text = [
      "track_name,artist,isrc",
      "One,A,",
      ",B,",
      "Three,C,no isrc",
      "Fo\"ur,D,",
      "Five",
      "Six,F,"
    ].join("\n")
    const { bad, tracks } = read("songs.csv", text)
    assert.deepStrictEqual(tracks.map(({ place, track }) => [place, track.track_name]), [[2, "One"], [7, "Six"]])
    assert.deepStrictEqual(bad.map(({ place }) => place).toSorted(), [3, 4, 5, 6])
    assert.include(bad.find(({ place }) => place === 3)?.message ?? "", "track_name")
  })

  it("without the columns that are needed is refused as a whole", () => {
    const refused = Result.getOrThrow(
      Result.flip(parseTracks("songs.csv", "Teardrop,Massive Attack\nAngel,Massive Attack"))
    )
    assert.include(refused.message, "track_name and artist among them; it says \"Teardrop,Massive Attack\"")
  })

  it("may have a line of JSON for each song", () => {
    const text = [
      "{\"track_name\":\"Teardrop\",\"artist\":\"Massive Attack\",\"album\":\"\",\"isrc\":null}",
      "",
      "[1]",
      "{\"title\":\"Angel\",\"artist\":\"Massive Attack\",\"plays\":3}",
      "{\"title\":7,\"artist\":\"x\"}",
      "oops"
    ].join("\n")
    const { bad, tracks } = read("songs.jsonl", text)
    assert.deepStrictEqual(tracks, [
      { place: 1, track: { track_name: "Teardrop", artist: "Massive Attack" } },
      { place: 4, track: { track_name: "Angel", artist: "Massive Attack" } }
    ])
    assert.deepStrictEqual(bad.map(({ place }) => place), [3, 5, 6])
  })

  it.effect("is read from the folder alone, whatever leads out of it", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const paths = yield* Path.Path
      const outside = yield* temporaryFolder
      const folder = paths.join(outside, "inside")
      yield* fs.makeDirectory(paths.join(folder, "lists"), { recursive: true })
      const text = "track_name,artist\nTeardrop,Massive Attack\n"
      yield* fs.writeFileString(paths.join(outside, "secret.csv"), text)
      yield* fs.writeFileString(paths.join(folder, "lists", "songs.csv"), text)
      yield* fs.symlink(paths.join(outside, "secret.csv"), paths.join(folder, "link.csv"))
      assert.lengthOf((yield* readTracks(folder, "lists/songs.csv")).tracks, 1)
      for (const file of ["link.csv", "../secret.csv", paths.join(outside, "secret.csv")]) {
        assert.include((yield* Effect.flip(readTracks(folder, file))).message, "lies outside of")
      }
      assert.include((yield* Effect.flip(readTracks(folder, "none.csv"))).message, "there is no such file")
      assert.include((yield* Effect.flip(readTracks(folder, "lists"))).message, "is no file")
      yield* fs.writeFile(paths.join(folder, "utf16.csv"), new Uint8Array([0xff, 0xfe, 0x41, 0x00]))
      assert.include((yield* Effect.flip(readTracks(folder, "utf16.csv"))).message, "is not UTF-8")
    }).pipe(Effect.provide(NodeServices.layer)))
})
