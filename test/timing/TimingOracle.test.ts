import { assert, describe, it } from "@effect/vitest"
import { DateTime, Result } from "effect"
import { type Dst, DstGap, DstRepeat } from "../../src/domain/Dst.ts"
import { parse, ticksBetween, type Timing } from "../../src/timing/Timing.ts"
import { type Randomness, randomness } from "../support/RandomQueries.ts"
import { day, hour, type Jump, minute, randomExpression, shows, walk, type Written, Zone } from "./WallOracle.ts"

const from = Date.UTC(2010, 0, 1)
const to = Date.UTC(2020, 0, 1)
const zones = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe", // half an hour
  "America/Sao_Paulo", // at midnight
  "Africa/Casablanca", // four changes a year, around Ramadan
  "Pacific/Apia", // a day that never was
  "Asia/Tehran",
  "Europe/Prague",
  "Africa/Cairo", // at midnight, four changes in some years, none in others
  "America/St_Johns" // one minute after midnight, until 2011
].map((id) => new Zone(id, from - 30 * day, to + 30 * day))

const iso = (instant: number): string => DateTime.formatIso(DateTime.makeUnsafe(instant))

const policies: ReadonlyArray<Dst> = DstGap.literals.flatMap((gap) =>
  DstRepeat.literals.map((repeat) => ({ gap, repeat }))
)

/** A time of the wall clock that the expression names: when it is shown, and the offset before the gap that skips it. */
interface Named {
  readonly wall: number
  readonly shown: ReadonlyArray<number>
  readonly beforeGap: number | undefined
}

const namedOf = (zone: Zone, walls: Iterable<number>): ReadonlyArray<Named> =>
  Array.from(walls, (wall) => {
    const shown = zone.instantsOf(wall)
    return { wall, shown, beforeGap: shown.length === 0 ? zone.gapOf(wall)?.before : undefined }
  })

/** The ticks that they come to, by the words of the documentation. */
const instantsOf = (written: Written, { gap, repeat }: Dst, named: ReadonlyArray<Named>): ReadonlyArray<number> => {
  const instants = new Set<number>()
  const shifts = gap === "shift" || (gap === "auto" && written.hours.size < 24)
  const times = repeat === "auto" ? (written.hourBeginsWithStar ? "twice" : "once") : repeat
  for (const { beforeGap, shown: [first, ...others], wall } of named) {
    if (beforeGap !== undefined && shifts) instants.add(wall - beforeGap)
    if (first === undefined || (others.length > 0 && times === "skip")) continue
    instants.add(first)
    if (times === "twice") others.forEach((other) => instants.add(other))
  }
  return [...instants].toSorted((a, b) => a - b)
}

const isDefined = <A>(value: A | undefined): value is A => value !== undefined

const within = (instants: ReadonlyArray<number>, first: number, last: number) =>
  instants.filter((instant) => first < instant && instant <= last)

/** The times of the wall clock that minutes of instants show, or skip by a change among them: each looked at. */
const wallsByMinutes = (written: Written, zone: Zone, first: number, last: number): ReadonlySet<number> => {
  const walls = new Set<number>()
  const look = (wall: number) => {
    if (shows(written, wall)) walls.add(wall)
  }
  for (let instant = first; instant <= last; instant += minute) look(instant + zone.offsetFromJumps(instant))
  for (const { after, at, before } of zone.jumps) {
    if (at < first || at > last) continue
    for (let wall = at + before; wall < at + after; wall += minute) look(wall)
  }
  return walls
}

/** What would have to be said of a policy that leads elsewhere; one assertion at the end, since there are many. */
const difference = (
  { written, zone }: Case,
  dst: Dst,
  expected: ReadonlyArray<number>,
  range: readonly [number, number],
  timing = timingOf(written, zone, dst)
) => {
  const found = [...ticksBetween(timing, ...range)]
  if (found.length === expected.length && found.every((tick, at) => tick === expected[at])) return []
  const some = (ticks: ReadonlyArray<number>) => ticks.map((tick) => iso(tick)).slice(0, 5)
  const missing = some(expected.filter((tick) => !found.includes(tick)))
  const extra = some(found.filter((tick) => !expected.includes(tick)))
  return [{ expression: written.text, zone: zone.id, dst, missing, extra }]
}

const timingOf = (written: Written, zone: Zone, dst: Dst): Timing =>
  Result.getOrThrow(parse(written.text, zone.id, dst))

interface Case {
  readonly random: Randomness
  readonly written: Written
  readonly zone: Zone
}

