/** The fenced blocks of the documents, and which of them `npm run docs:test` executes. */

/** Why a block of commands is not executed: what stands behind `sh no-run` in its fence. */
export const reasons: { readonly [name: string]: string } = {
  agents: "it needs agents that are switched on",
  browser: "it opens a browser",
  calendar: "it needs a calendar of somebody's",
  ci: "a step of .ci/run begins with it",
  damage: "it needs a damaged store",
  docker: "it needs a Docker engine",
  earlier: "it needs the store of an earlier Glider",
  elsewhere: "it is for another machine",
  long: "it goes on for minutes",
  network: "it needs a server of ntfy, or one that takes mail",
  nix: "it needs Nix and the network",
  provider: "it needs an account at a provider",
  release: "it needs a release",
  root: "it changes the machine",
  typing: "it waits for what a person types",
  webhook: "it needs a program that webhooks tell"
}

export interface Block {
  /** Of its first line of text. */
  readonly line: number
  readonly language: string
  /** What the fence says besides, as `no-run provider`. */
  readonly info: string
  readonly text: string
}

/** All blocks of a document, in their order. */
export const blocksOf = (text: string): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  let open: (Omit<Block, "text"> & { readonly indent: number; readonly lines: Array<string> }) | undefined
  for (const [index, line] of text.split("\n").entries()) {
    const [, indent, language = "", info = ""] = /^( *)```(\S*) ?(.*)$/.exec(line) ?? []
    if (indent === undefined) open?.lines.push(line.slice(open.indent))
    else if (open === undefined) {
      open = { line: index + 2, language, info: info.trim(), indent: indent.length, lines: [] }
    } else {
      const { indent: _, lines, ...rest } = open
      blocks.push({ ...rest, text: lines.join("\n") })
      open = undefined
    }
  }
  if (open !== undefined) throw new Error(`the block at line ${open.line - 1} has no end`)
  return blocks
}

/** What becomes of a block of a document when its commands are tried. */
export type Step =
  | { readonly kind: "run"; readonly line: number; readonly text: string; readonly output: string | undefined }
  | { readonly kind: "left"; readonly line: number; readonly text: string; readonly reason: string }
  | { readonly kind: "config"; readonly line: number; readonly text: string }

/**
 * Blocks of `sh` are run, but for those with `no-run` and a reason; `text output` is what the block before it prints, and
 * `toml config` is added to the config file of the document's world.
 */
export const stepsOf = (text: string): ReadonlyArray<Step> => {
  const steps: Array<Step> = []
  for (const { info, language, line, text: body } of blocksOf(text)) {
    const [word = "", reason = "", ...more] = info.split(" ")
    const step = { line, text: body }
    if (language === "toml" && info === "config") steps.push({ ...step, kind: "config" })
    else if (language === "text" && info === "output") {
      const before = steps.pop()
      if (before?.kind !== "run") throw new Error(`line ${line - 1}: no command stands before this output`)
      steps.push({ ...before, output: body })
    } else if (language !== "sh") continue
    else if (info === "") steps.push({ ...step, kind: "run", output: undefined })
    else if (word === "no-run" && Object.hasOwn(reasons, reason) && more.length === 0) {
      steps.push({ ...step, kind: "left", reason })
    } else throw new Error(`line ${line - 1}: ${info} is not no-run with one of ${Object.keys(reasons).join(", ")}`)
  }
  return steps
}

/** What comments such as `<!-- docs:test empty -->` say of the world of a document. */
export const traitsOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^<!-- docs:test ([\w ]+) -->$/gm)].flatMap(([, words = ""]) => words.split(" "))
