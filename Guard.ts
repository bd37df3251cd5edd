/** What goes before a store is opened, and after it is closed. */
import { Effect, FileSystem, Option, type Path, type PlatformError, Schema, type Scope } from "effect"
import { isAlive } from "../services/ProcessAlive.ts"
import { judge } from "./Judgement.ts"
import { type Holder, type Keeper, keeperOf } from "./Keeper.ts"
import { type StoreDamaged, storeDamaged } from "./StoreDamaged.ts"
import { readWitness, type Witness } from "./Witness.ts"

/** Another process has the store open: its files change, and cannot be judged. */
export class HeldByAnother extends Schema.TaggedError<HeldByAnother>()("HeldByAnother", { pid: Schema.Int }) {}

/** When a process began, in the words of the system; none where it does not tell. */
const began = Effect.fnUntraced(function*(pid: number) {
  const fs = yield* FileSystem.FileSystem
  const stat = yield* Effect.option(fs.readFileString(`/proc/${pid}/stat`))
  // the name in parentheses may hold anything; the start is the 20th field after it (proc_pid_stat(5))
  return Option.flatMapNullishOr(stat, (text) => text.slice(text.lastIndexOf(")") + 2).split(" ")[19])
})

/** The process that says it has the store open, unless that is gone, or is this one. */
const holderOf = Effect.fnUntraced(function*({ began: since, closed, pid }: Witness) {
  if (closed || pid === globalThis.process.pid || !isAlive(pid)) return Option.none<number>()
  const isAnother = Option.isSome(since) && !Option.contains(yield* began(pid), since.value)
  return isAnother ? Option.none() : Option.some(pid)
})

/**
 * Compares the files with what was written of them, and fails where they are not as they were left. From then on, until the scope ends,
 * what is new is written down; the scope must end after the store is closed.
 */
export const guard = Effect.fn("Witness.guard")(
  function*(folder: string): Effect.fn.Return<
    Keeper,
    HeldByAnother | StoreDamaged | PlatformError.PlatformError,
    FileSystem.FileSystem | Path.Path | Scope.Scope
  > {
    const found = yield* readWitness(folder)
    const witness = found._tag === "Whole" ? Option.some(found.witness) : Option.none()
    const other = Option.isSome(witness) ? yield* holderOf(witness.value) : Option.none()
    if (Option.isSome(other)) return yield* new HeldByAnother({ pid: other.value })
    const { files, findings } = yield* judge(folder, witness)
    if (findings.length > 0) return yield* yield* storeDamaged(folder, findings)
    if (found._tag === "Damaged") {
      yield* Effect.logWarning(`${found.message}; the store fits its own checksums, and is written down anew`)
    } else if (found._tag === "None" && files.size > 0) {
      yield* Effect.logInfo("the store fits its own checksums, and is written down from now on")
    }
    const { pid } = globalThis.process
    const holder: Holder = { pid, began: yield* began(pid) }
    const keeper = yield* keeperOf(folder, holder, witness, files)
    yield* Effect.acquireRelease(keeper.open, () => keeper.close)
    return keeper
  }
)