/** 1,000 expressions, a hundred for every zone. */
const cases = Array.from({ length: 1_000 }, (_, seed): Case => {
  const random = randomness(seed)
  const [zone] = zones.slice(seed % zones.length)
  if (zone === undefined) throw new Error("no zone")
  let written = randomExpression(random)
  while (Result.isFailure(parse(written.text, zone.id, { gap: "auto", repeat: "auto" }))) {
    // only what never comes may be refused: not one of the coming forty years has such a day
    assert.deepStrictEqual([...walk(written, from, from + 40 * 366 * day)], [], written.text)
    written = randomExpression(random)
  }
  return { random, written, zone }
})

describe("schedules/Timing against a clock read minute by minute", () => {
  it("has every kind of change among those of the zones", () => {
    const [berlin, newYork, lordHowe, saoPaulo, casablanca, apia, tehran, prague, cairo, stJohns] = zones.map((zone) =>
      zone.jumps.filter(({ at }) => at >= from && at < to)
    )
    for (
      const [least, jumps] of [[20, berlin], [20, newYork], [20, lordHowe], [18, saoPaulo], [30, casablanca]] as const
    ) {
      assert.isAtLeast(jumps?.length ?? 0, least)
    }
    for (const [least, jumps] of [[18, apia], [18, tehran], [20, prague], [8, cairo], [20, stJohns]] as const) {
      assert.isAtLeast(jumps?.length ?? 0, least)
    }
    const wallOf = ({ at, before }: Jump) => iso(at + before).slice(11, 16)
    assert.isTrue(lordHowe?.every(({ after, before }) => Math.abs(after - before) === 30 * minute))
    assert.isTrue(apia?.some(({ after, before }) => after - before === day))
    assert.isTrue(saoPaulo?.some((jump) => jump.after > jump.before && wallOf(jump) === "00:00"))
    assert.isTrue(stJohns?.some((jump) => wallOf(jump) === "00:01"))
  })

  it("agrees around every change of clocks of ten years, whatever is chosen for gaps and repeats", () => {
    const wrong = cases.flatMap((one, seed) => {
      const { written, zone } = one
      const timings = policies.map((dst) => ({ dst, timing: timingOf(written, zone, dst) }))
      return zone.jumps.flatMap(({ after, at, before }, jump) => {
        // every change is looked at by half of the expressions, and every expression at half of the changes
        if ((Math.floor(seed / zones.length) + jump) % 2 === 1) return []
        const reach = Math.abs(after - before)
        const range = [at - reach - hour, at + reach + hour] as const
        // a wider look than the window, so that what is shifted or repeated into it is seen
        const named = namedOf(zone, wallsByMinutes(written, zone, range[0] - reach, range[1] + reach))
        // every policy in its turn, many times over the windows of an expression; fewer at once where no time is named
        const turns = named.length === 0 ? [0, 7] : [0, 3, 6, 9]
        const tried = Array.from(turns, (turn) => timings[(seed + jump + turn) % timings.length]).filter(isDefined)
        return tried.flatMap(({ dst, timing }) =>
          difference(one, dst, within(instantsOf(written, dst, named), ...range), range, timing)
        )
      })
    })
    assert.deepStrictEqual(wrong.slice(0, 5), [])
  })

  it("agrees minute by minute in stretches of a day taken at random", () => {
    const wrong = cases.flatMap((one) => {
      const { random, written, zone } = one
      const first = from + random.below((to - from - day) / minute) * minute
      const range = [first, first + day] as const
      const dst = random.pick(policies)
      const named = namedOf(zone, wallsByMinutes(written, zone, first - day, first + 2 * day))
      return difference(one, dst, within(instantsOf(written, dst, named), ...range), range)
    })
    assert.deepStrictEqual(wrong.slice(0, 5), [])
  })

  it("agrees over the whole ten years walked day by day, or over the first 300 ticks of a stretch of them", () => {
    let whole = 0
    const wrong = cases.flatMap((one, seed) => {
      const { random, written, zone } = one
      const fromStart = Math.floor(seed / zones.length) % 10 === 0
      const most = fromStart ? 4_000 : 300
      const start = fromStart ? from : from + random.below(9 * 365) * day
      const walls: Array<number> = []
      for (const wall of walk(written, start, to)) {
        walls.push(wall)
        if (walls.length === most) break
      }
      if (fromStart && walls.length < most) whole++
      // what is shifted or repeated beyond either end is left out of both
      const range = [start + 2 * day, (walls.length < most ? to : walls.at(-1) ?? to) - 2 * day] as const
      const dst = random.pick(policies)
      return difference(one, dst, within(instantsOf(written, dst, namedOf(zone, walls)), ...range), range)
    })
    assert.deepStrictEqual(wrong.slice(0, 5), [])
    assert.isAtLeast(whole, 25)
  })
})
