import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { agreement } from "../../src/music/Artists.ts"
import { ratio } from "../../src/music/Ratio.ts"
import { ranked, Score } from "../../src/music/Score.ts"
import { Candidate, TrackRequest } from "../../src/music/Track.ts"
import { numbers, wordFrom } from "./Random.ts"

const request = new TrackRequest({ trackName: "Clocks", artist: "Coldplay", album: "A Rush of Blood to the Head" })

const candidate = (fields: Partial<ConstructorParameters<typeof Candidate>[0]> = {}) =>
  new Candidate({
    uri: "spotify:track:1",
    name: "Clocks",
    artists: ["Coldplay"],
    album: "A Rush of Blood to the Head",
    isPlayable: true,
    ...fields
  })

const one = (asked: TrackRequest, found: Candidate): Score => {
  const [score] = ranked(asked, [found])
  return score ?? assert.fail("no score")
}

describe("a score", () => {
  it("is one half title, .35 artist, .15 album", () => {
    const score = one(request, candidate({ name: "Clocs", artists: ["Coldplays"], album: "Parachutes" }))
    const parts = {
      title: ratio("clocks", "clocs"),
      artist: ratio("coldplay", "coldplays"),
      album: ratio("a rush of blood to the head", "parachutes")
    }
    assert.closeTo(score.title, parts.title, 1e-9)
    assert.closeTo(score.artist, parts.artist, 1e-9)
    assert.closeTo(score.album ?? -1, parts.album, 1e-9)
    assert.closeTo(score.confidence, 0.5 * parts.title + 0.35 * parts.artist + 0.15 * parts.album, 1e-9)
    assert.deepStrictEqual(score.lowered, [])
  })

  it("spreads the album's weight over title and artist where one side has none", () => {
    const title = ratio("clocks", "clocs")
    const { album: _, ...without } = candidate({ name: "Clocs" })
    for (
      const score of [
        one(new TrackRequest({ trackName: "Clocks", artist: "Coldplay" }), candidate({ name: "Clocs" })),
        one(request, new Candidate(without))
      ]
    ) {
      assert.closeTo(score.confidence, (0.5 * title + 0.35) / 0.85, 1e-9)
      assert.isFalse("album" in score)
    }
    assert.strictEqual(one(new TrackRequest({ trackName: "Clocks", artist: "Coldplay" }), candidate()).confidence, 1)
  })

  it("is .85 where nothing of the album agrees", () => {
    assert.strictEqual(one(request, candidate({ album: "zzz" })).confidence, 0.85)
  })

  it("is 1 for the same ISRC, however it is written", () => {
    const asked = new TrackRequest({ trackName: "x", artist: "y", isrc: "gb-aye-02-00123" })
    const score = one(asked, candidate({ isrc: "GBAYE0200123" }))
    assert.isTrue(score.isSameIsrc)
    assert.strictEqual(score.confidence, 1)
    assert.isBelow(one(asked, candidate({ isrc: "GBAYE0200124" })).confidence, 0.4)
  })

  it("is lowered below every threshold for another recording, and more for somebody else's", () => {
    const lowered: ReadonlyArray<readonly [string, string, number]> = [
      ["Clocks - Live in Buenos Aires", "other_recording", 0.6],
      ["Clocks (Acoustic)", "other_recording", 0.6],
      ["Clocks (Röyksopp Trembling Heart Remix)", "other_recording", 0.6],
      ["Clocks - Live (Acoustic)", "other_recording", 0.6],
      ["Clocks (Karaoke Version)", "imitation", 0.5],
      ["Clocks (In the Style of Coldplay)", "imitation", 0.5],
      ["Clocks, Pt. 2", "other_number", 0.6]
    ]
    for (const [name, reason, factor] of lowered) {
      const score = one(request, candidate({ name }))
      assert.deepStrictEqual(score.lowered.filter(({ reason }) => reason !== "other_title"), [{ reason, factor }], name)
      assert.isAtMost(score.confidence, 0.6, name)
    }
    const live = new TrackRequest({ ...request, trackName: "Clocks (Live)" })
    assert.strictEqual(one(live, candidate({ name: "Clocks - Live in Buenos Aires" })).confidence, 1)
    assert.strictEqual(one(live, candidate()).confidence, 0.6)
  })

  it("is lowered for another title and for an artist who is not there", () => {
    assert.deepInclude(one(request, candidate({ name: "Yellow" })).lowered, { reason: "other_title", factor: 0.6 })
    assert.deepInclude(one(request, candidate({ artists: ["Toto"] })).lowered, { reason: "other_artist", factor: 0.5 })
    assert.deepInclude(one(request, candidate({ artists: [] })).lowered, { reason: "other_artist", factor: 0.5 })
    const both = new TrackRequest({ trackName: "Clocks", artist: "Coldplay & Buena Vista Social Club" })
    assert.deepInclude(one(both, candidate()).lowered, { reason: "other_artist", factor: 0.5 })
  })

  it("is recorded as JSON", () => {
    const score = one(request, candidate({ name: "Clocks (Live)", durationMs: 307_000 }))
    const json = JSON.stringify(Schema.encodeSync(Score)(score))
    assert.deepStrictEqual(Schema.decodeUnknownSync(Score)(JSON.parse(json)), score)
  })

  it("is within 0 and 1 whatever is compared", () => {
    const next = numbers(5)
    const parts = ["Live", " (", ")", " - ", "feat. ", "a", "b", "é", "Ж", "2", " ", "&", "!", "Remix", "Karaoke"]
    for (let pair = 0; pair < 1_000; pair++) {
      const [trackName, artist, name, other] = [0, 1, 2, 3].map(() => wordFrom(next, 8, parts))
      const asked = new TrackRequest({ trackName: `a${trackName}`.trim(), artist: `b${artist}`.trim() })
      const { confidence } = one(asked, candidate({ name: name ?? "", artists: [other ?? ""] }))
      assert.isTrue(confidence >= 0 && confidence <= 1)
      assert.strictEqual(one(asked, candidate({ name: asked.trackName, artists: [asked.artist] })).confidence, 1)
    }
  })
})

