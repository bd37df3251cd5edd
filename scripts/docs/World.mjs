// Where the commands of a document run: a home of their own, with accounts at the stand-in providers.
import { execFile, spawn } from "node:child_process"
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { streamed, zipped } from "../../test/support/Histories.ts"

export const root = fileURLToPath(new URL("../..", import.meta.url))
const main = join(root, "dist/Main.js")
const run = promisify(execFile)

const playlistOf = async ({ url }) => {
  const { playlists } = await (await fetch(new URL("/sandbox/state", url))).json()
  return playlists[0]
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** Ends a process and waits until it is gone; one that does not end within the time that it has for that is killed. */
const end = (child, signal = "SIGTERM") =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000)
    child.once("exit", (code) => {
      clearTimeout(late)
      resolve(code)
    })
    child.kill(signal)
  })

/** The stand-in providers, for all documents. */
export const sandbox = async () => {
  const child = spawn(process.execPath, [main, "sandbox", "--port", "0", "--output", "json"], {
    stdio: ["ignore", "pipe", "ignore"]
  })
  let printed = ""
  for await (const part of child.stdout) {
    printed += part
    if (printed.trimEnd().endsWith("}")) break
  }
  const { environment, provider, url } = JSON.parse(printed)
  return { environment: environment.map((line) => line.split(/=(.*)/s)), provider, url, stop: () => end(child) }
}

/** What a command finds where a browser would be: it goes where the browser would, and is sent back. */
const opener = `#!/bin/sh
case "$1" in http*) curl --silent --location --output /dev/null "$1" ;; esac
`

/** What a config says of the stand-ins, of a port that is free, and where nothing else is said of what is synced. */
const configOf = async ({ provider }) => {
  const [port, ...callbacks] = await Promise.all(Array.from({ length: 4 }, freePort))
  const providers = Object.entries(provider).map(([name, addresses], index) =>
    [
      `[provider.${name}]`,
      ...Object.entries(addresses).map(([key, address]) => `${key} = ${JSON.stringify(address)}`),
      `redirect_uri = "http://127.0.0.1:${callbacks[index]}/callback"`
    ].join("\n")
  )
  const tables = [`[server]\nport = ${port}`, "[music]\nenabled = true", ...providers]
  return { port, tables }
}

/** What Spotify sends to a person who asks for their history. */
const history = zipped([[
  "Spotify Extended Streaming History/Streaming_History_Audio_2024_0.json",
  JSON.stringify([streamed("0", "2024-05-01T10:03:20Z", 200_000), streamed("1", "2024-05-01T10:07:00Z", 180_000)])
]])

/** Nothing runs by itself, since nobody would wait for it. */
const tasks = ["google_calendar", "spotify", "oura"].map((task) =>
  `[sync.${task}]\ninterval_seconds = 3600\nstart_at = 2100-01-01T00:00:00Z`
)

/** Adds what is missing in the config that a document tells to write: the stand-ins, in the place of the true providers. */
export const withStandIns = async ({ file, tables }) => {
  const text = await readFile(file, "utf8").catch(() => undefined)
  if (text === undefined) return
  const missing = tables.filter((table) => !text.includes(table.slice(0, table.indexOf("\n"))))
  if (missing.length > 0) await writeFile(file, `${[text.trimEnd(), ...missing].join("\n\n")}\n`)
}

/** The worlds of all documents: each begins as a copy of one that is signed in everywhere and has synced once. */
export const worlds = async (providers) => {
  const all = await mkdtemp(join(tmpdir(), "glider-docs-"))
  const bin = join(all, "bin")
  await mkdir(bin)
  await writeFile(join(bin, "glider"), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 })
  await writeFile(join(bin, "xdg-open"), opener, { mode: 0o755 })

  const make = async (name, { before, config = tasks } = {}) => {
    const home = join(all, name)
    const work = join(home, "glider")
    const file = join(home, ".config/glider/config.toml")
    await mkdir(join(home, ".config/glider"), { recursive: true })
    await mkdir(work)
    for (const entry of await readdir(root)) {
      if (!/^(config\.toml|\.git)$/.test(entry)) await symlink(join(root, entry), join(work, entry))
    }
    await writeFile(join(work, "my_spotify_data.zip"), history)
    await writeFile(file, config.join("\n\n"))
    if (before !== undefined) await cp(join(before.home, ".local"), join(home, ".local"), { recursive: true })
    const environment = {
      PATH: `${bin}:${join(root, "node_modules/.bin")}:${process.env.PATH}`,
      HOME: home,
      XDG_CACHE_HOME: join(all, "cache"),
      LANG: "C.UTF-8",
      ...Object.fromEntries(providers.environment),
      ...before === undefined ? {} : { TOKEN: before.token }
    }
    const world = { home, work, file, environment, ...await configOf(providers) }
    await withStandIns(world)
    return world
  }

  // by a daemon, which is quicker than opening the store for each command
  const template = await make("template")
  const daemon = await begin(template, ["run"])
  const glider = (...args) => run(process.execPath, [main, ...args], { cwd: template.work, env: template.environment })
  for (const provider of ["google", "spotify", "oura"]) await glider("auth", provider)
  for (const task of ["google_calendar", "spotify", "oura"]) await glider("sync", task)
  await glider("workflow", "start", "diagnostics", "--input", `{"key":"template","fail":true}`)
  const scopes = ["data:read", "workflow.run:write", "system:read"].flatMap((scope) => ["--scope", scope])
  const { stdout } = await glider("token", "create", "--name", "docs", ...scopes, "--output", "json")
  template.token = JSON.parse(stdout).secret
  await daemon.stop()

  return {
    playlist: await playlistOf(providers),
    make: (name, traits) => make(name, traits.includes("empty") ? { config: [] } : { before: template }),
    remove: () => rm(all, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** The program that stays up, as a document starts it. */
export const begin = async (world, args) => {
  const log = join(world.home, "run.log")
  const child = spawn(process.execPath, [main, ...args], {
    cwd: world.work,
    env: world.environment,
    stdio: ["ignore", "pipe", "pipe"]
  })
  let printed = ""
  const ready = new Promise((resolve, reject) => {
    const hear = (part) => {
      printed += part
      if (/^Open http/m.test(printed)) resolve()
    }
    child.stdout.on("data", hear)
    child.stderr.on("data", hear)
    child.once("exit", (code) => reject(new Error(`glider ${args.join(" ")} ended with ${code}:\n${printed}`)))
  })
  await ready
  return {
    printed: () => printed,
    stop: async () => {
      child.removeAllListeners("exit")
      const code = await end(child)
      await writeFile(log, printed)
      if (code !== 0) throw new Error(`glider ${args.join(" ")} ended with ${code}:\n${printed}`)
    }
  }
}
