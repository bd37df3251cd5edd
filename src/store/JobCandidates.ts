/** Which jobs are next: the most urgent whose time has come, of those whose resources are free. */
import { Array as Arr, Effect, Order, Schema } from "effect"
import type { Surreal } from "../services/Surreal.ts"

const Candidate = Schema.Struct({
  key: Schema.String,
  priority: Schema.Int,
  run_at: Schema.Finite,
  created_at: Schema.Finite,
  resource_key: Schema.optional(Schema.NullOr(Schema.String))
})
type Candidate = typeof Candidate.Type

/** The resources that are held, and the head of each lane. */
const Heads = Schema.Struct({ held: Schema.Array(Schema.String), lanes: Schema.Array(Schema.Array(Candidate)) })

const held = "SELECT VALUE resource_key FROM background_job WITH INDEX background_job_by_holds WHERE holds >= ''"
const lane = "SELECT key, priority, run_at, created_at, resource_key " +
  "FROM background_job WITH INDEX background_job_by_lane WHERE lane ="

const byUrgency = Order.combineAll<Candidate>([
  Order.mapInput(Order.flip(Order.Number), ({ priority }) => priority),
  Order.mapInput(Order.Number, ({ run_at }) => run_at),
  Order.mapInput(Order.Number, ({ created_at }) => created_at),
  Order.mapInput(Order.String, ({ key }) => key)
])

const firstOfEachResource = (inOrder: ReadonlyArray<Candidate>, taken: ReadonlyArray<string>) => {
  const busy = new Set(taken)
  return inOrder.filter(({ resource_key: resource }) => {
    if (resource === undefined || resource === null) return true
    if (busy.has(resource)) return false
    busy.add(resource)
    return true
  })
}

/**
 * The ids of so many jobs of these types, or of all there are. Many jobs of one busy resource may stand before the others, so more are
 * looked at until there are enough.
 */
export const candidatesOf = (surreal: Surreal["Service"]) =>
  Effect.fnUntraced(function*(types: ReadonlyArray<string>, limit: number) {
    const lanes = types.map((_, index) => `(${lane} $lane${index} LIMIT $size)`).join(", ")
    const vars = Object.fromEntries(types.map((type, index) => [`lane${index}`, type]))
    for (let size = Math.max(limit, 16);; size *= 8) {
      const heads = yield* surreal.query(Heads, `RETURN { held: (${held}), lanes: [${lanes}] }`, { ...vars, size })
      // what is further down in a lane than this may come after what is further down in another
      const inOrder = Arr.sort(heads.lanes.flat(), byUrgency).slice(0, size)
      const free = firstOfEachResource(inOrder, heads.held).slice(0, limit).map(({ key }) => key)
      if (free.length === limit || heads.lanes.every((rows) => rows.length < size)) return free
    }
  })
