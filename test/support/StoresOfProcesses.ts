/** Stores as processes leave them: closed, or killed with SIGKILL, each as a copy of its folder and of what was written down of it. */
import { Effect, FileSystem, Option } from "effect"
import { SyncName } from "../../src/domain/Task.ts"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { witnessFile } from "../../src/services/StoreWitness.ts"
import { bundle } from "./VictimBundle.ts"
import { Order } from "./VictimLines.ts"
import { type Kill, live } from "./VictimProcess.ts"
import { happen, newHappenings } from "./VictimWorld.ts"

/** A store that nobody has open. */
export interface LeftStore {
  readonly name: string
  readonly folder: string
}

/** A copy of a store with what was written down of it. */
export const copied = Effect.fnUntraced(function*(store: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.makeDirectory(to, { recursive: true })
  yield* fs.copy(store, to)
  yield* fs.copy(witnessFile(store), witnessFile(to))
  return to
})

/** Of one process after the other on the same store: closed, killed while it syncs, killed soon after its start, closed again. */
export const leftStores = Effect.fnUntraced(function*(root: string, seed: number) {
  const sandbox = yield* Sandbox
  const program = yield* bundle(root)
  const folder = `${root}/data`
  const happenings = newHappenings(seed)
  const left: Array<LeftStore> = []
  const lifeOf = Effect.fnUntraced(function*(name: string, rounds: number, kill: Option.Option<Kill>) {
    let asked = 0
    const order = Effect.gen(function*() {
      if (asked++ === rounds) return Option.some(Order.make({ _tag: "Stop" }))
      yield* happen(happenings)
      const now = (yield* sandbox.clock.now).epochMilliseconds
      return Option.some(Order.make({ _tag: "Go", now, tasks: SyncName.literals, together: false }))
    }).pipe(Effect.provideService(Sandbox, sandbox))
    const life = yield* live({
      program,
      folder,
      lookbackDays: 9,
      kill,
      onLine: (line) => line._tag === "Asks" ? order : Effect.succeedNone
    })
    if (life.killed !== Option.isSome(kill)) return yield* Effect.die(new Error(`${name}: ${life.complaint}`))
    left.push({ name, folder: yield* copied(`${folder}/store`, `${root}/${name}/store`) })
  })
  yield* lifeOf("closed-first", 1, Option.none())
  yield* lifeOf("killed-syncing", 9, Option.some({ lines: 40, millis: 20 }))
  yield* lifeOf("killed-soon", 9, Option.some({ lines: 4, millis: 5 }))
  yield* lifeOf("closed-later", 1, Option.none())
  return left
})
