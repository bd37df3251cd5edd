/** `glider run` as it is installed, as a process of its own that a browser visits. */
import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { createServer } from "node:net"

/** What tests know of it. */
export interface Daemon {
  readonly address: string
  /** May everything, over the API. */
  readonly token: string
  /** Of a browser that has signed in. */
  readonly cookie: { readonly name: string; readonly value: string }
  /** The stand-in providers, of the demo alone. */
  readonly sandbox: string
}

/** A daemon under way, and how it is ended. */
export interface Started {
  readonly daemon: Daemon
  readonly end: () => Promise<void>
}

/** A port of this machine that nobody uses. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : 0))
    })
  })

/** A link that lets one browser in. */
export const link = async ({ address, token }: Pick<Daemon, "address" | "token">): Promise<string> => {
  const answer = await fetch(`${address}/api/v0/sessions/links`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` }
  })
  const made: unknown = await answer.json()
  if (typeof made !== "object" || made === null || !("url" in made)) throw new Error(`no link: ${JSON.stringify(made)}`)
  return String(made.url)
}

const cookieOf = async (known: Pick<Daemon, "address" | "token">): Promise<Daemon["cookie"]> => {
  const answer = await fetch(await link(known), {
    redirect: "manual",
    headers: { "user-agent": "Chromium of the tests" }
  })
  const [, name = "", value = ""] = /^([^=]+)=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "") ?? []
  if (value === "") throw new Error(`the link let nobody in: ${answer.status} ${await answer.text()}`)
  return { name, value }
}

interface Choices {
  /** The program, as it was built. */
  readonly program: string
  /** Its data folder, which is there when there is something in it. */
  readonly folder: string
  readonly args: ReadonlyArray<string>
  /** What it says when it is ready. */
  readonly ready: RegExp
}

/** Starts one and signs a browser in. */
export const start = async ({ args, folder, program, ready }: Choices): Promise<Started> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const child = spawn(process.execPath, [program, "run", "--data-dir", folder, "--log-level", "warn", ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...clients },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()))
  let said = ""
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (ready.test(said) && existsSync(`${folder}/daemon.json`)) resolve()
    }
    child.stdout.on("data", hear)
    child.stderr.on("data", hear)
    child.on("error", reject)
    child.on("exit", (code) => reject(new Error(`glider ${args.join(" ")} ended with ${code}\n${said}`)))
  })
  const file: { readonly address: string; readonly token: string } = JSON.parse(
    readFileSync(`${folder}/daemon.json`, "utf8")
  )
  return {
    daemon: {
      ...file,
      cookie: await cookieOf(file),
      sandbox: /Stand-in providers at (\S+);/.exec(said)?.[1] ?? ""
    },
    end: () => {
      child.kill("SIGTERM")
      return ended
    }
  }
}

const clients = Object.fromEntries(
  ["GOOGLE", "SPOTIFY", "OURA"].flatMap((provider) => [
    [`${provider}_CLIENT_ID`, "of-the-tests"],
    [`${provider}_CLIENT_SECRET`, "of-the-tests"]
  ])
)

/** Writes a config that asks nobody anything: the providers' addresses are of this machine, and closed. */
export const configure = async (folder: string, tables: string): Promise<string> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const config = `${folder}/config.toml`
  const addresses = ["api_url", "authorize_url", "token_url"].map((key) => `${key} = "http://127.0.0.1:9/${key}"`)
  await writeFile(
    config,
    [
      `[scheduler]\ntimezone = "Europe/Prague"\ngrace_seconds = 2`,
      `[server]\nport = ${await freePort()}`,
      ...["google", "spotify", "oura"].map((provider) => `[provider.${provider}]\n${addresses.join("\n")}`),
      tables
    ].join("\n\n")
  )
  return config
}
