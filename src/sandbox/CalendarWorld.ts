/** The year of appointments: what repeats, what is moved or called off, journeys, days off and the odd texts of real life. */
import type { Content, Series, Single, When } from "./CalendarEntry.ts"
import type { CalendarFacts } from "./CalendarJson.ts"
import { called, horizon, made, plans, seriesOf, split, startOf } from "./CalendarSeries.ts"
import { atLocal, dayLength, dayOfDate, dayText, hour, minute, stampText } from "./Instants.ts"
import { base32hex } from "./Seeded.ts"
import { firstDay, home, type World } from "./World.ts"

/** The account's own calendar, and one whose id needs to be encoded in a path. */
export const calendars: readonly [CalendarFacts, CalendarFacts] = [
  { id: "alex.novak@example.com", summary: "alex.novak@example.com", zone: home, accessRole: "owner", primary: true },
  {
    id: "cs.czech#holiday@group.v.calendar.google.com",
    summary: "Svátky v České republice",
    zone: home,
    accessRole: "reader",
    primary: false
  }
]

/** What a calendar holds. */
export interface CalendarContent {
  readonly singles: Map<string, Single>
  readonly series: Map<string, Series>
}

const titles = [
  "Dentist",
  "Lunch with Petr",
  "Haircut",
  "Parent evening",
  "Car service",
  "Interview: backend",
  "Design review",
  "Večeře u Novotných",
  "Kino Lucerna",
  "Doctor Svobodová",
  "Board game night",
  "Concert: Jazz Dock",
  "Piano tuning",
  "Retrospective",
  "Budget 2027",
  "Theatre",
  "Coffee with Ema",
  "Apartment viewing",
  "Bike trip to Karlštejn",
  "Vet: Micka"
] as const

const people = ["petr@example.com", "jana.k@example.com", "ema@example.org", "tomas@example.net"] as const

const contentOf = (world: World, day: number, index: number): Content => {
  const from = world.draw("event", day, index)
  const at = atLocal(home, day, from.int(8, 20) * 60 + from.pick([0, 0, 15, 30]))
  const guests = from.chance(0.35)
    ? {
      attendees: [{
        email: from.pick(people),
        responseStatus: from.pick(["accepted", "needsAction", "declined", "tentative"])
      }]
    }
    : {}
  return {
    ...(from.chance(0.04) ? {} : { summary: from.pick(titles) }),
    ...(from.chance(0.3)
      ? { description: from.pick(["Bring the documents.", "<b>Agenda</b><br>1. numbers<br>2. people", "See mail."]) }
      : {}),
    ...(from.chance(0.4)
      ? { location: from.pick(["Národní 10, Praha 1", "Café Slavia", "https://meet.example.com/abc-defg-hij"]) }
      : {}),
    start: { at, zone: home },
    end: { at: at + from.pick([30, 45, 60, 60, 90, 120]) * minute, zone: home },
    more: guests
  }
}

/** A single appointment and what became of it before it took place. */
const singleOf = (world: World, day: number, index: number): Single => {
  const from = world.draw("fate", day, index)
  const content = contentOf(world, day, index)
  const start = startOf(content.start)
  const created = start - from.int(2 * 60, 25 * 24 * 60) * minute - from.int(0, 999)
  const between = (share: number): number => Math.round(created + (start - created) * share)
  const versions = [made(created, content)]
  if (from.chance(0.12)) {
    const by = from.pick([-2, 1, 24, 72]) * hour
    const move = (when: When): When => "day" in when ? when : { ...when, at: when.at + by }
    versions.push(made(between(0.5), { ...content, start: move(content.start), end: move(content.end) }))
  }
  if (from.chance(0.08)) {
    versions.push(called(between(0.8)))
    if (from.chance(0.3)) {
      versions.push(made(between(0.9), content))
    }
  }
  return { id: base32hex(26, world.seed, "event", day, index), versions }
}

const flight = (
  day: number,
  from: readonly [string, number],
  to: readonly [string, number],
  name: string
): Content => ({
  summary: name,
  start: { at: atLocal(from[0], day, from[1]), zone: from[0] },
  end: { at: atLocal(to[0], day, to[1]), zone: to[0] }
})

const days = (from: number, length: number, summary: string, more = {}): Content => ({
  summary,
  start: { day: from },
  end: { day: from + length },
  more: { transparency: "transparent", ...more }
})

const away = "America/New_York"

