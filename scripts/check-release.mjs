// Looks at a release that was made with --keep-stage: `node scripts/check-release.mjs [folder] [--update]`. What the tarball holds is
// compared with scripts/release-files.txt, which --update writes for a person to read in the diff.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { beside, manifestOf } from "./shipped.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const release = resolve(root, process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "release")
const list = join(root, "scripts/release-files.txt")
const json = (path) => JSON.parse(readFileSync(path, "utf8"))

const own = manifestOf(".")
const mistakes = []
const must = (holds, what) => {
  if (!holds) mistakes.push(what)
}

/** The same list whatever the hashes in the names are, whichever platform it is, and however many documents there are. */
const pattern = (file) =>
  file
    .replace(/^dist\/chunks\/.*\.js$/, "dist/chunks/*.js")
    .replace(/^dist\/chunks\/.*\.LEGAL\.txt$/, "dist/chunks/*.LEGAL.txt")
    .replace(/^(dist\/dashboard\/\w+)-[\w-]{8}\./, "$1-*.")
    .replace(/surrealdb-node\..+\.node$/, "surrealdb-node.*.node")
    .replace(/^docs\/.*\.(md|png)$/, "docs/**/*.$1")

const tarballs = readdirSync(release).filter((file) => file.endsWith(".tgz"))
must(tarballs.length > 0, `there is no tarball in ${release}`)
for (const tarball of tarballs) {
  const path = join(release, tarball)
  const files = execFileSync("tar", ["tzf", path], { encoding: "utf8" }).trim().split("\n").map((file) =>
    file.replace(/^package\//, "")
  )
  const found = `${[...new Set(files.map(pattern))].toSorted().join("\n")}\n`
  if (process.argv.includes("--update")) writeFileSync(list, found)
  const expected = new Set(readFileSync(list, "utf8").trim().split("\n"))
  for (const file of files) must(expected.has(pattern(file)), `${tarball} has ${file}, which is not in ${list}`)
  for (const file of expected) must(files.some((each) => pattern(each) === file), `${tarball} lacks ${file}`)
  const binaries = files.filter((file) => file.endsWith(".node"))
  must(binaries.length === 1, `${tarball} has ${binaries.length} binaries of the store in place of one`)
  must(statSync(path).size < 16e6, `${tarball} has more than 16 MB`)

  const stage = join(release, "stage", tarball.slice(`${own.name}-${own.version}-`.length, -".tgz".length))
  for (const file of files) {
    const text = readFileSync(join(stage, file), "latin1")
    must(!text.includes(root.replace(/\/$/, "")), `${file} names a folder of the machine that it was made on`)
    if (!file.endsWith(".node")) must(!/registry\.(npmjs|yarnpkg)\./.test(text), `${file} names a registry`)
  }
  const { bundleDependencies, dependencies } = json(join(stage, "package.json"))
  must(Object.keys(dependencies).length <= 10, "more than 10 packages stand outside of the bundle")
  must(Object.keys(dependencies).every((name) => bundleDependencies.includes(name)), "npm would fetch a dependency")
}

const sizes = readdirSync(join(release, "stage/dist"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
  .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
must(sizes.reduce((sum, size) => sum + size, 0) < 12e6, "the bundle has more than 12 MB")

// the bill of materials names what esbuild has put into the bundle, what the page loads, what stands beside, and nothing else
const { outputs } = json(join(release, "stage/metafile.json"))
const bundled = Object.values(outputs).flatMap(({ inputs }) =>
  Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
)
const folders = new Set(bundled.flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []))
const inPage = ["idiomorph", "uplot"]
for (const name of [...inPage, ...beside]) folders.add(`node_modules/${name}`)
const named = new Set([...folders].map(manifestOf).map(({ name, version }) => `${name}@${version}`))
const bill = readdirSync(release).find((file) => file.endsWith(".cdx.json")) ?? ""
const { components } = json(join(release, bill))
const billed = new Set(components.map((component) => component["bom-ref"]))
for (const name of named) must(billed.has(name), `${bill} does not name ${name}, which is shipped`)
for (const name of billed) must(named.has(name), `${bill} names ${name}, which is not shipped`)
must(!/"(serialNumber|timestamp)"/.test(readFileSync(join(release, bill), "utf8")), `${bill} differs at each making`)

const licences = readFileSync(join(release, "stage/dist/THIRD-PARTY-LICENSES"), "utf8")
for (const { name, version } of components) {
  must(licences.includes(`\n${name} ${version} (`), `THIRD-PARTY-LICENSES lacks ${name} ${version}`)
}

const sums = readFileSync(join(release, "SHA256SUMS"), "utf8").trim().split("\n").map((line) => line.split("  "))
for (const file of [...tarballs, bill]) {
  const sum = createHash("sha256").update(readFileSync(join(release, file))).digest("hex")
  must(sums.some(([given, name]) => name === file && given === sum), `SHA256SUMS is wrong about ${file}`)
}

for (const mistake of mistakes) process.stderr.write(`${mistake}\n`)
if (mistakes.length > 0) process.exit(1)
process.stdout.write(
  `${tarballs.join(", ")}: as listed; ${components.length} packages, all billed and with their licences\n`
)
