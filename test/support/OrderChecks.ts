/** Holds what three orders left behind against what has to come of them. */
import type { Entry } from "../../src/domain/RunEntry.ts"
import { ids, type OrderId, type Told } from "./OrderStory.ts"
import { steps, undoing } from "./OrderWorkflows.ts"

type Violations = ReadonlyArray<string>

const recorded = (entries: ReadonlyArray<Entry> | undefined): ReadonlySet<string> =>
  new Set(entries?.flatMap((entry) => entry._tag === "Activity" ? [entry.name] : []))

/** What an activity may be done: never twice in one process, and not again once its result is recorded. */
const repeated = ({ atCrash, deeds }: Told, order: OrderId): Violations => {
  const known = recorded(atCrash.get(order))
  return [...new Set(deeds.map(({ name }) => name))].flatMap((name) => {
    const times = [0, 1].map((life) =>
      deeds.filter((deed) => deed.order === order && deed.name === name && deed.life === life).length
    )
    const [first = 0, second = 0] = times
    return [
      ...first > 1 || second > 1 ? [`${order}: ${name} ${first} and ${second} times`] : [],
      ...known.has(name) && first !== 1 ? [`${order}: ${name} recorded, and never done`] : [],
      ...known.has(name) && second > 0 ? [`${order}: ${name} done again, though recorded`] : []
    ]
  })
}

const timers = ({ atEnd, resumedAt }: Told, order: OrderId, late: number): Violations => {
  const entries = atEnd.get(order) ?? []
  const fired = new Map(entries.flatMap((entry) => entry._tag === "Deferred" ? [[entry.name, entry.at] as const] : []))
  return entries.flatMap((entry) => {
    if (entry._tag !== "Timer") return []
    const at = fired.get(entry.name)
    if (at === undefined) return order === "cancelled" ? [] : [`${order}: ${entry.name} never fired`]
    const from = at < resumedAt ? entry.due : Math.max(entry.due, resumedAt)
    return at >= from && at <= from + late
      ? []
      : [`${order}: ${entry.name} was due at ${entry.due} and fired at ${at}, the second process began at ${resumedAt}`]
  })
}

/** The activities of an order in the order of their records. */
const doneBy = ({ atEnd }: Told, order: OrderId): ReadonlyArray<string> =>
  (atEnd.get(order) ?? []).flatMap((entry) => entry._tag === "Activity" ? [entry.name] : [])

const missing = (told: Told, order: OrderId, expected: ReadonlyArray<string>): Violations => {
  const done = new Set(doneBy(told, order))
  return expected.filter((name) => !done.has(name)).map((name) => `${order}: ${name} is not recorded`)
}

const undone = (told: Told, order: OrderId, expected: ReadonlyArray<string>): Violations => {
  const done = doneBy(told, order).filter((name) => name.startsWith("undo"))
  return done.join() === expected.join() ? [] : [`${order}: compensated ${done.join()}, and not ${expected.join()}`]
}

const ends = (told: Told): Violations => {
  const states = ids.map((id) => {
    const rows = told.rows.get(id)
    return `${id} ${rows?.order?.state} ${rows?.shipment?.state}`
  })
  const expected = ["good completed completed", "bad failed completed"]
  return [
    ...expected.every((state) => states.includes(state)) ? [] : [`ended as ${states.join("; ")}`],
    ...told.rows.get("cancelled")?.order?.state === "cancelled" ? [] : [`ended as ${states.join("; ")}`],
    ...told.rows.get("cancelled")?.shipment?.state === "waiting" ? ["the child of the cancelled order goes on"] : []
  ]
}

const result = (told: Told): Violations => {
  const end = told.atEnd.get("good")?.findLast(({ _tag }) => _tag === "Ended")
  const texts = (told.atEnd.get("good") ?? []).flatMap((entry) =>
    entry._tag === "Ended" && "ok" in entry.exit ? [String(entry.exit.ok)] : []
  )
  const right = texts.some((text) =>
    /^shipped good.*, by 0$/.test(text) || /^shipped good.*, by 1$/.test(text) && !told.acknowledged.has("good")
  )
  return right ? [] : [`good: ended with ${JSON.stringify(end)}`]
}

/** Everything that is wrong, in words. Timers may be `late` by so many milliseconds: time does not wait for a real store. */
export const violations = (told: Told, late = 0): Violations => [
  ...ids.flatMap((id) => [...repeated(told, id), ...timers(told, id, late)]),
  ...missing(told, "good", steps),
  ...missing(told, "bad", steps),
  ...undone(told, "good", []),
  ...undone(told, "bad", undoing),
  ...undone(told, "cancelled", undoing),
  ...ends(told),
  ...result(told)
]
