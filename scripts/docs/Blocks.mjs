// The parts of a document that somebody may type, in their order.

/** Why a block is not executed; each is said of a block as ```sh no-run reason="…" in the document's source. */
export const reasons = {
  ci: "a step of .ci/run executes it by itself",
  typing: "it waits for what a person types",
  account: "it needs an account at a true provider",
  root: "it changes this machine as root",
  systemd: "it needs a running systemd",
  nix: "it needs Nix",
  containers: "it needs a container engine",
  registry: "it reaches a registry",
  elsewhere: "it is typed on another machine",
  time: "it takes longer than a test may",
  release: "it needs a release beside the repository"
}

const option = (info, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(info)?.[1]

/** What HTML comments such as <!-- docs:test empty --> say of a document: how its world is before the first command. */
export const traitsOf = (text) =>
  [...text.matchAll(/^<!-- docs:test ([\w ]+) -->$/gm)].flatMap(([, words]) => words.split(" "))

/** Every fenced block with its language, what stands behind that, its text and the line where its text begins. */
export const fencesOf = (text) => {
  const fences = []
  let open
  for (const [index, line] of text.split("\n").entries()) {
    const [, indent, info] = /^( *)```(.*)$/.exec(line) ?? []
    if (open === undefined) {
      if (indent === undefined) continue
      const [language = "", ...rest] = info.trim().split(" ")
      open = { language, info: rest.join(" "), line: index + 2, indent: indent.length, lines: [] }
    } else if (indent !== undefined && indent.length === open.indent && info.trim() === "") {
      const { lines, ...fence } = open
      fences.push({ ...fence, text: lines.join("\n") })
      open = undefined
    } else open.lines.push(line.slice(open.indent))
  }
  if (open !== undefined) throw new Error(`the block that begins at line ${open.line - 1} has no end`)
  return fences
}

/** What is executed: blocks of shell, each with what it should print, and tables that are added to config.toml. */
export const stepsOf = (text) => {
  const steps = []
  for (const { info, language, line, text: body } of fencesOf(text)) {
    const flags = info.replaceAll(/\b\w+="[^"]*"/g, "").split(" ").filter((flag) => flag !== "")
    const step = { line, text: body }
    if (language === "sh" && flags.includes("no-run")) {
      const reason = option(info, "reason")
      if (!Object.hasOwn(reasons, reason ?? "")) {
        throw new Error(`line ${line - 1}: no-run needs a reason, one of ${Object.keys(reasons).join(", ")}`)
      }
      steps.push({ ...step, kind: "left", reason })
    } else if (language === "sh" && flags.length > 0) throw new Error(`line ${line - 1}: what is ${flags.join(" ")}?`)
    else if (language === "sh") steps.push({ ...step, kind: "run", output: undefined })
    else if (language === "toml" && flags.includes("config")) steps.push({ ...step, kind: "config" })
    else if (language === "text" && flags.includes("output")) {
      const before = steps.at(-1)
      if (before?.kind !== "run") throw new Error(`line ${line - 1}: no command stands before this output`)
      before.output = body
    }
  }
  return steps
}

/** Whether each line stands in what was printed, in that order; … is anything within a line. */
export const missingFrom = (printed, expected) => {
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