/** Written by hand: journeys between zones, days off, and texts that break careless programs. */
const special: ReadonlyArray<Content> = [
  flight(dayOfDate(2026, 6, 7), [home, 11 * 60 + 20], [away, 14 * 60 + 45], "✈️ PRG → JFK"),
  flight(dayOfDate(2026, 6, 17), [away, 17 * 60 + 30], [away, 23 * 60 + 59], "✈️ JFK → PRG"),
  {
    summary: "NYC offsite",
    start: { at: atLocal(away, dayOfDate(2026, 6, 9), 540), zone: away },
    end: { at: atLocal(away, dayOfDate(2026, 6, 11), 1020), zone: away }
  },
  days(dayOfDate(2026, 2, 14), 8, "Hory ⛷️"),
  days(dayOfDate(2026, 7, 18), 16, "Summer holidays"),
  days(dayOfDate(2026, 10, 3), 1, "Babička 80 👵🏻‍🎂", { eventType: "birthday" }),
  days(dayOfDate(2026, 10, 24), 2, "Clocks go back (weekend away)"),
  {
    summary: "Cafe\u0301 mu\u0308nster — decomposed",
    start: { at: atLocal(home, dayOfDate(2026, 11, 12), 900), zone: home },
    end: { at: atLocal(home, dayOfDate(2026, 11, 12), 960), zone: home }
  },
  {
    summary: "פגישה עם ‏דנה 👨‍👩‍👧‍👦",
    description: "מסמכים",
    start: { at: atLocal(home, dayOfDate(2026, 11, 5), 600), zone: home },
    end: { at: atLocal(home, dayOfDate(2026, 11, 5), 660), zone: home }
  },
  {
    summary: "Minutes of the house meeting",
    description: "Bod jednání: střecha, výtah, sklepy. ".repeat(230),
    start: { at: atLocal(home, dayOfDate(2026, 10, 29), 1080), zone: home },
    end: { at: atLocal(home, dayOfDate(2026, 10, 29), 1200), zone: home }
  }
]

const holidays: ReadonlyArray<readonly [number, string]> = [2025, 2026].flatMap((year) =>
  [
    [dayOfDate(year, 1, 1), "Nový rok"],
    [year === 2025 ? dayOfDate(2025, 4, 18) : dayOfDate(2026, 4, 3), "Velký pátek"],
    [year === 2025 ? dayOfDate(2025, 4, 21) : dayOfDate(2026, 4, 6), "Velikonoční pondělí"],
    [dayOfDate(year, 5, 1), "Svátek práce"],
    [dayOfDate(year, 5, 8), "Den vítězství"],
    [dayOfDate(year, 7, 5), "Cyril a Metoděj"],
    [dayOfDate(year, 7, 6), "Jan Hus"],
    [dayOfDate(year, 9, 28), "Den české státnosti"],
    [dayOfDate(year, 10, 28), "Vznik Československa"],
    [dayOfDate(year, 11, 17), "Den boje za svobodu a demokracii"],
    [dayOfDate(year, 12, 24), "Štědrý den"],
    [dayOfDate(year, 12, 25), "1. svátek vánoční"],
    [dayOfDate(year, 12, 26), "2. svátek vánoční"]
  ] as const
)

const longAgo = atLocal(home, dayOfDate(2024, 8, 1), 600)

/** What the two calendars hold from the start, in the order of `calendars`. */
export const growCalendars = (world: World): readonly [CalendarContent, CalendarContent] => {
  const series = plans.flatMap((plan) => {
    const found = seriesOf(world, plan, base32hex(26, world.seed, "series", plan.name))
    return found === undefined ? [] : [found]
  })
  const choir = series.find((found) => found.versions[0]?.content?.summary === "Choir rehearsal")
  const later = choir && seriesOf(
    world,
    { name: "Choir rehearsal (new hall)", weekdays: [4], minutes: 18 * 60 + 30, length: 150, from: split + 1 },
    `${choir.id}_R${stampText(atLocal(home, split + 2, 18 * 60 + 30))}`
  )
  const appointments = Array.from({ length: horizon - 90 - firstDay }, (_, index) => firstDay + index).flatMap((day) =>
    Array.from(
      { length: world.draw("how many", day).pick([0, 0, 0, 1, 1, 1, 2]) },
      (_, index) => singleOf(world, day, index)
    )
  )
  const byHand = special.map((content, index): Single => ({
    id: base32hex(26, world.seed, "special", index),
    versions: [made(startOf(content.start) - 40 * dayLength - index, content)]
  }))
  const free = holidays.map(([day, summary]): Single => ({
    id: `${dayText(day).replaceAll("-", "")}_${base32hex(26, "holiday", day)}`,
    versions: [made(longAgo, days(day, 1, summary, { visibility: "public" }))]
  }))
  const shared = free.at(-1)
  const samePlace: ReadonlyArray<Single> = shared === undefined ? [] : [{ // one id in two calendars: two events
    id: shared.id,
    versions: [made(longAgo, days(dayOfDate(2026, 12, 26), 1, "Oběd u rodičů"))]
  }]
  const index = <A extends { readonly id: string }>(items: ReadonlyArray<A>) =>
    new Map(items.map((item) => [item.id, item]))
  return [
    {
      singles: index([...appointments, ...byHand, ...samePlace]),
      series: index(later === undefined ? series : [...series, later])
    },
    { singles: index(free), series: new Map() }
  ]
}
