// Executes the commands of one document, in their order, in a world of their own.
import { spawn, spawnSync } from "node:child_process"
import { appendFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { stepsOf, traitsOf } from "../../test/docs/Blocks.ts"
import { begin, withStandIns } from "./World.mjs"

/** What stands before each command: variables and the folder are those at the end of the one before. */
const prelude = `set -ea -o pipefail
[ ! -f "$GLIDER_DOCS_STATE" ] || . "$GLIDER_DOCS_STATE"
trap '{ export -p; printf "cd %q\\n" "$PWD"; } > "$GLIDER_DOCS_STATE"' EXIT
curl() { command curl --silent --show-error --fail-with-body "$@"; }
exits() { local want=$1 code=0; shift; "$@" || code=$?; [ "$code" = "$want" ] || { echo "exit code $code, not $want" >&2; return 1; }; }
`

/** The commands of a block: a line, or as many as it takes until the shell sees an end. */
const commandsOf = (text) => {
  const commands = []
  let open = ""
  for (const line of text.split("\n")) {
    if (open === "" && /^\s*(#.*)?$/.test(line)) continue
    open = open === "" ? line : `${open}\n${line}`
    const { status, stderr } = spawnSync("bash", ["-n", "-c", open.replaceAll(/<\w+>/g, "_")], { encoding: "utf8" })
    if (status !== 0 || stderr !== "" || open.endsWith("\\")) continue
    commands.push(open)
    open = ""
  }
  if (open !== "") throw new Error(`the shell sees no end of this command: ${open}`)
  return commands
}

/** What a `glider run` would answer. */
const asking = /^(?:curl|glider (?!version|config|-))/m

const staysUp = /^glider (run(?: --demo)?)(?: +#.*)?$/

const shell = (world, text) =>
  new Promise((resolve) => {
    const child = spawn("bash", ["-c", `${prelude}eval "$1"`, "bash", text], {
      cwd: world.work,
      env: { ...world.environment, GLIDER_DOCS_STATE: join(world.home, "state.sh") },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let printed = ""
    child.stdout.on("data", (part) => printed += part)
    child.stderr.on("data", (part) => printed += part)
    const late = setTimeout(() => child.kill("SIGKILL"), 60_000)
    child.once("close", (code) => {
      clearTimeout(late)
      resolve({ code, printed })
    })
  })

const asked = async (world, command, pick) => {
  const { code, printed } = await shell(world, `${command} --output json 2>/dev/null`)
  if (code !== 0) throw new Error(`${command}: ${printed}`)
  try {
    return pick(JSON.parse(printed))
  } catch (cause) {
    throw new Error(`${command} shows nothing to go on with:\n${printed}`, { cause })
  }
}

/** Whether each line stands in what was printed, in that order; … is anything within a line. */
const missingFrom = (printed, expected) => {
  const lines = printed.split("\n")
  let from = 0
  for (const line of expected.split("\n").filter((line) => line.trim() !== "" && line.trim() !== "…")) {
    const pattern = line.trim().split("…").map((part) =>
      part.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/\s+/g, "\\s+")
    )
    const form = new RegExp(pattern.join(".*"))
    const at = lines.findIndex((printedLine, index) => index >= from && form.test(printedLine))
    if (at === -1) return line
    from = at + 1
  }
  return undefined
}

/** What a reader puts in the place of <…>, as the commands around it would show it. */
const filled = {
  run: (world) => asked(world, "glider runs list", ({ runs }) => runs[0].id),
  letter: (world) => asked(world, "glider dlq list", ({ letters }) => letters[0].id),
  file: async ({ home }) => {
    const folder = join(home, ".local/share/glider/backups")
    return join(folder, (await readdir(folder)).filter((name) => name.endsWith(".gz")).toSorted().at(-1))
  },
  token: (world) => asked(world, "glider token list", (tokens) => tokens.at(-1).id),
  port: ({ port }) => String(port)
}

/** The text as a person in that world would type it. */
const typed = async (world, text) => {
  let result = text
  for (const [, name] of text.matchAll(/<(\w+)>/g)) {
    const fill = filled[name]
    if (fill !== undefined) result = result.replaceAll(`<${name}>`, await fill(world))
  }
  return result
    .replaceAll(/\b(\w+)=…/g, (whole, name) => name in world.environment ? `${name}=${world.environment[name]}` : whole)
    .replaceAll(":4747", `:${world.port}`)
    .replaceAll("37i9dQZF1DX4WYpdgoIcn6", world.playlist)
    .replaceAll(/^(.*?) +# exits (\d+)$/gm, "exits $2 $1")
}

/** Executes it all; gives what was done and what was left, or throws what failed first. */
export const execute = async (path, text, all) => {
  const steps = stepsOf(text)
  const traits = traitsOf(text)
  const left = steps.filter(({ kind }) => kind === "left")
  const told = { path, commands: 0, left, seconds: 0, outputs: 0 }
  if (!steps.some(({ kind }) => kind === "run")) return told
  const began = performance.now()
  const world = { ...await all.make(path.replaceAll(/\W+/g, "-"), traits), playlist: all.playlist }
  let daemon
  const stop = async () => {
    await daemon?.stop()
    daemon = undefined
  }
  const start = async (args) => {
    await stop()
    daemon = await begin(world, args.split(" "))
  }
  try {
    // a daemon answers sooner than a store is opened, where there is more to ask it
    const asks = steps.flatMap(({ kind, text }) => kind === "run" ? text.split("\n") : []).filter((line) =>
      asking.test(line)
    )
    const startsOne = asks.some((line) => staysUp.test(line))
    const isShared = traits.length === 0 && !startsOne &&
      (asks.length > 1 || asks.some((line) => line.startsWith("curl")))
    for (const { kind, line, output, text: body } of steps) {
      const failed = (message) => new Error(`${path}:${line}: ${message}`)
      if (kind === "left") continue
      if (kind === "config") {
        await appendFile(world.file, `\n${body}\n`)
        continue
      }
      let printed = ""
      for (const command of commandsOf(body)) {
        told.commands++
        await withStandIns(world)
        // what stays up is started beside the other commands, and ended with the document
        const [, args] = staysUp.exec(command) ?? []
        if (args !== undefined) {
          await start(args).catch(({ message }) => Promise.reject(failed(message)))
          printed += daemon.printed()
          continue
        }
        if (isShared && daemon === undefined && asking.test(command)) await start("run")
        const result = await shell(world, await typed(world, command))
        printed += result.printed
        if (result.code !== 0) throw failed(`${command}\n${result.printed}exit code ${result.code}`)
      }
      if (output !== undefined) {
        told.outputs++
        const missing = missingFrom(printed, output)
        if (missing !== undefined) {
          throw failed(`this line of the output is not printed: ${missing}\n${printed}`)
        }
      }
    }
    await stop()
  } finally {
    await stop().catch(() => undefined)
  }
  told.seconds = (performance.now() - began) / 1000
  return told
}
