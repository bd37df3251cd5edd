// What a release brings along that others have written: packages whose code is in the bundle, and those that stand beside it.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/** The addon, which stays outside of the bundle, and what its loader loads. */
export const beside = ["@surrealdb/node", "surrealdb", "@surrealdb/sqon", "@surrealdb/cbor", "uuidv7"]

// peers for the sake of types: no code asks for them
const forTypes = new Set(["typescript", "tslib"])

/** What stands in a package's package.json. */
export const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))

/** The folders of the packages that files lie in, from the root; files of the repository lie in none. */
const foldersOf = (files) =>
  files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll("\\", "/")) ?? [])

const described = (folder, part) => {
  const { author, license, name, version } = manifestOf(folder)
  return { name, version, licence: license, part, folder, author: typeof author === "object" ? author.name : author }
}

/** All packages of a release, by name and version, given the files that the bundle is made of. */
export const shippedPackages = (files) => {
  for (const name of beside) {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(`node_modules/${name}`)
    const more = Object.keys({ ...dependencies, ...peerDependencies })
      .filter((needed) => !beside.includes(needed) && !forTypes.has(needed))
    if (more.length > 0) throw new Error(`${name} loads ${more.join(", ")}, too: list it in scripts/shipped.mjs`)
  }
  const bundled = [...new Set(foldersOf(files))].map((folder) => described(folder, "bundle"))
  const others = beside.map((name) => described(`node_modules/${name}`, "beside"))
  const seen = new Set()
  return [...others, ...bundled]
    .filter(({ name, version }) => !seen.has(`${name}@${version}`) && seen.add(`${name}@${version}`))
    .toSorted((a, b) => `${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1)
}

const apache = readFileSync(join(root, "node_modules/uuidv7/LICENSE"), "utf8")

/** The licence's text as it stands in the package; some name their licence only. */
const textOf = ({ author, folder, licence, name }) => {
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).toSorted()
  if (files.length > 0) return files.map((file) => readFileSync(join(root, folder, file), "utf8")).join("\n")
  if (licence === "Apache-2.0") return apache
  if (licence === "MIT") return mit(author ?? `the authors of ${name}`)
  throw new Error(`${name} has no text of its licence ${licence}: add it to scripts/shipped.mjs`)
}

const mit = (holder) => {
  const [, permission] = readFileSync(join(root, "LICENSE"), "utf8").split(/^Copyright.*$/m)
  return `MIT License\n\nCopyright (c) ${holder}\n${permission}`
}

/** Each text once, below the packages that it holds for. */
export const licenceTexts = (packages) => {
  const byText = Map.groupBy(packages, (each) => textOf(each).replaceAll("\r\n", "\n").trim())
  const parts = [...byText].map(([text, those]) =>
    `${those.map(({ licence, name, version }) => `${name} ${version} (${licence})`).join("\n")}\n\n${text}\n`
  )
  return [
    "Glider contains the packages below, each under its own licence.\n",
    ...parts
  ].join(`\n${"-".repeat(80)}\n\n`)
}
