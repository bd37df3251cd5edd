/** Runs that have failed with texts of the providers, their letters, and records that could not be read. */
import { DateTime, Effect } from "effect"
import { RunJournal } from "../../../../src/engine/JournalSurreal.ts"
import { Write } from "../../../../src/store/Write.ts"
import { changeOf, runRow } from "../../../support/RunRows.ts"
import { hostileStrings } from "../HostileStrings.ts"
import { accounts } from "./Accounts.ts"

/** A run for each text, which is its error, its input, what an activity said, an attribute. */
export const failed = Effect.gen(function*() {
  const journal = yield* RunJournal
  const start = DateTime.toEpochMillis(yield* DateTime.now) - 86_400_000
  yield* journal.commit(hostileStrings.map((text, index) => {
    const at = start + index * 60_000
    const error = {
      tag: `Failed${index % 9}`,
      message: text,
      fix: hostileStrings[(index + 5) % hostileStrings.length] ?? null
    }
    const row = runRow(`hostile-${index}`, DateTime.formatIso(DateTime.makeUnsafe(at)), {
      workflow: "diagnostics",
      state: "failed",
      error,
      attributes: { text: text.slice(0, 100), [`name${index % 5}`]: index }
    })
    return changeOf(row, [
      { _tag: "Started", at, payload: { key: text, [text.slice(0, 40)]: text } },
      {
        _tag: "Activity",
        at: at + 500,
        name: text.slice(0, 100),
        attempt: 1,
        startedAt: at + 100,
        exit: { no: [{ fail: { _tag: "Refused", message: text } }] },
        ordinal: 0,
        sequential: true
      },
      { _tag: "Deferred", at: at + 600, name: text.slice(0, 100), exit: { ok: text } },
      { _tag: "Ended", at: at + 1000, exit: { no: [{ fail: { _tag: "Failed", message: text } }] } }
    ], { error, chain: [text, `caused by ${text}`] })
  }))
})

/** As a sync of Spotify leaves them. */
export const unreadable = Write.Quarantine({
  stream: "spotify_listening_history",
  connection: accounts.spotify,
  records: hostileStrings.map((text, index) => ({ raw: { index, text, [text.slice(0, 40)]: 1 }, problem: text }))
})

/** Stretches that nobody has records of, and why. */
export const gaps = hostileStrings.slice(0, 40).map((text, index) =>
  Write.Gap({
    stream: "spotify_listening_history",
    connection: accounts.spotify,
    from: DateTime.makeUnsafe(`2026-11-05T${String(index % 24).padStart(2, "0")}:00:00Z`),
    to: DateTime.makeUnsafe(`2026-11-05T${String(index % 24).padStart(2, "0")}:20:00Z`),
    reason: text
  })
)
