/**
 * The text of what may be HTML, as the descriptions of Google's events are: with its lines, and without its tags. It stays
 * text, which whoever shows it escapes as any other.
 */

/** A tag by its name; `<https://…>` and `<ada@example.com>`, which mails write so, are none. */
const tag = /<(\/?)([a-z][a-z0-9-]*)((?:[\s/][^<>]*)?)>|<!--[^<>]*-->/gi

/** What begins a line of its own, and ends it. */
const blocks = new Set(
  "p div ul ol li h1 h2 h3 h4 h5 h6 tr table blockquote pre section article header footer hr".split(" ")
)

/** The entities that people and their programs write, each with its character behind it. */
const named = new Map(
  [
    "amp& lt< gt> quot\" apos' copy© reg® trade™ hellip… ndash– mdash— lsquo‘ rsquo’ sbquo‚ ldquo“ rdquo” bdquo„ laquo« raquo»",
    "bull• middot· deg° times× euro€ pound£ sect§ rarr→ larr← aumlä oumlö uumlü AumlÄ OumlÖ UumlÜ szligß",
    "eacuteé egraveè ecircê agraveà aacuteá ccedilç ntildeñ oacuteó"
  ].join(" ").split(" ").map((pair) => [pair.slice(0, -1), pair.slice(-1)] as const)
).set("nbsp", " ").set("shy", "").set("zwnj", "")

/** What no text has: ends of what there is, halves of characters, and controls other than tab and line feed. */
const isCharacter = (code: number): boolean =>
  code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff) && (code >= 0xa0 || code === 9 || code === 10 ||
    (code >= 0x20 && code < 0x7f))

/** Once, so that `&amp;lt;` is `&lt;`; names that are not known stay as they are. */
const decoded = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-f]{1,8})|#(\d{1,8})|([a-z]{2,8}));/gi, (whole, hex, decimal, name) => {
    if (typeof name === "string") return named.get(name) ?? whole
    const code = typeof hex === "string" ? Number.parseInt(hex, 16) : Number(decimal)
    return isCharacter(code) ? String.fromCodePoint(code) : "\u{fffd}"
  })

/** The address of a link that leads somewhere, without the detour over Google. */
const addressOf = (attributes: string): string | undefined => {
  const [, double, single, bare] = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/i.exec(attributes) ?? []
  const address = decoded(double ?? single ?? bare ?? "").trim()
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(address)) return undefined
  const detour = /^https?:\/\/www\.google\.com\/url\?/i.test(address) && URL.canParse(address)
  const target = detour ? new URL(address).searchParams.get("q") ?? "" : ""
  return /^https?:\/\//i.test(target) ? target : address
}

/** What two ways of writing one address have in common. */
const bareAddress = (address: string): string =>
  address.trim().replace(/^(?:https?:\/\/|mailto:|tel:)/i, "").replace(/\/$/, "")

/** A link's text, and its address where that is another thing. */
const linkText = (text: string, address: string): string =>
  text.trim() === "" ? address : bareAddress(text) === bareAddress(address) ? text : `${text} (${address})`

/** Lines of text, of which none ends in spaces and no two are empty one after the other. */
export const htmlText = (html: string): string => {
  let text = ""
  let link: { readonly address: string; readonly from: number } | undefined
  const closeLink = () => {
    if (link !== undefined) text = text.slice(0, link.from) + linkText(text.slice(link.from), link.address)
    link = undefined
  }
  const newLine = () => {
    if (text !== "" && !text.endsWith("\n")) text += "\n"
  }
  let read = 0
  for (const { 0: whole, 1: slash, 2: name = "", 3: attributes = "", index } of html.matchAll(tag)) {
    text += decoded(html.slice(read, index))
    read = index + whole.length
    const element = name.toLowerCase()
    const opens = slash === ""
    if (element === "br") text += "\n"
    else if (element === "a") {
      closeLink()
      const address = opens ? addressOf(attributes) : undefined
      if (address !== undefined) link = { address, from: text.length }
    } else if (blocks.has(element)) {
      newLine()
      if (opens && element === "li") text += "• "
    } else if (opens && (element === "td" || element === "th")) text += " "
  }
  text += decoded(html.slice(read))
  closeLink()
  return text.split(/\r\n?|\n/).map((line) => line.trimEnd()).join("\n").replaceAll(/\n{3,}/g, "\n\n").trim()
}
