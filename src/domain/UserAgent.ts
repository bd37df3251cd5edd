/** What a browser calls itself, for the list in which a person looks for theirs. */

/** The first that is found names it: later ones claim to be earlier ones. */
const browsers: ReadonlyArray<readonly [mark: RegExp, name: string]> = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"]
]

const systems: ReadonlyArray<readonly [mark: RegExp, name: string]> = [
  [/\bAndroid\b/, "Android"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"]
]

const named = (list: typeof browsers, header: string): string | undefined =>
  list.find(([mark]) => mark.test(header))?.[1]

/** `Firefox on Linux`; of programs that are no known browser, the beginning of what they say. */
export const userAgentText = (header: string | undefined): string => {
  const said = (header ?? "").replaceAll(/[^\x20-\x7e]/g, "").trim()
  const browser = named(browsers, said)
  const system = named(systems, said)
  if (browser === undefined) return said === "" ? "an unknown browser" : said.slice(0, 60)
  return system === undefined ? browser : `${browser} on ${system}`
}
