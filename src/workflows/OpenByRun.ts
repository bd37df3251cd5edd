/** What the runs of this process have open: a chunk goes on where the one before has ended, without opening anything again. */
import { Effect, Exit, Scope } from "effect"

/** How a chunk is taken of what is open. */
export interface Chunk<Kept, A, E, R> {
  /** Whether what is open stands where the chunk begins. */
  readonly isThere: (kept: Kept) => boolean
  /** Opens it there; what was open elsewhere is closed by then. */
  readonly open: (before: Kept | undefined) => Effect.Effect<Kept, E, R>
  /** Takes the chunk, and says what is kept for the next one; nothing at the end. */
  readonly take: (kept: Kept) => Effect.Effect<readonly [taken: A, next: Kept | undefined], E, Exclude<R, Scope.Scope>>
}

export interface OpenByRun<Kept> {
  /** A failure closes what is open. */
  readonly use: <A, E, R>(
    run: string,
    chunk: Chunk<Kept, A, E, R>
  ) => Effect.Effect<A, E, Exclude<R, Scope.Scope>>
  readonly close: (run: string) => Effect.Effect<void>
}

/** All of it is closed with the scope at the latest. */
export const openByRun = <Kept>(): Effect.Effect<OpenByRun<Kept>, never, Scope.Scope> =>
  Effect.map(Effect.scope, (outer): OpenByRun<Kept> => {
    const opened = new Map<string, { readonly kept: Kept; readonly scope: Scope.Closeable }>()

    const close = (run: string) =>
      Effect.suspend(() => {
        const known = opened.get(run)
        opened.delete(run)
        return known === undefined ? Effect.void : Scope.close(known.scope, Exit.void)
      })

    const use = Effect.fnUntraced(function*<A, E, R>(run: string, { isThere, open, take }: Chunk<Kept, A, E, R>) {
      const known = opened.get(run)
      const isKnown = known !== undefined && isThere(known.kept)
      if (isKnown) opened.delete(run)
      else yield* close(run)
      const scope = isKnown ? known.scope : yield* Scope.fork(outer)
      const work = isKnown
        ? take(known.kept)
        : Effect.flatMap(Effect.provideService(open(known?.kept), Scope.Scope, scope), take)
      const [taken, next] = yield* Effect.onError(work, () => Scope.close(scope, Exit.void))
      if (next === undefined) yield* Scope.close(scope, Exit.void)
      else opened.set(run, { kept: next, scope })
      return taken
    })

    return { use, close }
  })
