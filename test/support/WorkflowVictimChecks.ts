/** Holds what killed processes have done, by their side file, against what they have recorded and acknowledged. */
import type { Entry } from "../../src/domain/RunEntry.ts"
import { isBad, steps, undoing } from "./OrderWorkflows.ts"
import { approvalOf, type Last, type Stored, type Trace } from "./WorkflowVictimLines.ts"
import type { Life } from "./WorkflowVictimProcess.ts"

/** What is wrong, in words; empty when nothing is. */
export type Violations = ReadonlyArray<string>

/** Milliseconds by which a timer may be late in a busy process. */
const slack = 2500

/** An activity begins after what is before it is durable; those of one rank may be under way together. */
const rankOf: ReadonlyMap<string, number> = new Map(
  [...steps, ...undoing, "slow quote"].map((name) => [
    name,
    name === "slow quote"
      ? steps.indexOf("quote")
      : name === "invoice"
      ? steps.indexOf("letter")
      : [...steps, ...undoing].findIndex((one) => one === name)
  ])
)

/**
 * No activity may be done again once one that depends on it was begun, nor twice in one process: that its result was
 * durable once was known to whoever began the other.
 */
export const ranks = (side: ReadonlyArray<Trace>): Violations => {
  const last = new Map<string, { readonly rank: number; readonly name: string }>()
  const done = new Set<string>()
  return side.flatMap(({ deed, life }) => {
    if (deed === undefined) return []
    const { name, order } = deed
    const rank = rankOf.get(name) ?? -1
    const before = last.get(order)
    const once = `${life} ${order} ${name}`
    // the loser of a race is begun again with each replay
    const twice = done.has(once) && name !== "slow quote"
    done.add(once)
    if (before === undefined || rank >= before.rank) last.set(order, { rank, name })
    return [
      ...(twice ? [`${order}: ${name} was done twice in life ${life}`] : []),
      ...(before !== undefined && rank < before.rank
        ? [`${order}: ${name} was done in life ${life} after ${before.name}`]
        : [])
    ]
  })
}

type Of<Tag extends Entry["_tag"]> = Extract<Entry, { readonly _tag: Tag }>

const entriesOf = <Tag extends Entry["_tag"]>(run: Stored, tag: Tag): ReadonlyArray<Of<Tag>> =>
  run.entries.filter((entry): entry is Of<Tag> => entry._tag === tag)

/** Timers fire not before they are due, and late only when no process was there. */
const timers = (run: Stored, side: ReadonlyArray<Trace>): Violations =>
  entriesOf(run, "Timer").flatMap(({ due, name }) => {
    const fired = entriesOf(run, "Deferred").find((entry) => entry.name === name)
    if (fired === undefined) return run.state === "cancelled" ? [] : [`${run.order}: ${name} never fired`]
    const began = side.findLast(({ at, deed }) => deed === undefined && at <= fired.at)?.at ?? 0
    const lateBy = fired.at - Math.max(due, began)
    return fired.at < due || lateBy > slack
      ? [`${run.order}: ${name} was due at ${due} and fired at ${fired.at}, in a process that began at ${began}`]
      : []
  })

/** What was done is undone exactly when the order came to no good end, in reverse and once. */
const compensations = (run: Stored): Violations => {
  const names = entriesOf(run, "Activity").map(({ name }) => name)
  const due = run.state === "completed" ? [] : undoing.filter((undo) => names.includes(undo.slice("undo ".length)))
  const undone = names.filter((name) => name.startsWith("undo"))
  return undone.join() === due.join()
    ? []
    : [`${run.order} ${run.state}: undid ${undone.join()}, and not ${due.join()}`]
}

const stateOf = (order: string): string =>
  order.startsWith("cancelled") ? "cancelled" : isBad(order) ? "failed" : "completed"

