/** Where the time of the main thread goes. */
import { Effect } from "effect"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { type Profiler, Session } from "node:inspector/promises"
import { round } from "../Report.ts"
import type { Profile } from "./ThroughputFigures.ts"

/** The first that fits says what a function is counted as; its own time alone is counted, not that of what it calls. */
const kinds: ReadonlyArray<readonly [kind: string, where: RegExp]> = [
  ["idle", /^\(idle\)/],
  ["garbage collection", /^\(garbage collector\)/],
  ["native call", /^(execute|custom_gc) $|@surrealdb\/node/],
  ["hashing of ids", /^run $|crypto/],
  ["encoding for the store", /SurrealCodec\.ts|SurrealValue\.ts/],
  ["SDK", /node_modules\/surrealdb/],
  ["statements and journal", /JournalSurreal\.ts|RunColumns\.ts|RunAttributes\.ts|RunEntry\.ts|services\/Surreal/],
  ["engine", /\/src\//],
  ["schemas", /effect\/.*(Schema|AST)/],
  ["Effect", /node_modules\/(effect|@effect)\//],
  ["Node", /node:|^\(program\)|\(root\)|^\S+ $/]
]

const placeOf = ({ functionName, lineNumber, url }: Profiler.ProfileNode["callFrame"]): string => {
  const file = url.replace(/^file:\/\//, "").replace(/^.*(\/(node_modules|src|bench)\/)/, "$1")
  return `${functionName === "" ? "(anonymous)" : functionName} ${file}${url === "" ? "" : `:${lineNumber + 1}`}`
}

const summaryOf = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Omit<Profile, "threadMillis"> => {
  const places = new Map(nodes.map(({ callFrame, id }) => [id, placeOf(callFrame)]))
  const times = new Map<string, number>()
  let total = 0
  samples.forEach((id, index) => {
    const delta = timeDeltas[index] ?? 0
    const place = places.get(id) ?? ""
    if (place.startsWith("post node:inspector")) return
    times.set(place, (times.get(place) ?? 0) + delta)
    total += delta
  })
  const shares = new Map<string, number>()
  for (const [place, time] of times) {
    const kind = kinds.find(([, where]) => where.test(place))?.[0] ?? "other"
    shares.set(kind, (shares.get(kind) ?? 0) + time)
  }
  const share = (time: number) => round(time / total, 3)
  const descending = (of: ReadonlyMap<string, number>) => [...of].toSorted(([, one], [, other]) => other - one)
  return {
    shares: Object.fromEntries(descending(shares).map(([kind, time]) => [kind, share(time)])),
    hottest: descending(times).slice(0, 12).map(([place, time]) => `${share(time)} ${place}`)
  }
}

const tasks = "/proc/self/task"

/** Processor time of each kind of thread so far, in milliseconds. */
const threadMillis = (): ReadonlyMap<string, number> => {
  const times = new Map<string, number>()
  if (!existsSync(tasks)) return times
  for (const id of readdirSync(tasks)) {
    const [, name = "", rest = ""] = /\((.*)\) (.*)/.exec(readFileSync(`${tasks}/${id}/stat`, "utf8")) ?? []
    const [user, system] = rest.split(" ").slice(11, 13)
    const kind = Number(id) === process.pid ? "main" : name
    times.set(kind, (times.get(kind) ?? 0) + (Number(user) + Number(system)) * 10)
  }
  return times
}

/** Does something while the main thread is sampled every half millisecond. */
export const profiled = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const session = new Session()
  session.connect()
  yield* Effect.promise(() => session.post("Profiler.enable"))
  yield* Effect.promise(() => session.post("Profiler.setSamplingInterval", { interval: 500 }))
  yield* Effect.promise(() => session.post("Profiler.start"))
  const before = threadMillis()
  const result = yield* effect
  const threads = [...threadMillis()].map(([kind, millis]) => [kind, millis - (before.get(kind) ?? 0)] as const)
  const { profile } = yield* Effect.promise(() => session.post("Profiler.stop"))
  session.disconnect()
  return [result, {
    ...summaryOf(profile),
    threadMillis: Object.fromEntries(threads.filter(([, millis]) => millis > 0))
  }] as const
})
