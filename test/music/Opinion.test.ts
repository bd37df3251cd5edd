import { assert, describe, it } from "@effect/vitest"
import { decide } from "../../src/music/Decision.ts"
import { Opinion, weigh } from "../../src/music/Opinion.ts"
import { Candidate, TrackRequest } from "../../src/music/Track.ts"

const named = (name: string, artist: string) =>
  new Candidate({ uri: `spotify:track:${name}/${artist}`, name, artists: [artist], isPlayable: true })

/** What is decided about the only candidate, or the last, once a model has chosen it. */
const after = (
  asked: string,
  found: ReadonlyArray<readonly [name: string, artist: string]>,
  opinion: Partial<Opinion>
): { tag: string; method?: string; confidence?: number; reason?: string } => {
  const [trackName = "", artist = ""] = asked.split(" | ")
  const request = new TrackRequest({ trackName, artist })
  const candidates = found.map(([name, by]) => named(name, by))
  const options = { threshold: 0.85, useAi: true }
  const decision = decide(request, candidates, options)
  if (decision._tag !== "NeedsAi") throw new Error(`the scores decide: ${decision._tag}`)
  const said = new Opinion({
    answer: "chosen",
    provider: "openai",
    uri: candidates.at(-1)?.uri ?? "",
    confidence: 1,
    reason: "",
    ...opinion
  })
  const settled = weigh(request, candidates, decision, said, options)
  switch (settled._tag) {
    case "Matched":
      return { tag: settled._tag, method: settled.method, confidence: settled.confidence }
    case "Review":
      return { tag: settled._tag, confidence: settled.confidence }
    case "NoMatch":
      return { tag: settled._tag, reason: settled.reason }
    case "NeedsAi":
      throw new Error("it was asked already")
  }
}

const orff = [["Carmina Burana: O Fortuna", "Carl Orff"]] as const

/** Two that the scores hold for as good. */
const beside = [["Introductiona", "The xx"], ["Introductiono", "The xx"]] as const

describe("what a model chooses", () => {
  it("is the track where its score bears that out; the confidence is the mean of both", () => {
    const { confidence = 0, ...rest } = after("O Fortuna | Carl Orff", orff, { confidence: 0.9 })
    assert.deepStrictEqual(rest, { tag: "Matched", method: "ai" })
    assert.closeTo(confidence, (0.44 + 0.9) / 2, 0.01)
    assert.strictEqual(after("O Fortuna | Carl Orff", orff, { provider: "anthropic" }).method, "ai_claude")
  })

  it("waits for a person where both together are no surer than .60, and is none below .40", () => {
    assert.strictEqual(after("O Fortuna | Carl Orff", orff, { confidence: 0.7 }).tag, "Review")
    assert.deepStrictEqual(after("O Fortuna | Carl Orff", orff, { confidence: 0.2 }), {
      tag: "NoMatch",
      reason: "below_threshold"
    })
  })

  it("is never added by itself where its score is below .40, however sure the model is", () => {
    assert.strictEqual(after("Teardrop | Massive Attack", [["Angel", "Massive Attack"]], {}).tag, "Review")
    assert.notStrictEqual(after("Teardrop | Massive Attack", [["Bad Guy", "Billie Eilish"]], {}).tag, "Matched")
  })

  it("is never added by itself where it is another recording, act or part", () => {
    for (
      const found of [
        ["Teardrop - Live", "Massive Attack"],
        ["Teardrop (Karaoke Version)", "Massive Attack"],
        ["Teardrop", "José González"],
        ["Teardrop, Pt. 2", "Massive Attack"]
      ] as const
    ) {
      assert.notStrictEqual(after("Teardrop | Massive Attack", [found], {}).tag, "Matched", found.join(" by "))
    }
  })

  it("is one of several that stand side by side", () => {
    const { method, tag } = after("Introductions | The xx", beside, { confidence: 0.9 })
    assert.deepStrictEqual([tag, method], ["Matched", "ai"])
  })

  it("is nothing when it was not among the choices", () => {
    assert.deepStrictEqual(after("O Fortuna | Carl Orff", orff, { uri: "spotify:track:invented" }), {
      tag: "NoMatch",
      reason: "model_found_none"
    })
    assert.deepStrictEqual(after("O Fortuna | Carl Orff", orff, { answer: "none" }), {
      tag: "NoMatch",
      reason: "model_found_none"
    })
  })
})

describe("a model that fails", () => {
  it("leaves the decision to the scores and to a person, and adds nothing", () => {
    assert.strictEqual(after("O Fortuna | Carl Orff", orff, { answer: "failed" }).tag, "Review")
    assert.deepStrictEqual(after("Teardrop | Massive Attack", [["Angel", "Massive Attack"]], { answer: "failed" }), {
      tag: "NoMatch",
      reason: "below_threshold"
    })
    assert.strictEqual(after("Introductions | The xx", beside, { answer: "failed" }).tag, "Review")
  })
})
