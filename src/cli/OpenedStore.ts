/** The store that the config names, as it can be opened: of one that is damaged a copy, to be read. */
import { Context, Effect, Layer, Option } from "effect"
import { damageFound } from "../api/Damage.ts"
import { settle } from "../backup/StoreSwap.ts"
import { CurrentConfig } from "../Config.ts"
import { DataFolder } from "../config/Places.ts"
import { Settings } from "../config/Settings.ts"
import { copy, DamagedStore, sweep } from "../services/DamagedStore.ts"
import { Surreal } from "../services/Surreal.ts"
import { storeFolder, type StoreTarget } from "../services/SurrealEngine.ts"
import type { StoreDamaged, SurrealError } from "../services/SurrealError.ts"
import { isCurrent } from "../store/Migrations.ts"

/** Which store the config and the data folder name. */
export const storeTarget = Effect.gen(function*() {
  const { store } = yield* CurrentConfig
  const { storeUrl } = yield* DataFolder
  const { credentials } = yield* Settings
  return {
    url: Option.getOrElse(store.url, () => storeUrl),
    namespace: store.namespace,
    database: store.database,
    credentials
  } satisfies StoreTarget
})

/** A copy that cannot be opened, or lacks the schema, is of no use: the store is refused, then. */
const inspected = Effect.fnUntraced(function*(target: StoreTarget, damaged: StoreDamaged, error: SurrealError) {
  const services = yield* Effect.gen(function*() {
    const folder = yield* copy(damaged.folder)
    const services = yield* Layer.build(
      Layer.fresh(Surreal.layer({ ...target, url: `rocksdb://${folder}`, isInspected: true }))
    )
    if (yield* isCurrent(Context.get(services, Surreal))) return services
    return yield* Effect.fail({ message: "its schema cannot be read, or is not that of this version" })
  }).pipe(
    Effect.tapError(({ message }) => Effect.logWarning(`a copy of the damaged store cannot be read: ${message}`)),
    Effect.mapError(() => error)
  )
  return Context.add(services, DamagedStore, Option.some(damaged))
})

/** How a store is opened. */
export interface Opening {
  /** Whether a server is waited for that is not there yet. */
  readonly waits: boolean
  /** Whether a damaged store is read, out of a copy, or refused. */
  readonly inspects: boolean
}

/** Opens it; `DamagedStore` says whether what is open is only a copy. */
export const opened = ({ inspects, waits }: Opening) =>
  Layer.effectContext(Effect.gen(function*() {
    const target = yield* storeTarget
    for (const folder of Option.toArray(storeFolder(target.url))) {
      yield* settle(folder)
      yield* sweep(folder)
    }
    const sound = Layer.build(Layer.fresh(waits ? Surreal.layerPatient(target) : Surreal.layer(target)))
    return yield* Effect.catch(
      sound,
      (error) =>
        inspects && error.reason._tag === "StoreDamaged" ? inspected(target, error.reason, error) : Effect.fail(error)
    )
  }))

/** Of what differs, so much is logged; `glider db accept` tells all. */
const mostTold = 5

/** Says once that the store is damaged, and what is to be done. */
export const damageTold = Layer.effectDiscard(Effect.gen(function*() {
  const damage = yield* damageFound
  if (Option.isNone(damage)) return
  const { differences, fix, folder } = damage.value
  const more = differences.length > mostTold ? `; and ${differences.length - mostTold} more: glider db accept` : ""
  yield* Effect.logError(
    `the store ${folder} is not as Glider left it: ${differences.slice(0, mostTold).join("; ")}${more}. ` +
      `It stays as it is: a copy of it is read, nothing is synced and nothing can be changed. To mend it, ${fix}`
  )
}))
