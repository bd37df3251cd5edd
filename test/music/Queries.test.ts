import { assert, describe, it } from "@effect/vitest"
import { queriesOf } from "../../src/music/Queries.ts"
import { TrackRequest } from "../../src/music/Track.ts"

const texts = (fields: ConstructorParameters<typeof TrackRequest>[0]) =>
  queriesOf(new TrackRequest(fields)).map(({ text }) => text)

describe("the searches for a request", () => {
  it("ask for the ISRC, then for all fields, then without the album, then for plain words", () => {
    const fields = { trackName: "Clocks", artist: "Coldplay", album: "Parachutes", isrc: "gb-aye-02-00123" }
    assert.deepStrictEqual(queriesOf(new TrackRequest(fields)), [
      { by: "isrc", text: "isrc:GBAYE0200123", limit: 10 },
      { by: "album", text: "track:Clocks artist:Coldplay album:Parachutes", limit: 10 },
      { by: "artist", text: "track:Clocks artist:Coldplay", limit: 10 },
      { by: "words", text: "Clocks Coldplay", limit: 10 }
    ])
    assert.deepStrictEqual(texts({ trackName: "Clocks", artist: "Coldplay" }), [
      "track:Clocks artist:Coldplay",
      "Clocks Coldplay"
    ])
  })

  it("have neither guests nor editions, but what makes another recording", () => {
    assert.deepStrictEqual(
      texts({
        trackName: "Crazy in Love (feat. JAY-Z) - Remastered 2009 (Live at Glastonbury)",
        artist: "Beyoncé feat. JAY-Z",
        album: "4 (Deluxe Edition)"
      })[0],
      "track:Crazy in Love Live at Glastonbury artist:Beyoncé album:4"
    )
  })

  it("hold no quotes, fields and operators of the person", () => {
    for (
      const text of texts({
        trackName: "\"a\" isrc:XX NOT b OR genre:rock -c* (d",
        artist: "year:1900 “e”",
        album: "tag:new AND f"
      })
    ) {
      const ours = text.replaceAll(/(?:^| )(?:track|artist|album):/g, " ")
      assert.notMatch(ours, /["“”*:()]|\b(?:NOT|OR|AND)\b|(?:^|\s)-/)
    }
  })

  it("are no longer than Spotify takes, and end with whole words", () => {
    const long = (word: string) => Array.from({ length: 30 }, () => word).join(" ")
    for (const text of texts({ trackName: long("title"), artist: long("name"), album: long("disc") })) {
      assert.isAtMost(text.length, 250)
      assert.match(text, /(?:title|name|disc)$/)
    }
    for (const text of texts({ trackName: "😀".repeat(100), artist: "x".repeat(200) })) {
      assert.isAtMost(text.length, 250)
      assert.isTrue(text.isWellFormed())
    }
  })

  it("are there for any title", () => {
    assert.deepStrictEqual(texts({ trackName: "***", artist: "\"\"" }), [])
    assert.deepStrictEqual(texts({ trackName: "***", artist: "Queen" }), ["Queen"])
  })
})
