/** Songs that wait for a person: each asked for, and found, under other texts that would do harm. */
import { DateTime, Effect } from "effect"
import { RunJournal } from "../../../../src/engine/JournalSurreal.ts"
import { changeOf, runRow } from "../../../support/RunRows.ts"
import { hostileStrings } from "../HostileStrings.ts"

const hour = 3_600_000

export const waiting = Effect.gen(function*() {
  const journal = yield* RunJournal
  const at = DateTime.toEpochMillis(yield* DateTime.now) - hour
  const textAt = (index: number) => hostileStrings[index % hostileStrings.length]?.slice(0, 150) || "nothing"
  yield* journal.commit(Array.from({ length: Math.ceil(hostileStrings.length / 4) }, (_, song) => {
    const [name, artist, album, track_name] = [0, 1, 2, 3].map((text) => textAt(4 * song + text))
    const candidate = {
      uri: "spotify:track:4uLU6hMCjMI75M1A2tKUQC",
      name,
      artists: [artist],
      album,
      isPlayable: true
    }
    const score = {
      candidate,
      confidence: 0.5,
      isSameIsrc: false,
      title: 0.6,
      artist: 0.4,
      lowered: [{ reason: "other_recording", factor: 0.8 }]
    }
    const row = runRow(`song-${song}`, DateTime.formatIso(DateTime.makeUnsafe(at + song)), {
      workflow: "music_sync",
      state: "waiting",
      finishedAt: undefined,
      due: at + 100 * hour,
      progress: { step: "matching", done: 2 }
    })
    return changeOf(row, [
      {
        _tag: "Started",
        at,
        payload: {
          key: `song-${song}`,
          track_name,
          artist: textAt(4 * song + 5),
          album,
          playlist_id: "37i9dQZF1DXcBWIGoYBM5M"
        }
      },
      {
        _tag: "Activity",
        at: at + 500,
        name: "match",
        attempt: 1,
        startedAt: at + 100,
        exit: {
          ok: { _tag: "Review", strategy: "fuzzy_only", candidate, confidence: 0.5, scores: [score] }
        },
        ordinal: 0,
        sequential: true
      },
      {
        _tag: "Timer",
        at: at + 600,
        name: "DurableClock/review within",
        due: at + 100 * hour,
        ordinal: 1,
        sequential: true
      }
    ])
  }))
})
