import { assert, it } from "@effect/vitest"
import { excerpt, hasAll, plainText, wordsOf } from "../../src/domain/Words.ts"

it("words have neither case nor accents nor punctuation", () => {
  assert.deepStrictEqual(wordsOf("Straße, STRASSE! Café's naïve Ærø Łódź İstanbul"), [
    "strasse",
    "strasse",
    "cafe",
    "s",
    "naive",
    "aero",
    "lodz",
    "istanbul"
  ])
  assert.deepStrictEqual(wordsOf("Cafe\u0301 ﬁne"), ["cafe", "fine"])
  assert.deepStrictEqual(wordsOf("10:30 Room-4b"), ["10", "30", "room", "4b"])
  assert.deepStrictEqual(wordsOf("  -- ; <> "), [])
})

it("scripts without spaces have words of one character, others keep theirs", () => {
  assert.deepStrictEqual(wordsOf("音楽の夜 live"), ["音", "楽", "の", "夜", "live"])
  assert.deepStrictEqual(wordsOf("Привет МИР"), ["привет", "мир"])
})

it("of a description its text remains, and of an address its host", () => {
  assert.strictEqual(
    plainText("<b>Join</b>&nbsp;at <a href=\"https://x.example/a\">https://meet.example/abc?x=1#y</a><br>Tom &amp; Jo"),
    "Join at meet.example Tom & Jo"
  )
})

it("all of what is asked for must begin a word", () => {
  const words = wordsOf("Dinner with Zoë at Straße 7")
  assert.isTrue(hasAll(words, wordsOf("zoe DIN")))
  assert.isTrue(hasAll(words, wordsOf("strass 7")))
  assert.isFalse(hasAll(words, wordsOf("dinner alone")))
  assert.isFalse(hasAll(words, wordsOf("inner")))
})

it("an excerpt is the text around the first word that was found, cut at spaces", () => {
  const text = `${"before ".repeat(40)}Überraschung ${"after ".repeat(40)}`
  const found = excerpt(text, ["uberr"], 80) ?? ""
  assert.include(found, "Überraschung")
  assert.match(found, /^… before .* after …$/)
  assert.isAtMost(found.length, 120)
  assert.strictEqual(excerpt("Short and Überraschung", ["uberr"], 80), "Short and Überraschung")
  assert.isUndefined(excerpt("nothing of it", ["uberr"], 80))
  const long = "x".repeat(500)
  assert.include(excerpt(`${long} word`, ["wor"], 80) ?? "", "word")
})
