import { assert, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import { isrcOf, TrackRequest } from "../../src/music/Track.ts"

const read = Schema.decodeUnknownOption(TrackRequest)

it("a request is trimmed, and its fields are neither blank nor longer than 200", () => {
  const fields = { trackName: "  Clocks\n", artist: " Coldplay ", album: " Parachutes ", isrc: " gb-aye-02-00123 " }
  assert.deepStrictEqual(
    Option.getOrThrow(read(fields)),
    new TrackRequest({ trackName: "Clocks", artist: "Coldplay", album: "Parachutes", isrc: "gb-aye-02-00123" })
  )
  for (const name of ["trackName", "artist", "album", "isrc"]) {
    for (const value of ["", "  ", "x".repeat(201), 1, null]) {
      assert.isTrue(Option.isNone(read({ ...fields, [name]: value })), `${name} ${value}`)
    }
  }
  assert.isTrue(Option.isSome(read({ trackName: ` ${"x".repeat(200)} `, artist: "y".repeat(200) })))
  assert.isTrue(Option.isNone(read({ artist: "Coldplay" })))
  assert.isTrue(Option.isNone(read({ ...fields, isrc: "GBAYE02001234" })))
})

it("an ISRC is compared without case and hyphens", () => {
  assert.strictEqual(isrcOf("gb-aye-02 00123"), "GBAYE0200123")
  assert.isUndefined(isrcOf("none"))
  assert.isUndefined(isrcOf(undefined))
})
