import { Schema } from "effect"

/** The longest id that people give a run, in characters. */
const longest = 256

/** The id that somebody gives a run: it stands in addresses, in tables and in a terminal. */
export const RunId = Schema.String.check(
  Schema.isPattern(new RegExp(`^[^\\p{Cc}]{1,${longest}}$`, "u"), {
    expected: `1 to ${longest} characters, none of them a control character`
  })
)
