/** Processes one after the other over one journal: each an engine, which stops as on SIGTERM or is frozen as by a crash. */
import { Clock, Context, Deferred, type Duration, Effect, Exit, Layer, Option, Scope } from "effect"
import type { WorkflowEngine } from "effect/workflow"
import type { EngineOptions } from "../../src/engine/DurableEngine.ts"
import * as DurableEngine from "../../src/engine/DurableEngine.ts"
import type { Journal } from "../../src/engine/Journal.ts"
import type { RunControl } from "../../src/engine/RunControl.ts"
import { longTurn, until } from "./Turns.ts"

/** Where a process comes to its end. */
export interface Crash {
  /** At which of its commits, counted from 1. */
  readonly at: number
  /** Whether the store has taken this commit, and only the answer is lost. */
  readonly applied: boolean
}

export interface LifeOptions<R> extends EngineOptions {
  readonly handlers: Layer.Layer<never, never, WorkflowEngine.WorkflowEngine | R>
  readonly crash?: Crash | undefined
}

type Services = WorkflowEngine.WorkflowEngine | RunControl

/** One process. */
export interface Life {
  /** Does something with its engine; none when the process comes to its end first. */
  readonly attempt: <A, E>(
    what: Effect.Effect<A, E, Services>
  ) => Effect.Effect<Option.Option<A>, E>
  /** Does something with its engine. */
  readonly do: <A, E>(what: Effect.Effect<A, E, Services>) => Effect.Effect<A, E>
  /** Waits until it has nothing left to do at this instant: no call of the journal is under way, and none comes. */
  readonly quiet: Effect.Effect<void>
  /** Freezes it: nothing that it waits for ever comes, and it does nothing more. */
  readonly crash: Effect.Effect<void>
  /** Ends it as SIGTERM does. */
  readonly stop: Effect.Effect<void>
  readonly isDead: () => boolean
  readonly commits: () => number
  /** How often it read a whole run. */
  readonly loads: () => number
}

/** What an activity awaits before it touches the world: a process that is dead does nothing. */
export class Pulse extends Context.Reference<Effect.Effect<void>>("glider/test/Pulse", {
  defaultValue: () => Effect.void
}) {}

/** So many turns without a call of the journal, and nothing comes any more. */
const quietTurns = 10

/** Begins the life of a process. One that has crashed is never closed: it is left behind as it is. */
export const begin = Effect.fnUntraced(function*<R>(journal: Journal, { crash, handlers, ...options }: LifeOptions<R>) {
  const outer = yield* Clock.Clock
  const death = yield* Deferred.make<void>()
  const scope = yield* Scope.make()
  let [calls, underWay, commits, loads] = [0, 0, 0, 0]
  const isDead = () => Deferred.isDoneUnsafe(death)
  const pulse = Effect.suspend(() => isDead() ? Effect.never : Effect.void)
  const die = Effect.asVoid(Deferred.succeed(death, undefined))

  const called = <A, E>(what: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.andThen(
      pulse,
      Effect.suspend(() => {
        calls++
        underWay++
        return Effect.ensuring(
          Effect.tap(what, () => pulse),
          Effect.sync(() => {
            underWay--
          })
        )
      })
    )

  const watched: Journal = {
    commit: (changes) =>
      called(Effect.suspend(() => {
        if (++commits !== crash?.at) return journal.commit(changes)
        return Effect.andThen(crash.applied ? journal.commit(changes) : Effect.void, Effect.andThen(die, Effect.never))
      })),
    rows: (ids) => called(journal.rows(ids)),
    load: (id) =>
      called(Effect.suspend(() => {
        loads++
        return journal.load(id)
      })),
    unfinished: (workflow) => called(journal.unfinished(workflow))
  }

  const clock: Clock.Clock = {
    sleep: (duration: Duration.Duration) => Effect.andThen(outer.sleep(duration), pulse),
    currentTimeMillisUnsafe: () => outer.currentTimeMillisUnsafe(),
    currentTimeMillis: outer.currentTimeMillis,
    currentTimeNanosUnsafe: () => outer.currentTimeNanosUnsafe(),
    currentTimeNanos: outer.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => outer.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: outer.monotonicTimeNanos
  }
  const context = yield* Layer.provideMerge(handlers, DurableEngine.layerMemory(watched, options)).pipe(
    Layer.buildWithScope(scope),
    Effect.provideService(Clock.Clock, clock),
    Effect.provideService(Pulse, pulse)
  )
  const act = <A, E>(what: Effect.Effect<A, E, Services>) =>
    what.pipe(Effect.provideContext(context), Effect.provideService(Clock.Clock, clock))

  const quiet = Effect.suspend(() => {
    let [seen, turns] = [calls, 0]
    return until(() =>
      Effect.map(longTurn, () => {
        turns = underWay > 0 || seen !== calls ? 0 : turns + 1
        seen = calls
        return turns > quietTurns || isDead()
      })
    )
  })
  const life: Life = {
    attempt: (what) => Effect.raceFirst(Effect.asSome(act(what)), Effect.as(Deferred.await(death), Option.none())),
    do: act,
    quiet,
    crash: die,
    stop: Effect.provideService(Scope.close(scope, Exit.void), Clock.Clock, clock),
    isDead,
    commits: () => commits,
    loads: () => loads
  }
  return life
})
