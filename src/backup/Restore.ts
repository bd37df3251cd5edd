/** A backup in the place of a store. */
import { Context, Effect, Layer, Option } from "effect"
import { Surreal } from "../services/Surreal.ts"
import { isRemote, storeFolder, type StoreTarget } from "../services/SurrealEngine.ts"
import { schemaVersion } from "../store/Migrations.ts"
import { MadeByNewer, RestoreRefused } from "./BackupError.ts"
import { tablesOf } from "./Dump.ts"
import { load } from "./Load.ts"
import { type Verified, verify } from "./ReadBackup.ts"
import * as StoreSwap from "./StoreSwap.ts"

/** Reads the backup to its end; one of a later schema is refused. */
export const readable = Effect.fnUntraced(function*(path: string) {
  const backup = yield* verify(path)
  const { glider, schema } = backup.header
  if (schema <= schemaVersion) return backup
  return yield* new MadeByNewer({
    path,
    glider,
    what: `its schema is ${schema}, and the newest here is ${schemaVersion}`
  })
})

/** Opens the store and loads the backup into it; gives the names of the steps of the schema that the backup lacked. */
const intoEmpty = Effect.fnUntraced(function*(target: StoreTarget, backup: Verified) {
  const surreal = Context.get(yield* Layer.build(Layer.fresh(Surreal.layer(target))), Surreal)
  if ((yield* tablesOf(surreal.query)).length > 0) {
    return yield* new RestoreRefused({
      message: `the database ${target.database} of ${target.namespace} is not empty`,
      fix: "restore into a new one: set [store] database to another name"
    })
  }
  return yield* load(surreal, backup)
})

/**
 * Restores a backup. An embedded store is built anew beside the present one, which stays as it is under another name; that
 * of a server must be empty.
 */
export const restore = Effect.fn("Backup.restore")(function*(path: string, target: StoreTarget) {
  const backup = yield* readable(path)
  const folder = storeFolder(target.url)
  if (Option.isNone(folder)) {
    if (!isRemote(target.url)) {
      return yield* new RestoreRefused({
        message: "a store in memory is gone when its process ends",
        fix: "set [store] url to a folder or to a server, or leave it out"
      })
    }
    const applied = yield* Effect.scoped(intoEmpty(target, backup))
    return { backup, kept: Option.none<string>(), applied }
  }
  const store = folder.value
  yield* StoreSwap.refuseHeld(store)
  const place = yield* StoreSwap.buildPlace(store)
  const applied = yield* Effect.scoped(intoEmpty({ ...target, url: `rocksdb://${place}` }, backup)).pipe(
    Effect.onError(() => StoreSwap.discard(store))
  )
  yield* StoreSwap.refuseHeld(store)
  const kept = yield* StoreSwap.swap(store)
  return { backup, kept, applied }
})
