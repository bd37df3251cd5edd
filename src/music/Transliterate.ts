/**
 * Cyrillic and Greek in Latin letters, so that `Кино` is found as `Kino`. Catalogues follow no one standard: these are the
 * spellings that titles and names usually have (BGN/PCGN for Cyrillic, ELOT 743 for Greek), without marks. What differs by a
 * letter in another spelling (`Tsoy`, `Tsoi`) is left to the ratio.
 */

/** Small letters. Those not here lose their mark first: `ё` is read as `е`, as most people write it. */
const letters: { readonly [letter: string]: string } = {
  // Russian, Bulgarian
  а: "a",
  б: "b",
  в: "v",
  г: "g",
  д: "d",
  е: "e",
  ж: "zh",
  з: "z",
  и: "i",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  у: "u",
  ф: "f",
  х: "kh",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "shch",
  ъ: "",
  ы: "y",
  ь: "",
  э: "e",
  ю: "yu",
  я: "ya",
  // Ukrainian
  ґ: "g",
  є: "ye",
  і: "i",
  // Serbian, Macedonian
  ђ: "d",
  ј: "j",
  љ: "lj",
  њ: "nj",
  ћ: "c",
  џ: "dz",
  ѕ: "dz",
  // Greek
  α: "a",
  β: "v",
  γ: "g",
  δ: "d",
  ε: "e",
  ζ: "z",
  η: "i",
  θ: "th",
  ι: "i",
  κ: "k",
  λ: "l",
  μ: "m",
  ν: "n",
  ξ: "x",
  ο: "o",
  π: "p",
  ρ: "r",
  σ: "s",
  ς: "s",
  τ: "t",
  υ: "y",
  φ: "f",
  χ: "ch",
  ψ: "ps",
  ω: "o",
  ου: "ou",
  αυ: "av",
  ευ: "ev"
}

/**
 * What depends on marks and on the language, of small letters with their marks: `й` and `ї` are letters of their own, and in
 * Ukrainian, which is known by letters that Russian does not have, `и` is y and `г` is h.
 */
export const withSpelling = (text: string): string =>
  (/[іїєґ]/.test(text) ? text.replaceAll("и", "y").replaceAll("г", "h") : text)
    .replaceAll("й", "y").replaceAll("ї", "yi")

/** Small letters without marks in Latin; others stay as they are. */
export const transliterated = (text: string): string =>
  text.replaceAll(/ου|αυ|ευ|[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => letters[letter] ?? letter)
