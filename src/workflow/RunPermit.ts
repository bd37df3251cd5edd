import { Effect, Exit, Scope, type Semaphore } from "effect"

/** The right of one pass of a run to be at work: a permit of each of these semaphores. */
export class RunPermit {
  readonly #semaphores: ReadonlyArray<Semaphore.Semaphore>
  /** Holds the permits, also those that are still to come, and gives them back when it is closed. */
  #held: Scope.Closeable | undefined
  /** How many branches of the run wait for something that may need a permit itself. */
  #away = 0
  #over = false

  constructor(semaphores: ReadonlyArray<Semaphore.Semaphore>) {
    this.#semaphores = semaphores
  }

  /** Takes the permit, runs the body, and gives back what is left of it. */
  during<A, E, R>(body: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    if (this.#semaphores.length === 0) return body
    return Effect.ensuring(
      Effect.andThen(this.#take, body),
      Effect.suspend(() => {
        this.#over = true
        return this.#release
      })
    )
  }

  /**
   * Gives the permit back for so long. It is taken again when no branch of the run is away any more: so there is one
   * `#take` for each time that the first of them went, and that one has released.
   */
  without<A, E, R>(wait: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    if (this.#semaphores.length === 0) return wait
    return Effect.uninterruptibleMask((restore) =>
      Effect.gen({ self: this }, function*() {
        this.#away++
        yield* this.#release
        const exit = yield* Effect.exit(restore(wait))
        this.#away--
        // a branch that is interrupted, as by a suspension, ends here
        if (this.#away === 0 && !this.#over) yield* restore(this.#take)
        return yield* exit
      })
    )
  }

  get #take(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const scope = Scope.makeUnsafe()
      this.#held = scope
      return Scope.provide(
        Effect.forEach(this.#semaphores, (semaphore) => semaphore.takeScoped(1), { discard: true }),
        scope
      )
    })
  }

  get #release(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const scope = this.#held
      this.#held = undefined
      return scope === undefined ? Effect.void : Scope.close(scope, Exit.void)
    })
  }
}
