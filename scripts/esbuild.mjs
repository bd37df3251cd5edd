// Runs esbuild's command, and gives what it tells of the bundle: its inputs, and what became of them. The command is that of
// the package, or the one that ESBUILD_BINARY_PATH names: so the build needs no development dependency where there is another.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** @param {string} root @param {string} folder @param {ReadonlyArray<string>} options */
export const esbuild = async (root, folder, options) => {
  const command = process.env.ESBUILD_BINARY_PATH || join(root, "node_modules/.bin/esbuild")
  const told = await mkdtemp(join(tmpdir(), "glider-build-"))
  const metafile = join(told, "metafile.json")
  try {
    const child = spawn(command, [...options, `--outdir=${folder}`, `--metafile=${metafile}`, "--log-level=warning"], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"]
    })
    const [status] = await once(child, "exit")
    if (status !== 0) throw new Error(`esbuild ended with ${status}`)
    return JSON.parse(await readFile(metafile, "utf8"))
  } finally {
    await rm(told, { recursive: true, force: true })
  }
}
