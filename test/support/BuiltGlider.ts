/** The program as it is installed, built once before the tests: it starts in half the time that its sources take. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const folder = "node_modules/.cache/glider"
const root = fileURLToPath(new URL("../..", import.meta.url))

/** The program of every test that starts a process of Glider. */
export const builtGlider = `${root}${folder}/Main.js`

/** Where Node keeps what it compiled of it, for the next process. */
export const compileCache = `${root}node_modules/.cache/compiled`

/** Builds it: vitest's global setup. */
export default (): void => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.mjs", folder], { cwd: root, encoding: "utf8" })
  if (status !== 0) throw new Error(`the program could not be built\n${stderr}`)
}
