/** The fenced blocks of the documents. */
import { textOf } from "./Repository.ts"

export interface Block {
  readonly path: string
  /** Of the fence that opens it. */
  readonly line: number
  readonly language: string
  /** What the fence says beside the language, as `no-run provider`. */
  readonly info: string
  readonly text: string
}

/** Why a block of commands is not typed by `npm run docs:test`. */
export const reasons: { readonly [name: string]: string } = {
  agents: "it needs agents that are switched on",
  browser: "it opens a browser",
  ci: "CI begins with it",
  damage: "it needs a damaged store",
  docker: "it needs a Docker engine",
  elsewhere: "it is for another machine",
  long: "it goes on for minutes, or until it is stopped",
  nix: "it needs Nix and the network",
  provider: "it needs an account at a provider",
  release: "it needs a release",
  root: "it changes the machine"
}

export const blocksOf = (path: string): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  let open:
    | { readonly line: number; readonly indent: string; readonly language: string; readonly info: string }
    | undefined
  let lines: Array<string> = []
  for (const [index, text] of textOf(path).split("\n").entries()) {
    const [, indent = "", language = "", info = ""] = /^( *)```(\w*) ?(.*)$/.exec(text) ?? []
    const isFence = /^ *```/.test(text)
    if (open === undefined) {
      if (isFence) open = { line: index + 1, indent, language, info }
      continue
    }
    if (!isFence) {
      lines.push(text.slice(open.indent.length))
      continue
    }
    blocks.push({ path, line: open.line, language: open.language, info: open.info, text: lines.join("\n") })
    open = undefined
    lines = []
  }
  return blocks
}
