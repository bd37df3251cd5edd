import { Context, Effect } from "effect"
import { statfs } from "node:fs/promises"

/** How many bytes are free where a folder is, for who may not write as root does; none where that cannot be told. */
export class DiskSpace extends Context.Reference<(folder: string) => Effect.Effect<number | undefined>>(
  "glider/services/DiskSpace",
  {
    defaultValue: () => (folder) =>
      Effect.tryPromise(() => statfs(folder)).pipe(
        Effect.map(({ bavail, bsize }) => bavail * bsize),
        Effect.orElseSucceed(() => undefined) // a system that does not say is none that is full
      )
  }
) {}
