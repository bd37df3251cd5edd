/**
 * What a day is like for the ring: when the person slept, moved and charged it, and when the phone fetched its data.
 * Everything Oura serves follows from these facts, so that heart rate, sleep and scores tell the same story.
 */
import { atLocal, dayAt, dayLength, hour, minute, weekday } from "./Instants.ts"
import { firstDay, home, type World, zoneOfDay } from "./World.ts"

/** A stretch of time. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Workout extends Span {
  readonly activity: string
  readonly intensity: "easy" | "moderate" | "hard"
  readonly kilometres: number | undefined
}

/** The facts of one local day; sleep belongs to the day of waking. */
export interface RingDay {
  readonly day: number
  readonly zone: string
  /** The night; none when the ring lay in its charger. */
  readonly night: Span | undefined
  readonly naps: ReadonlyArray<Span & { readonly type: "late_nap" | "rest" | "deleted" }>
  readonly workouts: ReadonlyArray<Workout>
  readonly session: (Span & { readonly type: "breathing" | "meditation" | "relaxation" }) | undefined
  readonly charging: Span | undefined
  /** The moments the phone fetched the ring's data; none on a day the app was never opened. */
  readonly fetches: ReadonlyArray<number>
  /** How well the person is that day, about -1 to 1. */
  readonly form: number
  /** Hours after the morning's scores until they are computed anew; none for most days. */
  readonly recomputedAfterHours: number | undefined
  /** The new scores come as new documents with new ids. */
  readonly replaced: boolean
}

export interface RingDays {
  readonly of: (day: number) => RingDay
  /** The first moment at or after this one at which the phone fetched data. */
  readonly fetchedFrom: (instant: number) => number
  /** The last moment at or before this one at which the phone fetched data. */
  readonly lastFetch: (instant: number) => number
}

const span = (from: number, minutes: number): Span => ({ from, to: from + Math.round(minutes) * minute })

export const makeRingDays = (world: World): RingDays => {
  const make = (day: number): RingDay => {
    const zone = zoneOfDay(day)
    const from = world.draw("ring day", day)
    const weekend = weekday(day) === 0 || weekday(day) === 6
    const form = Math.sin(day / 9) * 0.4 + from.around(0, 0.4)
    const bed = atLocal(zone, day, Math.round(from.around(weekend ? -20 : -70, 45)) + from.int(0, 59) / 60)
    const inBed = Math.round(from.around(weekend ? 520 : 465, 50)) * minute + from.int(0, 1) * 30_000
    const worn = !from.chance(0.03)
    const wake = bed + inBed
    const naps: Array<RingDay["naps"][number]> = []
    if (from.chance(0.08)) {
      naps.push({ ...span(atLocal(zone, day, from.int(13 * 60, 16 * 60)), from.int(25, 80)), type: "late_nap" })
    } else if (from.chance(0.06)) {
      naps.push({ ...span(atLocal(zone, day, from.int(17 * 60, 19 * 60)), from.int(20, 40)), type: "rest" })
    } else if (from.chance(0.03)) {
      naps.push({ ...span(atLocal(zone, day, from.int(11 * 60, 12 * 60)), from.int(20, 35)), type: "deleted" })
    }
    const workouts: Array<Workout> = []
    if (from.chance(0.4)) {
      const activity = from.pick(["running", "cycling", "strength_training", "walking", "swimming"])
      const length = from.int(25, 85)
      const speed: { readonly [name: string]: number } = { running: 10.5, cycling: 21, walking: 5.2, swimming: 2.4 }
      const perHour = speed[activity]
      workouts.push({
        ...span(atLocal(zone, day, weekend ? from.int(9 * 60, 15 * 60) : from.int(17 * 60, 19 * 60)), length),
        activity,
        intensity: from.pick(["easy", "moderate", "hard"]),
        kilometres: perHour === undefined ? undefined : perHour * length / 60 * (0.9 + from.next() * 0.2)
      })
    }
    if (from.chance(0.03)) { // after midnight: its UTC start lies on the day before
      workouts.push({
        ...span(atLocal(zone, day, from.int(3, 35)), from.int(15, 22)),
        activity: "walking",
        intensity: "easy",
        kilometres: 1.2 + from.next()
      })
    }
    const session = from.chance(0.25)
      ? {
        ...span(atLocal(zone, day, from.int(20 * 60, 21 * 60 + 30)), from.int(4, 15)),
        type: from.pick(["breathing", "meditation", "relaxation"] as const)
      }
      : undefined
    const fetches = from.chance(0.06) ? [] : [
      wake + from.int(12, 55) * minute,
      ...Array.from({ length: from.int(4, 9) }, () => atLocal(zone, day, from.int(10 * 60, 23 * 60 + 50)))
    ].toSorted((a, b) => a - b)
    return {
      day,
      zone,
      night: worn ? { from: bed, to: wake } : undefined,
      naps,
      workouts,
      session,
      charging: from.chance(0.4)
        ? span(atLocal(zone, day, from.pick([8 * 60, 12 * 60, 21 * 60 + 40])), from.int(35, 100))
        : undefined,
      fetches,
      form,
      recomputedAfterHours: from.chance(0.35) ? from.int(2, 40) : undefined,
      replaced: from.chance(0.3)
    }
  }

  const known = new Map<number, RingDay>()
  const of = (day: number): RingDay => {
    const found = known.get(day)
    if (found !== undefined) {
      return found
    }
    if (known.size > 800) {
      known.clear()
    }
    const made = make(day)
    known.set(day, made)
    return made
  }

  const near = (instant: number, step: 1 | -1, accept: (moment: number) => boolean): number => {
    for (let day = dayAt(home, instant) - step, tries = 0; tries < 20; day += step, tries++) {
      const moments = of(day).fetches.filter(accept)
      const found = step === 1 ? moments[0] : moments.at(-1)
      if (found !== undefined) {
        return found
      }
    }
    return instant // twenty days without the app do not come up
  }

  return {
    of,
    fetchedFrom: (instant) => near(instant, 1, (moment) => moment >= instant),
    lastFetch: (instant) => Math.max(near(instant, -1, (moment) => moment <= instant), firstDay * dayLength - 2 * hour)
  }
}
