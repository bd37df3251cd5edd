// What the pages of the reference are written with.

/** The first line of each page, for whoever would edit it. */
export const made = (from) => `<!-- Made of the code (${from}) by npm run reference: edit that, not this. -->`

export const code = (text) => `\`${text}\``

/** Text with each part that is not code, and each that is, put through its function. */
const parts = (text, plain) => text.split(/(`[^`]*`)/).map((part, at) => at % 2 === 0 ? plain(part) : part).join("")

/** What stands in a cell of a table: `<` begins no tag there. */
export const cell = (text) =>
  parts(text.replaceAll(/\s*\n\s*/g, " "), (plain) => plain.replaceAll(/<(?=\w)/g, "\\<")).replaceAll("|", "\\|")

export const table = (head, rows) =>
  [
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`)
  ].join("\n")

export const page = (parts) => `${parts.filter((part) => part !== "").join("\n\n")}\n`