describe("the order of scores", () => {
  const uris = (asked: TrackRequest, candidates: ReadonlyArray<Candidate>) =>
    ranked(asked, candidates).map(({ candidate }) => candidate.uri)

  it("is by confidence, and equal ones stay as the provider gave them", () => {
    assert.deepStrictEqual(
      uris(request, [
        candidate({ uri: "other", name: "Yellow" }),
        candidate({ uri: "first" }),
        candidate({ uri: "second" })
      ]),
      ["first", "second", "other"]
    )
  })

  it("prefers the plain recording, or the edition that was asked for, and fewer guests", () => {
    const found = [
      candidate({ uri: "guest", artists: ["Coldplay", "Rihanna"] }),
      candidate({ uri: "remaster", name: "Clocks - 2011 Remaster" }),
      candidate({ uri: "plain" })
    ]
    assert.deepStrictEqual(uris(request, found), ["plain", "guest", "remaster"])
    assert.strictEqual(
      uris(new TrackRequest({ ...request, trackName: "Clocks (2011 Remaster)" }), found)[0],
      "remaster"
    )
  })

  it("leaves out what cannot be played", () => {
    assert.deepStrictEqual(uris(request, [candidate({ uri: "gone", isPlayable: false }), candidate()]), [
      "spotify:track:1"
    ])
  })
})

describe("several artists", () => {
  it("agree in any order, each with one other, so that the sum is greatest", () => {
    const best = (asked: ReadonlyArray<string>, found: ReadonlyArray<string>): number => {
      const [first, ...rest] = asked
      if (first === undefined) return 0
      const others = found.map((name, at) => ratio(first, name) + best(rest, found.toSpliced(at, 1)))
      return Math.max(best(rest, found), ...others)
    }
    const next = numbers(6)
    for (let pair = 0; pair < 300; pair++) {
      const [asked, found] = [0, 1].map(() =>
        Array.from({ length: 1 + Math.floor(next() * 4) }, () => wordFrom(next, 5))
      )
      if (asked === undefined || found === undefined) continue
      const { mean } = agreement(asked, found, ["\u{1}", []])
      assert.closeTo(mean, best(asked, found) / asked.length, 1e-9, JSON.stringify([asked, found]))
    }
  })

  it("are named apart or as one", () => {
    assert.deepStrictEqual(
      agreement(["tyler the creator"], ["tyler", "creator"], ["tyler the creator", ["tyler the creator"]]),
      {
        mean: 1,
        least: 1
      }
    )
    assert.deepStrictEqual(
      agreement(["queen", "david bowie"], ["david bowie", "queen"], ["queen and david bowie", []]),
      {
        mean: 1,
        least: 1
      }
    )
  })
})
