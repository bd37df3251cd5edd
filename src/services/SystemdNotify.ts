/** What systemd is told by a service of `Type=notify`. */
import { Clock, Config, Context, Duration, Effect, Layer, Option } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"

/** The program that hands on what is told: Node has no datagram sockets of the kind that systemd listens on. */
const helper = "systemd-notify"

/** A variable of the environment; an empty one counts as absent. */
const variable = (name: string): Effect.Effect<Option.Option<string>> =>
  Config.option(Config.String(name)).pipe(
    Effect.map(Option.filter((value) => value !== "")),
    Effect.orDie // an optional string fails only with its provider
  )

/** How often a sign of life is expected; none where nobody waits for one, or waits for that of another process. */
const expected = Effect.gen(function*() {
  const micros = Option.filter(Option.map(yield* variable("WATCHDOG_USEC"), Number), (number) => number > 0)
  const isOwn = Option.match(yield* variable("WATCHDOG_PID"), {
    onNone: () => true,
    onSome: (pid) => Number(pid) === globalThis.process.pid
  })
  return Option.map(Option.filter(micros, () => isOwn), (number) => Duration.micros(BigInt(Math.floor(number))))
})

/** Where no service manager listens. */
const nobody = { tell: () => Effect.void, listens: false, watchdog: Option.none<Duration.Duration>() }

/** The service manager that has started this process. */
export class SystemdNotify extends Context.Reference<{
  /**
   * Hands on assignments such as `READY=1`; returns when systemd has taken them. Does nothing where no service manager
   * listens, and what goes wrong is told once in the log: the service does its work without.
   */
  readonly tell: (...assignments: ReadonlyArray<string>) => Effect.Effect<void>
  /** Whether there is one, which writes down for many to read what this process prints. */
  readonly listens: boolean
  /** Within what time the next `WATCHDOG=1` is expected, always anew. */
  readonly watchdog: Option.Option<Duration.Duration>
}>("glider/services/SystemdNotify", {
  defaultValue: () => nobody
}) {
  /** For the process that `$NOTIFY_SOCKET` was given to. */
  static readonly layer: Layer.Layer<never, never, ChildProcessSpawner.ChildProcessSpawner> = Layer.effect(
    SystemdNotify,
    Effect.gen(function*() {
      const socket = yield* variable("NOTIFY_SOCKET")
      if (Option.isNone(socket)) return nobody
      const { exitCode } = yield* ChildProcessSpawner.ChildProcessSpawner
      const env = {
        NOTIFY_SOCKET: socket.value,
        PATH: Option.getOrElse(yield* variable("PATH"), () => "/usr/bin:/bin")
      }
      let complained = false
      const complain = (why: string) =>
        Effect.suspend(() => {
          if (complained) return Effect.void
          complained = true
          return Effect.logWarning(`systemd is not told how this service does: ${helper} ${why}`)
        })
      const tell = (...assignments: ReadonlyArray<string>) =>
        exitCode(
          ChildProcess.make(helper, assignments, {
            env,
            extendEnv: false,
            stdin: "ignore",
            stdout: "ignore",
            stderr: "ignore"
          })
        ).pipe(Effect.matchEffect({
          onFailure: ({ reason }) =>
            complain(reason._tag === "NotFound" ? "is not installed" : `cannot be run: ${reason._tag}`),
          onSuccess: (code) => Number(code) === 0 ? Effect.void : complain(`ended with ${code}`)
        }))
      return { tell, listens: true, watchdog: yield* expected }
    })
  )
}

/** Tells systemd of a reload, from its begin to its end. */
export const whileReloading = <A, E, R>(reload: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(SystemdNotify, ({ tell }) =>
    Effect.acquireUseRelease(
      Effect.flatMap(
        Clock.monotonicTimeNanos,
        (now) => tell("RELOADING=1", `MONOTONIC_USEC=${now / 1000n}`)
      ),
      () => reload,
      () => tell("READY=1")
    ))
