import type { Part, ReportText } from "./Sections.ts"

/** What comes from records stays on its line and in its cell, and is no markup. */
const inLine = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>|#]/g, "\\$&").trim()

const row = (cells: ReadonlyArray<string>): string => `| ${cells.map(inLine).join(" | ")} |`

const lines = (part: Part): ReadonlyArray<string> =>
  part._tag === "Table"
    ? [row(part.columns), `|${"---|".repeat(part.columns.length)}`, ...part.rows.map(row)]
    : part.items.map((item) => `- ${inLine(item)}`)

/** A report as a page of Markdown. */
export const markdown = ({ notes, parts, title }: ReportText): string =>
  [
    `# ${inLine(title)}`,
    "",
    ...notes.flatMap((note) => [inLine(note), ""]),
    ...parts.flatMap((part) => [`## ${part.title}`, "", ...lines(part), ""])
  ].join("\n")
