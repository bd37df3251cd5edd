/** What the documents tell to type is typed, block by block, in the home of a person whose Glider is the demo. */
import { spawn, spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { builtGlider, compileCache } from "../support/BuiltGlider.ts"
import { blocksOf, reasons } from "./Blocks.ts"
import { documents } from "./Repository.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const home = mkdtempSync(join(tmpdir(), "glider-docs-"))
const data = join(home, ".local/share/glider")
const bin = join(home, "bin")

const environment: Record<string, string> = {
  HOME: home,
  PATH: `${bin}:${process.env["PATH"] ?? ""}`,
  NODE_COMPILE_CACHE: compileCache,
  TMPDIR: home,
  PS1: "$ "
}

/** What stands in the documents for what each person has of their own. */
const own = new Map<string, string>()

const typed = (text: string): string => [...own].reduce((all, [written, mine]) => all.replaceAll(written, mine), text)

/** curl ends well whatever the server says, unless it is told otherwise. */
const strict = "curl() { command curl --silent --show-error --fail-with-body \"$@\"; }\n"

const type = (script: string) =>
  spawnSync("bash", ["-euo", "pipefail", "-c", `${strict}${script}`], {
    cwd: root,
    env: environment,
    encoding: "utf8",
    timeout: 90_000
  })

const said = (script: string): string => {
  const { status, stderr, stdout } = type(script)
  assert.strictEqual(status, 0, `${script}\n${stdout}${stderr}`)
  return stdout.trim()
}

const runs = documents.flatMap((path) => blocksOf(path).filter(({ language }) => language === "sh"))

let end = () => Promise.resolve()

beforeAll(async () => {
  for (const folder of [bin, data]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(bin, "glider"), `#!/bin/sh\nexec "${process.execPath}" "${builtGlider}" "$@"\n`)
  chmodSync(join(bin, "glider"), 0o755)
  symlinkSync(process.execPath, join(bin, "node"))
  const demo = spawn(join(bin, "glider"), ["run", "--demo", "--data-dir", data], { env: environment })
  const ended = new Promise<void>((resolve) => demo.once("exit", () => resolve()))
  end = () => {
    demo.kill("SIGTERM")
    return ended
  }
  await new Promise<void>((resolve, reject) => {
    let text = ""
    const hear = (part: Buffer) => {
      text += part.toString()
      if (/^Glider is up/m.test(text)) resolve()
    }
    demo.stdout.on("data", hear)
    demo.stderr.on("data", hear)
    demo.once("exit", () => reject(new Error(text)))
  })
  const { address } = JSON.parse(readFileSync(join(data, "daemon.json"), "utf8"))
  const config = readFileSync(join(data, "demo.toml"), "utf8")
  const [, api = ""] = /^\[provider\.spotify\][\s\S]*?^api_url = "([^"]+)"/m.exec(config) ?? []
  const playlists = await fetch(new URL("/sandbox/state", api)).then((answer) => answer.json())
  environment["GLIDER"] = address
  environment["TOKEN"] = said("glider token create --name docs --scope data:read --scope workflow.run:write")
  said("glider workflow start diagnostics --input '{\"key\": \"docs\", \"fail\": true}' --id docs")
  own.set("http://127.0.0.1:4747", address)
  own.set("37i9dQZF1DX4WYpdgoIcn6", playlists.playlists[0])
  own.set("<run>", "docs")
  own.set("<letter>", "run:docs")
})

afterAll(async () => {
  await end()
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

describe.each([...new Set(runs.map(({ path }) => path))])("%s", (path) => {
  for (const { info, line, text } of runs.filter((block) => block.path === path)) {
    const [kept, reason = ""] = info.split(" ")
    const isTyped = kept !== "no-run"
    it.skipIf(!isTyped)(`line ${line} ${isTyped ? "can be typed" : `is not typed: ${reasons[reason]}`}`, () => {
      const { signal, status, stderr, stdout } = type(typed(text))
      assert.strictEqual(status, 0, `${path}:${line}\n${text}\n${signal ?? ""}${stdout}${stderr}`)
    })
  }
})

it("is told why a block is not typed, wherever one is not", () => {
  const nameless = runs.filter(({ info }) =>
    info !== "" && !/^no-run \w+$/.test(info) || info.startsWith("no-run") && reasons[info.slice(7)] === undefined
  )
  assert.deepStrictEqual(nameless.map(({ line, path }) => `${path}:${line}`), [])
})
