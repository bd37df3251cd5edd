// Makes a release: `npm run pack [-- [folder] [--all | --platform=linux-x64-gnu]]`, into release/ else, for this machine else.
// The tarball needs no registry: the program is bundled, and the store's addon is in it for one platform alone. Its package.json
// is made here, since that of the repository lists what the bundle is made of.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { sbomOf } from "./sbom.mjs"
import { beside, manifestOf } from "./shipped.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"))
const named = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "release"
const release = resolve(root, named)

const addon = join(root, "node_modules/@surrealdb/node/dist")
const binary = /^surrealdb-node\.(.+)\.node$/
const platforms = readdirSync(addon).flatMap((file) => binary.exec(file)?.[1] ?? []).toSorted()

/** This machine, by the name that the addon's files have for it. */
const here = () => {
  const { arch, platform } = process
  if (platform === "darwin") return `darwin-${arch}`
  if (platform === "win32") return `win32-${arch}-msvc`
  return `${platform}-${arch}-${process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "gnu"}`
}

const asked = flags.includes("--all")
  ? platforms
  : [flags.find((flag) => flag.startsWith("--platform="))?.slice("--platform=".length) ?? here()]
const unknown = asked.find((platform) => !platforms.includes(platform))
if (unknown !== undefined) {
  process.stderr.write(`there is no store for ${unknown}; there is one for ${platforms.join(", ")}\n`)
  process.exit(2)
}

const node = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] })

const { bin, description, engines, license, man, name, type, version } = manifestOf(".")

/** npm refuses the tarball where it cannot run. */
const fits = (platform) => {
  const [os, cpu, abi] = platform.split("-")
  return { os: [os], cpu: [cpu], ...os === "linux" ? { libc: [abi === "musl" ? "musl" : "glibc"] } : {} }
}

/** The same bytes, whatever the umask of the checkout was. */
const withPlainModes = (folder) => {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) withPlainModes(path)
    else chmodSync(path, path.endsWith("dist/Main.js") ? 0o755 : 0o644)
  }
}

/** One of the packages that stand beside the bundle: its ES modules, without the peers, which npm would fetch. */
const putBeside = (stage, module, platform) => {
  const from = join(root, "node_modules", module)
  const to = join(stage, "node_modules", module)
  const { devDependencies: _, peerDependencies: __, scripts: ___, ...manifest } = manifestOf(`node_modules/${module}`)
  cpSync(from, to, {
    recursive: true,
    filter: (path) =>
      !/\.(map|cjs|d\.ts|d\.cts|md)$/.test(path) && (!path.endsWith(".node") || path.includes(`.${platform}.`))
  })
  writeFileSync(join(to, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`)
}

const pack = (dist, platform) => {
  const stage = join(release, "stage", platform)
  mkdirSync(stage, { recursive: true })
  cpSync(dist, join(stage, "dist"), { recursive: true })
  for (const path of ["README.md", "LICENSE", "CHANGELOG.md", "config.toml", "docs", "packaging/systemd"]) {
    cpSync(join(root, path), join(stage, path), { recursive: true })
  }
  for (const module of beside) putBeside(stage, module, platform)
  const dependencies = Object.fromEntries(
    beside.map((module) => [module, manifestOf(`node_modules/${module}`).version])
  )
  const manifest = {
    name,
    version,
    description,
    license,
    type,
    bin,
    man,
    files: ["dist", "docs", "packaging/systemd", "config.toml", "CHANGELOG.md"],
    engines,
    ...fits(platform),
    dependencies,
    bundleDependencies: beside
  }
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`)
  withPlainModes(stage)
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", release], {
    cwd: stage,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32"
  })
  const file = `${name}-${version}-${platform}.tgz`
  renameSync(join(release, `${name}-${version}.tgz`), join(release, file))
  return file
}

rmSync(release, { recursive: true, force: true })
mkdirSync(release, { recursive: true })
// always anew, so that nothing stale is shipped
const dist = join(release, "stage/dist")
node("scripts/build.mjs", dist, "--metafile")
node("scripts/manual.mjs", dist)
renameSync(join(dist, "metafile.json"), join(release, "stage/metafile.json"))

const packages = JSON.parse(readFileSync(join(dist, "packages.json"), "utf8"))
const reviewed = JSON.parse(readFileSync(join(root, "dependencies.json"), "utf8"))
const stranger = packages.find(({ licence, name, version }) => reviewed[`${name}@${version}`] !== licence)
if (stranger !== undefined) {
  process.stderr.write(`${stranger.name} ${stranger.version} is shipped and stands not in dependencies.json\n`)
  process.exit(1)
}
const files = asked.map((platform) => pack(dist, platform))
const bill = `${name}-${version}.cdx.json`
writeFileSync(join(release, bill), sbomOf(packages))
const sums = [...files, bill].toSorted().map((file) =>
  `${createHash("sha256").update(readFileSync(join(release, file))).digest("hex")}  ${file}`
)
writeFileSync(join(release, "SHA256SUMS"), `${sums.join("\n")}\n`)
if (!flags.includes("--keep-stage")) rmSync(join(release, "stage"), { recursive: true })
process.stdout.write(`${named}: ${[...files, bill, "SHA256SUMS"].join(", ")}\n`)
