import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { decide, Decision, defaultThreshold, type Options, strategyOf } from "../../src/music/Decision.ts"
import { Candidate, TrackRequest } from "../../src/music/Track.ts"
import { numbers, wordFrom } from "./Random.ts"

const request = new TrackRequest({ trackName: "Clocks", artist: "Coldplay", isrc: "GBAYE0200123" })
const found = (uri: string, name: string, artist: string, more: { isrc?: string; isPlayable?: boolean } = {}) =>
  new Candidate({ uri, name, artists: [artist], isPlayable: true, ...more })

const withAi: Options = { threshold: defaultThreshold, useAi: true }
const without: Options = { threshold: defaultThreshold, useAi: false }
const live = found("live", "Clocks (Live)", "Coldplay")
const plain = found("plain", "Clocks", "Coldplay")
const other = found("other", "Stairway", "Led Zeppelin")

/** What a decision is of, and whom it takes. */
const told = (candidates: ReadonlyArray<Candidate>, options: Options) => {
  const decision = decide(request, candidates, options)
  return [decision._tag, "candidate" in decision ? decision.candidate.uri : undefined]
}

describe("the strategy", () => {
  for (
    const [confidences, strategy] of [
      [[1], "single_match"],
      [[0.95], "single_match"],
      [[0.7], "single_match"],
      [[0.1], "single_match"],
      [[1, 1], "fuzzy_only"],
      [[0.91, 0.3], "fuzzy_only"],
      [[0.9, 0.3], "hybrid"],
      [[0.86, 0.84], "hybrid"],
      [[0.5, 0.5], "hybrid"],
      [[0.49, 0.4], "ai_required"],
      [[0, 0], "ai_required"],
      [[], "ai_required"]
    ] as const
  ) {
    it(`for candidates of ${JSON.stringify(confidences)} is ${strategy}`, () => {
      assert.strictEqual(strategyOf(confidences), strategy)
    })
  }

  it("leaves all to the score where no model may be asked, and the choice to a model where songs stand side by side", () => {
    const [far, near] = [found("far", "Clockwork", "Colder"), found("near", "Cloc", "Coldplay")]
    const strategyFor = (candidates: ReadonlyArray<Candidate>, options: Options) =>
      decide(request, candidates, options).strategy
    assert.deepStrictEqual([withAi, without].map((options) => strategyFor([far, other], options)), [
      "ai_required",
      "fuzzy_only"
    ])
    assert.deepStrictEqual([withAi, without].map((options) => strategyFor([near, other], options)), [
      "hybrid",
      "fuzzy_only"
    ])
    assert.deepStrictEqual([withAi, without].map((options) => strategyFor([plain, other], options)), [
      "fuzzy_only",
      "fuzzy_only"
    ])
    assert.deepStrictEqual([withAi, without].map((options) => strategyFor([far], options)), [
      "single_match",
      "single_match"
    ])
  })
})

