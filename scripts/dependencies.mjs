// The packages that a release brings along, with their licences: `npm run dependencies` writes them to
// dependencies.json for a person to read in the diff; with --check it only compares, and refuses unknown licences.
import { readFile, writeFile } from "node:fs/promises"

const root = new URL("..", import.meta.url)
const file = new URL("dependencies.json", root)
const json = async (url) => JSON.parse(await readFile(url, "utf8"))

// "BSD" is how url-template 2 writes its BSD-3-Clause
const allowed = new Set([
  "BSD",
  "MIT",
  "MIT-0",
  "Apache-2.0",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense"
])

const { packages } = await json(new URL("package-lock.json", root))
const found = {}
for (const [path, entry] of Object.entries(packages)) {
  if (path === "" || entry.dev === true || entry.devOptional === true || entry.optional === true) continue
  const { license, name, version } = await json(new URL(`${path}/package.json`, root))
  found[`${name}@${version}`] = license ?? "none"
}
const text = `${
  JSON.stringify(Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => a < b ? -1 : 1)), null, 2)
}\n`

const refused = Object.entries(found).filter(([, licence]) =>
  !allowed.has(licence.replace(/^\((.*)\)$/, "$1").split(" OR ")[0])
)
if (refused.length > 0) {
  process.stderr.write(`licences that nobody has allowed: ${refused.map((pair) => pair.join(" ")).join(", ")}\n`)
  process.exit(1)
}
if (process.argv.includes("--check")) {
  if (await readFile(file, "utf8") !== text) {
    process.stderr.write(
      "the packages differ from dependencies.json: look at what is new, then run npm run dependencies\n"
    )
    process.exit(1)
  }
  process.stdout.write(`${Object.keys(found).length} packages, all with allowed licences and as reviewed\n`)
} else {
  await writeFile(file, text)
}