/** With the history of the order and its child, so that a rare failure can be understood. */
const endedAs = (run: Stored, runs: ReadonlyArray<Stored>): string => {
  const histories = runs.filter(({ order }) => order === run.order).map(({ entries, state, workflow }) =>
    `${workflow} ${state}: ` +
    entries.map((entry) => `${entry.at} ${entry._tag}${"name" in entry ? ` ${entry.name}` : ""}`).join(", ")
  )
  return `${run.order} ended as ${run.state}; ${histories.join("; ")}`
}

/** Every recorded activity has been done, and a good order has done all. */
const deeds = (run: Stored, side: ReadonlyArray<Trace>): Violations => {
  const names = entriesOf(run, "Activity").map(({ name }) => name)
  const done = new Set(side.flatMap(({ deed }) => deed?.order === run.order ? [deed.name] : []))
  const own = steps.filter((name) => (name === "pack" || name === "send") === (run.workflow === "shipment"))
  return [
    ...names.filter((name) => !done.has(name)).map((name) => `${run.order}: ${name} is recorded, and was not done`),
    ...(new Set(names).size === names.length ? [] : [`${run.order}: recorded twice in ${names.join()}`]),
    ...(run.state === "completed"
      ? own.filter((name) => !names.includes(name)).map((name) => `${run.order}: ${name} is not recorded`)
      : [])
  ]
}

/** A run that is acknowledged is there; so is the first approval that is, unless an earlier one was kept and not heard. */
const acknowledged = (lives: ReadonlyArray<Life>, runs: ReadonlyArray<Stored>): Violations => {
  const orders = new Map(runs.flatMap((run) => run.workflow === "order" ? [[run.order, run] as const] : []))
  return lives.flatMap(({ lines, setup }) =>
    lines.flatMap((line) => {
      if (line._tag === "Started" && !orders.has(line.order)) return [`${line.order}: acknowledged, and not there`]
      if (line._tag !== "Approved") return []
      const kept = orders.get(line.order)?.entries.find((entry) =>
        entry._tag === "Deferred" && entry.name === "approval"
      )
      const by = kept?._tag === "Deferred" && "ok" in kept.exit ? String(kept.exit.ok) : "nobody"
      const earlier = lives.slice(0, setup.life + 1).map((life) => approvalOf(life.setup.life))
      return earlier.includes(by) ? [] : [`${line.order}: approved in life ${setup.life}, and kept that of ${by}`]
    })
  )
}

/** How runs ended is told after it is durable, so it does not change. */
const ended = (lives: ReadonlyArray<Life>): Violations => {
  const told = new Map<string, string>()
  return lives.flatMap(({ lines }) =>
    lines.flatMap((line) => {
      if (line._tag !== "Ended") return []
      const before = told.get(line.run)
      told.set(line.run, line.state)
      return before === undefined ? [] : [`run ${line.run} ended as ${before}, and then as ${line.state}`]
    })
  )
}

const bookings = (runs: ReadonlyArray<Stored>, booked: ReadonlyArray<string>): Violations =>
  runs.filter(({ workflow }) => workflow === "order").flatMap((run) => {
    const rows = booked.filter((order) => order === run.order).length
    const recorded = entriesOf(run, "Activity").filter(({ name }) => name === "book").length
    return rows === recorded && rows <= 1 ? [] : [`${run.order}: booked ${rows} times, and recorded ${recorded} times`]
  })

/** Everything that is wrong after the last process. */
export const violations = (
  lives: ReadonlyArray<Life>,
  side: ReadonlyArray<Trace>,
  { booked, left, runs }: Last
): Violations => {
  const orders = runs.filter(({ workflow }) => workflow === "order")
  return [
    ...(left === 0 ? [] : [`${left} runs are left over`]),
    ...(orders.length === lives.length * 3 ? [] : [`there are ${orders.length} orders of ${lives.length * 3}`]),
    ...orders.flatMap((run) => run.state === stateOf(run.order) ? [] : [endedAs(run, runs)]),
    ...ranks(side),
    ...runs.flatMap((run) => [...timers(run, side), ...deeds(run, side)]),
    ...orders.flatMap(compensations),
    ...acknowledged(lives, runs),
    ...ended(lives),
    ...bookings(runs, booked)
  ]
}
