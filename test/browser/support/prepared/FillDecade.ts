/** Writes a store of ten years, as syncs would: `node FillDecade.ts <data folder>`. */
import { Array as Arr, DateTime, Effect } from "effect"
import { write } from "./Store.ts"

const dayLength = 86_400_000

/** Numbers that look like chance, and are the same at every time. */
const drawn = (day: number, salt: number, below: number): number =>
  Math.abs(Math.imul(day * 31 + salt, 2_654_435_761) >>> 8) % below

const iso = (millis: number): string => new Date(millis).toISOString()

const events = (start: number, day: number) =>
  Arr.makeBy(1 + drawn(day, 1, 4), (index) => {
    const from = start + (8 + index * 3 + drawn(day, index, 2)) * 3_600_000
    return {
      id: `event-${day}-${index}`,
      status: "confirmed",
      summary: `Event ${drawn(day, index, 40)}`,
      start: { dateTime: iso(from) },
      end: { dateTime: iso(from + 3_600_000) }
    }
  })

const plays = (start: number, day: number) =>
  Arr.makeBy(drawn(day, 2, 16), (index) => {
    const track = drawn(day, index, 900)
    const artist = track % 120
    return {
      played_at: iso(start + 7 * 3_600_000 + index * 200_000 + drawn(day, 3, 10) * 3_600_000),
      track: {
        id: `t${track}`,
        uri: `spotify:track:t${track}`,
        type: "track",
        name: `Track ${track}`,
        artists: [{ id: `a${artist}`, name: `Artist ${artist}` }],
        album: { id: `l${track % 300}`, name: `Album ${track % 300}` },
        duration_ms: 150_000 + track * 100
      },
      context: null
    }
  })

const heartRates = (start: number, day: number) =>
  Arr.makeBy(6, (index) => ({
    timestamp: iso(start + index * 4 * 3_600_000),
    bpm: 52 + drawn(day, index, 70),
    source: "awake"
  }))

const documents = (start: number, day: number) => {
  const id = String(day)
  const date = iso(start).slice(0, 10)
  const night = start - 3_600_000
  return {
    daily_sleep: { id, day: date, score: 60 + drawn(day, 5, 40) },
    daily_readiness: { id, day: date, score: 60 + drawn(day, 6, 40) },
    daily_activity: { id, day: date, score: 60 + drawn(day, 7, 40), steps: 2000 + drawn(day, 8, 14_000) },
    sleep: {
      id,
      day: date,
      type: "long_sleep",
      bedtime_start: iso(night).replace("Z", "+00:00"),
      bedtime_end: iso(night + 8 * 3_600_000).replace("Z", "+00:00"),
      total_sleep_duration: 25_000
    }
  }
}

/** A quarter of a year at a time. */
const part = 91

/** The year that is looked at day by day, and the last quarter, are whole; of the others one day a week, which is enough of ten years to look at. */
const isRecorded = (day: number, start: number): boolean =>
  iso(start).startsWith("2020") || day >= 39 * part || day % 7 === 0

write(Effect.gen(function*() {
  const end = Math.floor(DateTime.toEpochMillis(yield* DateTime.now) / dayLength) * dayLength
  return Arr.makeBy(40, (quarter) => {
    const days = Arr.makeBy(
      part,
      (index) => ({ day: quarter * part + index, start: end - (3640 - quarter * part - index) * dayLength })
    ).filter(({ day, start }) => isRecorded(day, start))
    const all = days.map(({ day, start }) => documents(start, day))
    return {
      events: days.flatMap(({ day, start }) => events(start, day)),
      plays: days.flatMap(({ day, start }) => plays(start, day)),
      heartRates: days.flatMap(({ day, start }) => heartRates(start, day)),
      daily_sleep: all.map(({ daily_sleep }) => daily_sleep),
      daily_readiness: all.map(({ daily_readiness }) => daily_readiness),
      daily_activity: all.map(({ daily_activity }) => daily_activity),
      sleep: all.map(({ sleep }) => sleep)
    }
  })
}))
