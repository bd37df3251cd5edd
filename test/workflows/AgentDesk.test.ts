import { assert, describe, it } from "@effect/vitest"
import { Candidate, TrackRequest } from "../../src/music/Track.ts"
import { AgentDesk } from "../../src/workflows/AgentDesk.ts"
import { taskOf } from "../../src/workflows/MusicAgents.ts"

const request = new TrackRequest({ trackName: "Teardrop", artist: "Massive Attack" })

const candidate = (number: number, name: string, artists: ReadonlyArray<string>, album: string) =>
  new Candidate({ uri: `spotify:track:${number}`, name, artists, album, isPlayable: true })

const many = (text: string) =>
  Array.from({ length: 50 }, (_, number) => candidate(number, text, Array.from({ length: 40 }, () => text), text))

/** What `score_candidates` says of a candidate at most, besides the candidate. */
const judged = {
  confidence: 0.123_456_789_012_345_6,
  lowered: ["other_recording", "imitation", "other_number", "other_title", "other_artist"]
}

const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u

describe("what an agent is told of the songs that were found", () => {
  for (
    const [what, text] of [
      ["long", "a".repeat(5000)],
      ["nothing but quotation marks", "\"\\".repeat(5000)],
      ["nothing but emoji", "🎻".repeat(5000)],
      ["halves of letters", "\ud83c".repeat(5000)]
    ] as const
  ) {
    it(`stays below the bound of a run where the names are ${what}`, () => {
      const told = new AgentDesk(request, 0.85).add(many(text))
      assert.lengthOf(told, 20)
      assert.isBelow(JSON.stringify(told.map((one) => ({ ...one, ...judged }))).length, 16 * 1024)
      for (const { artists, name } of told) {
        assert.isAbove(name.length, 0)
        assert.lengthOf(artists, 3)
      }
    })
  }

  it("is the best twenty, by the names that all have in the order of the search", () => {
    const others = Array.from(
      { length: 39 },
      (_, number) => candidate(number, `Angel ${number}`, ["Somebody"], "Other")
    )
    const desk = new AgentDesk(request, 0.85)
    const told = desk.add([...others, candidate(99, "Teardrop", ["Massive Attack"], "Mezzanine")])
    assert.lengthOf(told, 20)
    assert.deepStrictEqual([told[0]?.candidate, told[0]?.name], ["c40", "Teardrop"])
    assert.lengthOf(desk.found, 40)
  })

  it("holds nothing that cannot be seen, nor does what it is asked for", () => {
    const hidden = "Tear\u202Edrop\u200B\u0007 \u{E0049}\u2028!"
    const desk = new AgentDesk(new TrackRequest({ trackName: hidden, artist: hidden, album: hidden }), 0.85)
    const told = desk.add([candidate(1, hidden, [hidden], hidden)])
    const texts = [JSON.stringify(told), JSON.stringify(taskOf(desk))]
    for (const text of texts) {
      assert.include(text, "Tear drop")
      assert.notMatch(text, invisible)
    }
  })
})
