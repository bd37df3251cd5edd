/** What is said everywhere of a store that is damaged, and what a person does about it. */
import { Effect, Option } from "effect"
import { LastBackup } from "../backup/Backups.ts"
import { DamagedStore } from "../services/DamagedStore.ts"
import { StoreDamaged } from "./Problems.ts"

export interface Damage {
  /** That the store is damaged, which one, and how. */
  readonly message: string
  readonly folder: string
  /** All that differs. */
  readonly differences: ReadonlyArray<string>
  /** What mends it, once `glider run` is stopped, in this order. */
  readonly commands: ReadonlyArray<string>
  /** The same as a sentence. */
  readonly fix: string
}

/** A word of a command, as a shell reads it. */
const quoted = (word: string): string => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** As it was when this process opened the store; none when that is sound. */
export const damageFound: Effect.Effect<Option.Option<Damage>> = Effect.gen(function*() {
  const damaged = yield* DamagedStore
  if (Option.isNone(damaged)) return Option.none()
  const backups = yield* LastBackup
  const newest = Option.isSome(backups) ? yield* backups.value : Option.none()
  const commands = Option.match(newest, {
    // what can be read goes on without the rest
    onNone: () => ["glider db export <folder>", "glider db accept --yes", "glider run"],
    onSome: ({ path }) => [`glider db restore ${quoted(path)} --yes`, "glider run"]
  })
  const { damage: differences, folder, message } = damaged.value
  return Option.some({
    message,
    folder,
    differences,
    commands,
    fix: `stop glider run, then: ${commands.join("; then: ")}`
  })
})

/** Refuses what would change something. */
export const unlessDamaged = (damage: Option.Option<Damage>): Effect.Effect<void, StoreDamaged> =>
  Option.match(damage, {
    onNone: () => Effect.void,
    onSome: ({ fix, message }) => Effect.fail(new StoreDamaged({ detail: `Nothing is changed: ${message}.`, fix }))
  })
