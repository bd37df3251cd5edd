import { assert, describe, it } from "@effect/vitest"
import { Completions } from "effect/cli"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { script } from "../../src/cli/Completions.ts"
import { glider } from "../../src/cli/Glider.ts"
import { builtGlider, compileCache } from "../support/BuiltGlider.ts"

/** What was typed, and what a shell must offer for its last word. */
const typed: ReadonlyArray<readonly [line: string, offered: ReadonlyArray<string>]> = [
  ["glider sch", ["schedule"]],
  ["glider schedule tr", ["trigger"]],
  ["glider dlq list --kind ", ["delivery", "job", "record", "run"]],
  ["glider runs show 1 --outp", ["--output"]],
  ["glider status --output ", ["json", "table"]],
  ["glider sync oura --mo", ["--mode"]]
]

const isThere = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0

/** Runs a program of the shell that loads the script from `$1`. */
const inShell = (shell: "bash" | "zsh" | "fish", flags: ReadonlyArray<string>, program: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "glider-completions-"))
  try {
    writeFileSync(join(folder, "script"), script(glider, shell))
    writeFileSync(join(folder, "program"), program)
    const { status, stderr, stdout } = spawnSync(shell, [...flags, join(folder, "program"), join(folder, "script")], {
      encoding: "utf8",
      timeout: 30_000,
      env: { PATH: process.env["PATH"], HOME: folder, TERM: "dumb", LC_ALL: "C.UTF-8" }
    })
    assert.strictEqual(status, 0, stderr)
    assert.strictEqual(stderr, "")
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** One line for each that was typed: the words offered, sorted. */
const expected = typed.map(([, offered]) => offered.join(" ")).join("\n")
const sorted = (output: string): string =>
  output.trimEnd().split("\n").map((line) => line.split(" ").toSorted().join(" ")).join("\n")

describe("completions", () => {
  it("know the flags that every command takes, at every command", () => {
    const text = script(glider, "bash")
    const commands = (command: Completions.CommandDescriptor): number =>
      1 + command.subcommands.reduce((sum, inner) => sum + commands(inner), 0)
    assert.strictEqual(
      [...text.matchAll(/^ {6}--server-url\) _used_/gm)].length,
      commands(Completions.fromCommand(glider))
    )
  })

  it("reach what reads them from a pipe whole, though they are longer than a pipe holds", () => {
    // a shell's pipe: that of a child process of Node holds more
    const { stdout } = spawnSync(
      "sh",
      ["-c", "\"$0\" \"$1\" --completions bash | cat", process.execPath, builtGlider],
      {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: "/nowhere", NODE_COMPILE_CACHE: compileCache }
      }
    )
    assert.isAbove(stdout.length, 65_536)
    assert.strictEqual(stdout, `${script(glider, "bash")}\n`)
  })

  it("complete commands, flags and values in bash", () => {
    const lines = typed.map(([line]) => {
      const words = line.split(" ").map((word) => `'${word}'`).join(" ")
      return `try ${words}`
    })
    const program = `source "$1"
try() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMPREPLY=()
  COMP_POINT=\${#COMP_LINE}
  _glider glider "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
  echo "\${COMPREPLY[*]}"
}
${lines.join("\n")}
`
    assert.strictEqual(sorted(inShell("bash", ["--norc"], program)), expected)
  })

  it.skipIf(!isThere("fish"))("complete commands, flags and values in fish", () => {
    const lines = typed.map(([line]) => `complete -C '${line}' | string replace -r '\\t.*' '' | string join ' '`)
    const program = `source $argv[1]\n${lines.join("\n")}\nexit 0\n`
    assert.strictEqual(sorted(inShell("fish", ["--no-config"], program)), expected)
  })

  it.skipIf(!isThere("zsh"))("complete what has one meaning in zsh, as it is typed", () => {
    const alone = typed.filter(([, offered]) => offered.length === 1)
    // a shell on a terminal, whose line is printed once Tab has done its work
    const program = `zmodload zsh/zpty
zpty glider zsh -f -i
zpty -w glider "PS1= PS2= RPS1= PROMPT_EOL_MARK=; stty -echo; autoload -U compinit; compinit -u -D; source $1"
zpty -w glider 'shown() { print -r -- "<$BUFFER>"; BUFFER=; }; zle -N shown; bindkey "^X" shown; print re""ady'
zpty -r glider line '*ready*'
for typed in ${alone.map(([line]) => `'${line}'`).join(" ")}; do
  zpty -n -w glider "$typed"$'\\t\\x18'
  zpty -r glider line '*<*>*'
  print -r -- "\${\${line##*<}%%>*}"
done
zpty -d glider
`
    const lines = inShell("zsh", ["-f"], program).trimEnd().split("\n")
    assert.deepStrictEqual(
      lines.map((line) => line.trimEnd()),
      alone.map(([line, [offered = ""]]) => [...line.split(" ").slice(0, -1), offered].join(" "))
    )
  })
})
