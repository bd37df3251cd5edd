/** Nix, asked for what Glider's flake comes to, with a stand-in for nixpkgs: nothing is built, and nothing fetched. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url))

/** The command, where there is one: `.ci/nix` names it. */
const command = process.env["NIX"]

/** Whether these tests have to be left out. */
export const absent = command === undefined

/** This machine, as Nix calls it. */
export const system = process.arch === "arm64" ? "aarch64-linux" : "x86_64-linux"

/** How a command ended, and what it said. */
interface Ended {
  readonly ok: boolean
  readonly out: string
  readonly said: string
}

/** What was said by a command that should not have ended well. */
export const refusal = ({ ok, said }: Ended): string => {
  if (ok) throw new Error("it was not refused")
  return said
}

/** Runs a program to its end. */
export const run = (program: string, args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}, cwd = root): Ended => {
  const { error, status, stderr, stdout } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env }
  })
  if (error !== undefined) throw error
  return { ok: status === 0, out: stdout, said: stderr }
}

/** A copy of what the flake reads, which may be spoilt, and a store beside it. */
export class Checkout {
  readonly #folder = mkdtempSync(join(tmpdir(), "glider-nix-"))
  readonly path = join(this.#folder, "glider")
  readonly #store = join(this.#folder, "store")

  /** The whole of it, or without what only a build reads: then quickly copied, which is enough to evaluate. */
  constructor(whole = false) {
    for (
      const name of ["CHANGELOG.md", "LICENSE", "config.toml", "flake.lock", "flake.nix", "nix", "package-lock.json"]
    ) {
      cpSync(join(root, name), join(this.path, name), { recursive: true })
    }
    for (const name of ["package.json", "tsconfig.json"]) cpSync(join(root, name), join(this.path, name))
    for (const name of ["scripts", "src"]) {
      if (whole) cpSync(join(root, name), join(this.path, name), { recursive: true })
      else mkdirSync(join(this.path, name))
    }
  }

  /** The packages of the repository, for what looks at them. */
  installed(): void {
    symlinkSync(join(root, "node_modules"), join(this.path, "node_modules"))
  }

  /** Changes a file; what is to be replaced has to be there. */
  edit(name: string, from: string, to: string): void {
    const text = readFileSync(join(this.path, name), "utf8")
    if (!text.includes(from)) throw new Error(`${name} does not hold ${from}`)
    writeFileSync(join(this.path, name), text.replace(from, to))
  }

  /** What the lock file says of a package. */
  locked(name: string): { readonly version: string; readonly integrity: string } {
    return JSON.parse(readFileSync(join(this.path, "package-lock.json"), "utf8")).packages[`node_modules/${name}`]
  }

  /** What a command of Nix says of the flake. */
  nix(words: ReadonlyArray<string>, attribute = "", options: ReadonlyArray<string> = []): Ended {
    if (command === undefined) throw new Error("there is no nix")
    return run(command, [
      "--store",
      this.#store,
      "--offline",
      "--extra-experimental-features",
      "nix-command flakes",
      ...words,
      `path:${this.path}${attribute === "" ? "" : `#${attribute}`}`,
      "--no-write-lock-file",
      "--override-input",
      "nixpkgs",
      `path:${root}/test/nix/nixpkgs`,
      ...options
    ], { HOME: this.#folder })
  }

  /** The value of an attribute, or of a function of it. */
  value(attribute: string, apply = "value: value"): unknown {
    const ended = this.nix(["eval", "--json"], attribute, ["--apply", apply])
    if (!ended.ok) throw new Error(ended.said)
    return JSON.parse(ended.out)
  }

  /** The example of a system with more said of Glider: that it can be built, or why it cannot. */
  example(settings: string): Ended {
    return this.nix(["eval", "--raw"], "nixosConfigurations.example", ["--apply", `example: ${toplevel(settings)}`])
  }

  /** What stands in the store under that path of it. */
  stored(path: string): string {
    return join(this.#store, path)
  }

  remove(): void {
    run("chmod", ["-R", "u+w", this.#folder]) // Nix makes what is in its store read-only
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Of the system `example`, with more said of Glider. */
export const extended = (settings: string): string =>
  `(example.extendModules { modules = [ { services.glider = ${settings}; } ]; }).config`

const toplevel = (settings: string): string => `${extended(settings)}.system.build.toplevel.drvPath`
