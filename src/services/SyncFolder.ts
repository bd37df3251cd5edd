import { Effect, FileSystem } from "effect"

/** Makes what a folder says of its files durable: the names that were given, changed and removed. */
export const syncFolder = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  yield* Effect.scoped(Effect.flatMap(fs.open(folder, { flag: "r" }), ({ sync }) => sync))
})