describe("a decision", () => {
  it("is a match by ISRC before one by name", () => {
    const decision = decide(request, [plain, found("isrc", "Uhren", "Kaltspiel", { isrc: "gbaye0200123" })], withAi)
    assert.strictEqual(decision._tag === "Matched" && decision.method, "isrc")
    assert.deepStrictEqual(told([plain, found("isrc", "Uhren", "K", { isrc: "GB-AYE-02-00123" })], without), [
      "Matched",
      "isrc"
    ])
  })

  it("is a match from the threshold on", () => {
    const typo = found("typo", "Clocs", "Coldplay")
    const { confidence } = decide(request, [typo], { threshold: 0, useAi: false }).scores[0] ?? assert.fail()
    assert.deepStrictEqual(told([typo], { threshold: confidence, useAi: true }), ["Matched", "typo"])
    assert.deepStrictEqual(told([typo], { threshold: confidence + 1e-6, useAi: true }), ["NeedsAi", undefined])
  })

  it("takes the best at threshold 0, whatever it is", () => {
    for (const useAi of [true, false]) {
      assert.deepStrictEqual(told([other, live], { threshold: 0, useAi }), ["Matched", "live"])
      assert.deepStrictEqual(told([other], { threshold: 0, useAi }), ["Matched", "other"])
      assert.deepStrictEqual(told([], { threshold: 0, useAi }), ["NoMatch", undefined])
    }
  })

  it("asks a model only where none is good enough, about five at most, the best first", () => {
    assert.deepStrictEqual(told([plain, live], withAi), ["Matched", "plain"])
    const many = Array.from({ length: 10 }, (_, at) => found(`${at}`, "Clocks (Live)", `Coldplay${"x".repeat(at)}`))
    const decision = decide(request, many.toReversed(), withAi)
    if (decision._tag !== "NeedsAi") assert.fail(decision._tag)
    assert.deepStrictEqual(decision.choices.map(({ candidate }) => candidate.uri), ["0", "1", "2", "3", "4"])
    assert.strictEqual(decision.scores.length, 10)
  })

  it("asks a model where several songs stand side by side, and not where they are one", () => {
    const asked = new TrackRequest({ trackName: "A Long Enough Title of a Songx", artist: "Coldplay" })
    const two = [
      found("y", "A Long Enough Title of a Songy", "Coldplay"),
      found("z", "A Long Enough Title of a Songz", "Coldplay")
    ]
    const open = decide(asked, two, withAi)
    assert.deepStrictEqual([open._tag, open.strategy], ["NeedsAi", "hybrid"])
    assert.strictEqual(decide(asked, two, without)._tag, "Matched")
    assert.strictEqual(decide(asked, two, { threshold: 0, useAi: true })._tag, "Matched")
    const same = decide(request, [plain, found("again", "Clocks - 2011 Remaster", "Coldplay")], withAi)
    assert.deepStrictEqual([same._tag, same.strategy], ["Matched", "fuzzy_only"])
  })

  it("waits for a person from .40 to .60 where no model decides", () => {
    assert.deepStrictEqual(told([live, other], without), ["Review", "live"])
    assert.strictEqual(decide(request, [live], without).scores[0]?.confidence, 0.6)
    const far = decide(request, [other], without)
    assert.strictEqual(far._tag === "NoMatch" && far.reason, "below_threshold")
    const near = decide(request, [plain, live], { threshold: 1, useAi: false })
    assert.strictEqual(near._tag, "Matched")
  })

  it("is none where nothing is found, or nothing that plays", () => {
    for (const options of [withAi, without]) {
      const nothing = decide(request, [], options)
      assert.strictEqual(nothing._tag === "NoMatch" && nothing.reason, "nothing_found")
      const silent = decide(request, [found("a", "Clocks", "Coldplay", { isPlayable: false })], options)
      assert.strictEqual(silent._tag === "NoMatch" && silent.reason, "nothing_playable")
    }
  })

  it("is the same for the same, and is recorded as JSON", () => {
    const next = numbers(7)
    const names = ["Clocks", "Clocs", "Clocks (Live)", "Yellow", "Clocks - Remix"]
    for (let round = 0; round < 200; round++) {
      const candidates = Array.from(
        { length: Math.floor(next() * 8) },
        (_, at) =>
          found(`${at}`, names[Math.floor(next() * names.length)] ?? "", next() < 0.5 ? "Coldplay" : wordFrom(next, 6))
      )
      const options = { threshold: Math.round(next() * 20) / 20, useAi: next() < 0.5 }
      const decision = decide(request, candidates, options)
      assert.deepStrictEqual(decide(request, candidates, options), decision)
      assert.deepStrictEqual(
        Schema.decodeUnknownSync(Decision)(JSON.parse(JSON.stringify(Schema.encodeSync(Decision)(decision)))),
        decision
      )
      const sorted = decision.scores.map(({ confidence }) => confidence)
      assert.deepStrictEqual(sorted, sorted.toSorted((a, b) => b - a))
      if (decision._tag === "NeedsAi") assert.isAtMost(decision.choices.length, 5)
      if (decision._tag === "Matched") assert.isAtLeast(decision.confidence, options.threshold)
    }
  })
})
