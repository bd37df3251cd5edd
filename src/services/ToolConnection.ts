/** The connection to one server of tools: begun when it is needed, and again after it was lost, but not for ever. */
import { Clock, Config, Duration, Effect, Exit, Option, Scope, Semaphore } from "effect"
import { McpClient, McpClientError, McpProtocol } from "effect/ai"
import { ChildProcess } from "effect/process"
import type { ToolServer } from "../Config.ts"

/** A connection. */
export interface Open {
  readonly client: McpClient.McpClient
  readonly scope: Scope.Closeable
}

/** What every process needs to find its files; nothing of ours. */
const usual = ["PATH", "HOME", "LANG", "TMPDIR", "USER"]

/** So long a server rests that ended too often. */
const rest = Duration.minutes(1)

/** After 100 ms, doubling, 5 s at most. */
const backoff = (failures: number): Duration.Duration => Duration.millis(Math.min(5000, 50 * 2 ** failures))

const resting = (name: string) =>
  new McpClientError.McpClientError({
    reason: new McpClientError.ClosedError({ description: `${name} ended too often, and rests for a minute` })
  })

/** The variables of the environment that the process gets. */
const environment = Effect.fnUntraced(function*(names: ReadonlyArray<string>) {
  const found: Array<readonly [string, string]> = []
  for (const name of new Set([...usual, ...names])) {
    const value = yield* Effect.option(Config.String(name))
    if (Option.isSome(value)) found.push([name, value.value])
  }
  return Object.fromEntries(found)
})

const protocols = [McpProtocol.v2025_11_25, McpProtocol.v2026_07_28] as const

/** Whether the server speaks another revision of the protocol; over HTTP it calls the first request a bad one then. */
const isOther = ({ reason }: McpClientError.McpClientError): boolean =>
  reason._tag === "UnsupportedError" || reason._tag === "ProtocolError" || reason._tag === "ValidationError" ||
  (reason._tag === "HttpError" && reason.status === 400)

export const make = Effect.fnUntraced(function*({ at, name, restarts, timeout }: ToolServer) {
  const owner = yield* Effect.scope
  const services = yield* Effect.context<
    Effect.Services<ReturnType<typeof McpClient.stdio>> | Effect.Services<ReturnType<typeof McpClient.http>>
  >()
  const env = at._tag === "Command" ? yield* environment(at.env) : {}
  const turn = yield* Semaphore.make(1)
  let open: Open | undefined
  let failures = 0
  let restsUntil = 0

  const speaking = (protocol: typeof protocols[number]) =>
    Effect.gen(function*() {
      const transport = at._tag === "Url"
        ? yield* McpClient.http({ url: at.url, protocol })
        : yield* McpClient.stdio({
          command: ChildProcess.make(at.command, at.args, { env, extendEnv: false }),
          protocol
        })
      return yield* McpClient.make({ name: "glider", version: "1", timeout }).pipe(
        Effect.provideService(McpClient.Transport, transport)
      )
    })

  const begin = Effect.gen(function*() {
    const scope = yield* Scope.make()
    return yield* speaking(protocols[0]).pipe(
      Effect.catchIf(isOther, () => speaking(protocols[1])),
      Effect.provideService(Scope.Scope, scope),
      Effect.map((client): Open => ({ client, scope })),
      Effect.onError(() => Scope.close(scope, Exit.void))
    )
  }).pipe(Effect.provideContext(services))

  /** Begins it, not too often in a row. */
  const begun = Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    if (now < restsUntil) return yield* resting(name)
    if (failures > 0) yield* Effect.sleep(backoff(failures))
    return yield* begin.pipe(
      Effect.tapError(() => failedOnce),
      Effect.tap(() => Effect.logDebug(`the tool server ${name} is there`))
    )
  })

  const failedOnce = Effect.gen(function*() {
    failures++
    if (failures <= restarts) return
    failures = 0
    restsUntil = (yield* Clock.currentTimeMillis) + Duration.toMillis(rest)
    yield* Effect.logWarning(`the tool server ${name} ended too often, and rests for a minute`)
  })

  yield* Scope.addFinalizer(
    owner,
    Effect.suspend(() => open === undefined ? Effect.void : Scope.close(open.scope, Exit.void))
  )

  return {
    /** It has answered: what went wrong before is over. */
    answered: Effect.sync(() => {
      failures = 0
    }),
    /** One of its own, for the scope at hand. */
    fresh: Effect.acquireRelease(begun, ({ scope }) => Scope.close(scope, Exit.void)),
    /** The one that is kept, begun when there is none. */
    kept: turn.withPermits(1)(Effect.gen(function*() {
      open ??= yield* begun
      return open
    })),
    /** Gives it up; the next one who asks begins it anew. */
    lose: Effect.fnUntraced(function*(lost: Open) {
      if (open !== lost) return
      open = undefined
      yield* failedOnce
      yield* Scope.close(lost.scope, Exit.void)
    })
  }
})
