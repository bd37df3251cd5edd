import type { Part, ReportText } from "./Sections.ts"

const characters: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\"": "&quot;",
  "'": "&#39;"
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => characters[character] ?? "")

const cells = (row: ReadonlyArray<string>, head: boolean): string =>
  row.map((cell, index) =>
    head
      ? `<th scope="col">${escaped(cell)}</th>`
      : index === 0
      ? `<th scope="row">${escaped(cell)}</th>`
      : `<td>${escaped(cell)}</td>`
  ).join("")

const content = (part: Part): string =>
  part._tag === "Table"
    ? `<table>\n<thead><tr>${cells(part.columns, true)}</tr></thead>\n<tbody>\n` +
      part.rows.map((row) => `<tr>${cells(row, false)}</tr>\n`).join("") + "</tbody>\n</table>"
    : `<ul>\n${part.items.map((item) => `<li>${escaped(item)}</li>\n`).join("")}</ul>`

/** A report as a document of HTML that needs nothing else: to be kept, or to be mailed. */
export const html = ({ notes, parts, title }: ReportText): string =>
  [
    "<!DOCTYPE html>",
    "<html lang=\"en\">",
    `<head><meta charset="utf-8"><title>${escaped(title)}</title></head>`,
    "<body>",
    `<h1>${escaped(title)}</h1>`,
    ...notes.map((note) => `<p>${escaped(note)}</p>`),
    ...parts.flatMap((part) => [`<h2>${escaped(part.title)}</h2>`, content(part)]),
    "</body>",
    "</html>",
    ""
  ].join("\n")
