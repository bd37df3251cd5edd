/** The program as it is installed, built once before the tests: it starts in half the time that its sources take. */
import { spawnSync } from "node:child_process"
import { renameSync, rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const folder = "node_modules/.cache/glider"
const root = fileURLToPath(new URL("../..", import.meta.url))

/** The program of every test that starts a process of Glider. */
export const builtGlider = `${root}${folder}/Main.js`

/** Where Node keeps what it compiled of it, for the next process. */
export const compileCache = `${root}node_modules/.cache/compiled`

/** Whether it is there, and newer than what it is made of. */
const isBuilt = (): boolean => {
  const sources = ["src", "scripts", "package.json", "package-lock.json"]
  const { status, stdout } = spawnSync("find", [...sources, "-newer", builtGlider, "-print", "-quit"], {
    cwd: root,
    encoding: "utf8"
  })
  return status === 0 && stdout === ""
}

/** Builds it, where that is needed: vitest's global setup. */
export default (): void => {
  if (isBuilt()) return
  const made = `${folder}-${process.pid}`
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.mjs", made], { cwd: root, encoding: "utf8" })
  if (status !== 0) throw new Error(`the program could not be built\n${stderr}`)
  // as in a release: Node would otherwise read each file twice to learn which kind it is
  writeFileSync(`${root}${made}/package.json`, `{ "type": "module" }`)
  // at once: other tests may be under way in this checkout
  rmSync(`${root}${folder}`, { recursive: true, force: true })
  renameSync(`${root}${made}`, `${root}${folder}`)
}
