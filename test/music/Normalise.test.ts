import { assert, describe, it } from "@effect/vitest"
import { fold } from "../../src/music/Fold.ts"
import { artistsOf, titleOf } from "../../src/music/Normalise.ts"
import { numbers, wordFrom } from "./Random.ts"

const kindsOf = (title: string) => titleOf(title).qualifiers.map(({ kind }) => kind)

describe("a folded text", () => {
  it("has neither case nor accents, and letters of their own as people type them", () => {
    const same: ReadonlyArray<readonly [string, string]> = [
      ["STRASSE", "Straße"],
      ["Sigur Ros", "Sigur Rós"],
      ["Mo", "MØ"],
      ["Aether", "Æther"],
      ["Lodz", "Łódź"],
      ["Durdevdan", "Đurđevdan"],
      ["Simarik", "Şımarık"],
      ["istanbul", "İSTANBUL"],
      ["Cafe\u0301", "café"],
      ["Ｔｈｅ　Ｎｉｇｈｔｓ", "the nights"]
    ]
    for (const [one, other] of same) assert.strictEqual(fold(one), fold(other))
  })

  it("has no punctuation, and what is read the same is the same", () => {
    const same: ReadonlyArray<readonly [string, string]> = [
      ["Don't Stop", "dont stop"],
      ["Rock 'n' Roll", "Rock & Roll"],
      ["Florence + the Machine", "Florence and the Machine"],
      ["The Beatles", "Beatles"],
      ["P!nk", "Pink"],
      ["A$AP Rocky", "ASAP Rocky"],
      ["Pt. II", "Part 2"],
      ["Seven Nation Army", "7 Nation Army"],
      ["No. 5: II. Andante", "no 5 2 andante"]
    ]
    for (const [one, other] of same) assert.strictEqual(fold(one), fold(other))
    assert.strictEqual(fold("The The"), "the")
    assert.strictEqual(fold("!!!"), "!!!")
  })

  it("has Cyrillic and Greek in Latin, and keeps other scripts whole", () => {
    assert.strictEqual(fold("Кино"), "kino")
    assert.strictEqual(fold("Звезда по имени Солнце"), "zvezda po imeni solntse")
    assert.strictEqual(fold("Ещё"), fold("Еще"))
    assert.strictEqual(fold("Цой"), "tsoy")
    assert.strictEqual(fold("Ђурђевдан"), "durdevdan")
    assert.strictEqual(fold("Μελίνα Μερκούρη"), "melina merkouri")
    assert.strictEqual(fold("夜に駆ける"), "夜に駆ける")
    assert.notStrictEqual(fold("かえる"), fold("がえる"))
    assert.strictEqual(fold("강남스타일"), "강남스타일")
    assert.strictEqual(fold("हिन्दी"), "हिन्दी".normalize("NFC"))
  })

  it("is folded once and for all", () => {
    const next = numbers(2)
    const letters = [..."aEßøÆłĐıİéйёЖΏου$!&+'’-–(). 12iIvVxnN音がか강😀हिＡ½№ﬁ", "The ", " n ", "Pt. ", "one", "No. "]
    for (let text = 0; text < 5_000; text++) {
      const word = wordFrom(next, 12, letters)
      assert.strictEqual(fold(fold(word)), fold(word), JSON.stringify(word))
    }
  })
})

describe("a title", () => {
  it("is apart from editions, guests and recordings, and keeps them", () => {
    const apart = titleOf("Say It (feat. Nas) [Live at Wembley] - Remastered 2009")
    assert.strictEqual(apart.plain, "say it")
    assert.deepStrictEqual(apart.featured, ["Nas"])
    assert.deepStrictEqual(apart.editions, ["remastered 2009"])
    assert.deepStrictEqual(apart.qualifiers, [{ kind: "live", details: ["wembley"] }])
  })

  it("is the same recording in other editions", () => {
    for (
      const edition of [
        "- Remastered 2011",
        "(2009 Remaster)",
        "- Single Version",
        "(Radio Edit)",
        "- Mono",
        "(Stereo Mix)",
        "(Deluxe Edition)",
        "- 2013 Remaster",
        "(30th Anniversary Edition)",
        "[Bonus Track]",
        "(Explicit)",
        "- From \"Frozen\"",
        "(Official Video)",
        "Remastered 2011",
        "feat. Somebody"
      ]
    ) {
      const apart = titleOf(`Some Song ${edition}`)
      assert.strictEqual(apart.plain, "some song", edition)
      assert.deepStrictEqual(apart.qualifiers, [], edition)
    }
  })

  it("says when it is another recording", () => {
    const said: ReadonlyArray<readonly [string, string]> = [
      ["(Live)", "live"],
      ["- Live at Leeds", "live"],
      ["(Ao Vivo)", "live"],
      ["(Acoustic Version)", "acoustic"],
      ["(Karaoke Version)", "karaoke"],
      ["- Instrumental", "instrumental"],
      ["(Tiësto Remix)", "remix"],
      ["- Extended Mix", "remix"],
      ["(Adele Cover)", "cover"],
      ["(In the Style of Adele)", "cover"],
      ["(Made Famous by Adele)", "cover"],
      ["- Demo", "demo"],
      ["(Taylor's Version)", "rerecorded"],
      ["(Sped Up)", "speed"],
      ["(Reprise)", "piece"],
      ["Karaoke Version", "karaoke"]
    ]
    for (const [group, kind] of said) {
      assert.deepStrictEqual(kindsOf(`Some Song ${group}`), [kind], group)
      assert.strictEqual(titleOf(`Some Song ${group}`).plain, "some song", group)
    }
  })

  it("may have such words for itself", () => {
    for (
      const title of ["Live and Let Die", "Live Forever", "Long Live", "Remix", "With or Without You", "Demons", "1999"]
    ) {
      assert.deepStrictEqual(kindsOf(title), [], title)
      assert.strictEqual(titleOf(title).plain, fold(title), title)
    }
    assert.strictEqual(titleOf("(I Can't Get No) Satisfaction").plain, "i cant get no satisfaction")
    assert.strictEqual(titleOf("(Live)").core, "live")
    assert.strictEqual(titleOf("Queen - Innuendo", ["queen"]).plain, "innuendo")
  })

  it("is taken apart whatever it is", () => {
    const next = numbers(3)
    const parts = ["(", ")", "[", "]", " - ", "Live", "feat. ", "Remaster", "a", " ", "2011", "「", "」", "&"]
    for (let text = 0; text < 2_000; text++) {
      const word = wordFrom(next, 12, parts)
      assert.strictEqual(titleOf(word).words === "", word.trim() === "", JSON.stringify(word))
    }
  })
})

it("artists are told apart, but for generations", () => {
  assert.deepStrictEqual(artistsOf(["Beyoncé ft. Jay-Z"]), ["beyonce", "jay z"])
  assert.deepStrictEqual(artistsOf(["A, B & C x D; E / F feat. G vs. H"]), ["a", "b", "c", "d", "e", "f", "g", "h"])
  assert.deepStrictEqual(artistsOf(["Hank Williams, Jr."]), ["hank williams jr"])
  assert.deepStrictEqual(artistsOf(["Queen", "QUEEN"]), ["queen"])
  assert.deepStrictEqual(artistsOf(["Alexander", "Max"]), ["alexander", "max"])
})
