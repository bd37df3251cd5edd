import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { glider } from "../../src/cli/Glider.ts"
import { code, documents, filesIn, textOf } from "./Repository.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const there = (path: string): boolean => existsSync(join(root, path))

const texts = documents.map((path) => ({ path, text: textOf(path) }))

/** What is meant to be typed: code in a line, and the lines of blocks. */
const typed = (text: string): ReadonlyArray<string> => {
  const blocks = [...text.matchAll(/^ *```.*\n([\s\S]*?)^ *```$/gm)].map(([, block = ""]) => block)
  const rest = text.replaceAll(/^ *```.*\n[\s\S]*?^ *```$/gm, "")
  return [...code(rest), ...blocks.flatMap((block) => block.split("\n"))].map((line) => line.replace(/ # .*$/, ""))
}

/** A heading's anchor, as forges make it. */
const anchor = (heading: string): string =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")

const anchorsOf = (path: string): ReadonlyArray<string> =>
  [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading))

interface Command {
  readonly name: string
  readonly subcommands: ReadonlyArray<{ readonly commands: ReadonlyArray<Command> }>
}
const childrenOf = ({ subcommands }: Command): ReadonlyArray<Command> => subcommands.flatMap(({ commands }) => commands)

/** The first word of an invocation that is no command where it stands; none when all are. */
const stranger = (line: string): string | undefined => {
  let command: Command = glider
  for (const word of line.split(/\s+/).slice(1)) {
    if (!/^[a-z_]+$/.test(word)) return undefined // a flag, or something to be filled in
    const children = childrenOf(command)
    const next = children.find(({ name }) => name === word)
    if (next === undefined) return children.length === 0 ? undefined : word
    command = next
  }
  return undefined
}

describe("the documents", () => {
  it("link to files and headings that exist", () => {
    let links = 0
    for (const { path, text } of texts) {
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) {
          assert.match(target, /^https:\/\//, `${path} leaves for ${target}`)
          continue
        }
        links++
        const [file = "", heading] = target.split("#")
        const found = file === "" ? path : join(dirname(path), file)
        assert.isTrue(there(found), `${path} links to ${target}`)
        if (heading !== undefined) assert.include(anchorsOf(found), heading, `${path} links to ${target}`)
      }
    }
    assert.isAbove(links, 4)
  })

  it("name files of the repository that exist", () => {
    let named = 0
    for (const { path, text } of texts) {
      for (const word of typed(text).flatMap((line) => line.split(/[\s,:()]+/))) {
        if (!/^[\w.-]+\/[\w./-]+\.(ts|mjs|md|json)$/.test(word) && !/^[A-Z]\w+\.ts$/.test(word)) continue
        if (/^(dist|node_modules|\.)/.test(word)) continue
        named++
        assert.isTrue(
          there(word) || there(join("src", word)) || filesIn("src", `/${word}`).length > 0 || isAlone(word),
          `${path} names ${word}`
        )
      }
    }
    assert.isAbove(named, 50)
  })

  it("name npm scripts that exist", () => {
    const { scripts }: { readonly scripts: { readonly [name: string]: string } } = JSON.parse(textOf("package.json"))
    const named = texts.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run (?:--\w+ )*([a-z]+(?::[a-z]+)*)/g)].map(([, name = ""]) => ({ path, name }))
    )
    for (const { name, path } of named) assert.property(scripts, name, `${path} names npm run ${name}`)
    assert.isAbove(named.length, 5)
  })

  it("name commands of glider that exist", () => {
    const named = texts.flatMap(({ path, text }) =>
      typed(text).flatMap((line) => /^(?:\w+=\S+ )*(glider( .*)?)$/.exec(line.trim())?.[1] ?? []).map((line) => ({
        path,
        line
      }))
    )
    for (const { line, path } of named) assert.isUndefined(stranger(line), `${path} names ${line}`)
    assert.isAbove(named.length, 15)
  })

  it("name flags of glider that exist", () => {
    const sources = [...filesIn("src/cli", ".ts").map(textOf), `"help" "version" "completions" "log-level"`].join("\n")
    const flags = texts.flatMap(({ path, text }) =>
      typed(text)
        .filter((line) => /^(glider\b|--)/.test(line.trim()))
        .flatMap((line) => [...line.matchAll(/(?<=\s|^)--([a-z-]+)/g)].map(([, flag = ""]) => ({ path, flag })))
    )
    for (const { flag, path } of flags) assert.include(sources, `"${flag}"`, `${path} names --${flag}`)
    assert.isAbove(flags.length, 5)
  })
})

/** A module named without its folder. */
const isAlone = (word: string): boolean =>
  !word.includes("/") && filesIn("src", ".ts").some((path) => path.endsWith(`/${word}`))
