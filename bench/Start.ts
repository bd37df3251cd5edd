/** How long a person waits: for `--help`, and from the start of the process to the first request of a sync. */
import { Clock, Deferred, Effect } from "effect"
import { bundle, installation } from "./Installation.ts"
import { CannotRun, node, output } from "./Processes.ts"
import { median, type Outcome, promise, round, type Sizes } from "./Report.ts"

/** The requests of syncs, not those for tokens. */
const isSync = (path: string): boolean => /^\/(spotify\/v1|oura\/v2|calendar\/v3)\//.test(path)

const elapsed = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const before = yield* Clock.currentTimeNanos
  yield* effect
  return Number((yield* Clock.currentTimeNanos) - before) / 1e6
})

export const start = Effect.fn("bench.start")(function*({ starts }: Sizes) {
  let first = yield* Deferred.make<void>()
  const { environment, where } = yield* installation(
    "[sync.spotify]\ninterval_seconds = 3600",
    (path) => {
      if (isSync(path)) Deferred.doneUnsafe(first, Effect.void)
    }
  )
  const requests: Array<number> = []
  const helps: Array<number> = []
  const bare: Array<number> = []
  for (let count = 0; count < starts; count++) {
    first = yield* Deferred.make<void>()
    const once = Effect.scoped(Effect.gen(function*() {
      const before = yield* Clock.currentTimeNanos
      const glider = yield* node([bundle, "run", ...where], environment)
      yield* Effect.raceFirst(
        Deferred.await(first),
        Effect.flatMap(
          glider.exitCode,
          (code) => Effect.fail(new CannotRun({ message: `glider run ended with ${code} before its first request` }))
        )
      )
      const millis = Number((yield* Clock.currentTimeNanos) - before) / 1e6
      yield* glider.kill({ killSignal: "SIGTERM" })
      return millis
    }))
    requests.push(yield* once)
    helps.push(yield* elapsed(output([bundle, "--help"])))
    bare.push(yield* elapsed(output(["-e", "0"])))
  }
  const milliseconds = (numbers: ReadonlyArray<number>) => numbers.map((number) => round(number))
  const outcome: Outcome = {
    promises: [
      promise({
        what: "start of the process to the first request of a sync, median",
        unit: "ms",
        bound: "below",
        promised: 1000,
        measured: round(median(requests))
      }),
      promise({
        what: "glider --help, median",
        unit: "ms",
        bound: "below",
        promised: 250,
        measured: round(median(helps))
      })
    ],
    figures: {
      firstRequests: milliseconds(requests),
      helps: milliseconds(helps),
      emptyNode: round(median(bare))
    }
  }
  return outcome
}, Effect.scoped)
