/** The schedules of the prepared daemon: one for each note that a person may have pasted. None of them is ever due. */
import { hostileStrings } from "../HostileStrings.ts"

/** A note has at most so many characters. */
const longest = 500

/** What may be a note: the API takes no empty ones. */
export const notes: ReadonlyArray<{ readonly id: string; readonly note: string }> = hostileStrings
  .map((text) => text.slice(0, longest).trim())
  .filter((note) => note !== "")
  .map((note, index) => ({ id: `note-${String(index).padStart(3, "0")}`, note }))

/** Their tables in the config. */
export const schedules = notes.map(({ id }) =>
  `[schedule.${id}]\nworkflow = "diagnostics"\ninput = { key = "${id}" }\ncron = "0 0 29 2 *"`
).join("\n\n")
