/** What goes on at the providers while a process is killed again and again; all of it follows from the seed. */
import { DateTime, Duration, Effect } from "effect"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"

/** A number from 0 to below `below` that depends on nothing but the seed and the question. */
export const draw = (seed: number, question: number, below: number): number => {
  let x = Math.imul(seed, 2654435761) ^ Math.imul(question + 1, 2246822519)
  x = Math.imul(x ^ (x >>> 15), 2246822519)
  x = Math.imul(x ^ (x >>> 13), 3266489917)
  return ((x ^ (x >>> 16)) >>> 0) % below
}

/** Events made so far that can still be moved or cancelled. */
export interface Happenings {
  readonly seed: number
  readonly events: Array<{ readonly calendarId: string; readonly eventId: string }>
  count: number
}

export const newHappenings = (seed: number): Happenings => ({ seed, events: [], count: 0 })

const providers = ["google", "spotify", "oura"] as const

/** Lets a while pass, and something happen in it: events come, move and go, plays and samples surface late, tokens expire. */
export const happen = Effect.fnUntraced(function*(happenings: Happenings) {
  const { calendar, clock, listening, ring, tokens } = yield* Sandbox
  const turn = happenings.count++
  const pick = (question: number, below: number) => draw(happenings.seed, turn * 100 + question, below)
  yield* clock.advance(Duration.minutes(20 + pick(0, 90)))
  const now = yield* clock.now
  const slot = (hours: number) => ({
    start: { dateTime: DateTime.formatIso(DateTime.add(now, { hours })) },
    end: { dateTime: DateTime.formatIso(DateTime.add(now, { hours: hours + 1 })) }
  })
  const calendarId = calendar.calendarIds[pick(1, calendar.calendarIds.length)] ?? ""
  const eventId = yield* calendar.addEvent({ calendarId, summary: `Event ${turn}`, ...slot(2 + pick(2, 40)) })
  happenings.events.push({ calendarId, eventId })
  const old = happenings.events[pick(3, happenings.events.length)]
  if (old !== undefined && pick(4, 2) === 0) yield* calendar.moveEvent({ ...old, ...slot(3 + pick(5, 60)) })
  if (old !== undefined && pick(4, 2) === 1 && happenings.events.length > 1) {
    yield* calendar.cancelEvent(old)
    happenings.events.splice(happenings.events.indexOf(old), 1)
  }
  yield* ring.addRow("heartrate", {
    timestamp: DateTime.formatIso(DateTime.subtract(now, { minutes: pick(6, 2000), seconds: turn % 60 })),
    bpm: 45 + pick(7, 90),
    source: "awake"
  })
  if (pick(8, 3) === 0) {
    yield* listening.addPlay({
      playedAt: DateTime.formatIso(DateTime.subtract(now, { minutes: pick(9, 200), seconds: turn % 60 })),
      trackUri: listening.trackUris[pick(10, listening.trackUris.length)] ?? ""
    })
  }
  if (pick(11, 5) === 0) yield* calendar.invalidateSyncTokens()
  if (pick(12, 4) === 0) yield* tokens.expireAccessTokens(providers[pick(13, 3)] ?? "oura")
}, Effect.orDie)
