// Copies installed packages, so that the same packages make the same tree whatever installed them, and whatever else:
//
//   node nix/dependencies.mjs [--link] <project> <folder> [package…]
//
// They are those that package-lock.json lists for production, or of these the named ones with what they need. What neither runs nor is
// bundled stays away (declarations, source maps, links to commands, npm's own notes), and so does what is installed for some systems
// only. A package that is not the one of the lock file ends it. With --link, for a tree that is only read, files are the installed ones.
import { chmodSync, copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"

const link = process.argv.includes("--link")
const [project, folder, ...named] = process.argv.slice(2).filter((argument) => argument !== "--link")
if (folder === undefined) throw new Error("usage: node nix/dependencies.mjs [--link] <project> <folder> [package…]")

const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"))
const production = Object.keys(packages).filter((path) => {
  const { dev = false, devOptional = false, optional = false } = packages[path]
  return path !== "" && !dev && !devOptional && !optional
})

/** Where a package finds another: beside itself, or further up. */
const found = (from, name) => {
  for (let folders = from.split("/node_modules/"); folders.length > 0; folders = folders.slice(0, -1)) {
    const path = `${folders.join("/node_modules/")}/node_modules/${name}`.replace(/^\//, "")
    if (production.includes(path)) return path
  }
  return production.find((path) => path === `node_modules/${name}`)
}

const needed = new Set(named.length === 0 ? production : [])
const need = (path, name) => {
  if (path === undefined) throw new Error(`${name} is not a package of production`)
  if (needed.has(path)) return
  needed.add(path)
  const { dependencies = {}, peerDependencies = {} } = packages[path]
  for (const other of Object.keys({ ...dependencies, ...peerDependencies })) {
    // peers for the sake of types: no code asks for them
    if (other !== "typescript" && other !== "tslib") need(found(path, other), other)
  }
}
for (const name of named) need(found("", name), name)

/** Whether there is now a link: not to another disk. */
const linked = (source, target) => {
  if (!link) return false
  try {
    linkSync(source, target)
    return true
  } catch (error) {
    if (error.code === "EXDEV") return false
    throw error
  }
}

const copy = (from, to) => {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    if (entry.isDirectory() && entry.name !== "node_modules") copy(source, join(to, entry.name))
    if (!entry.isFile() || /\.(d\.[cm]?ts|map)$/.test(entry.name)) continue
    const target = join(to, entry.name)
    // what a package has made executable, or npm for a command, is not here
    const executable = (statSync(source).mode & 0o111) !== 0
    if (executable || !linked(source, target)) copyFileSync(source, target)
    if (executable) chmodSync(target, 0o644)
  }
}

for (const path of [...needed].toSorted()) {
  const from = join(project, path)
  const { version } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"))
  if (version !== packages[path].version) {
    throw new Error(`${path} is ${version}, and package-lock.json says ${packages[path].version}: run npm ci`)
  }
  copy(from, join(folder, path))
}
