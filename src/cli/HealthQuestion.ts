/** The questions of `glider health`, without the typed client, which takes longer to load than they take to be answered. */
import { Duration, Effect, Option, Redacted, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { find } from "../api/DaemonFile.ts"
import { dataFolderPath } from "../config/Places.ts"
import { serverToken } from "../config/Settings.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { DataDirFlag, ServerUrlFlag, TimeoutFlag } from "./Flags.ts"

/** Longer than the daemon itself waits for its store. */
const patience = Duration.seconds(5)

/** Who is asked. */
export interface Watched {
  readonly address: string
  /** For what not everybody is told. */
  readonly token: Option.Option<Redacted.Redacted<string>>
}

/** The server that is named, or the daemon of the data folder. */
export const watched = Effect.gen(function*() {
  const server = yield* ServerUrlFlag
  if (Option.isSome(server)) return { address: server.value, token: yield* serverToken }
  const folder = yield* dataFolderPath(yield* DataDirFlag)
  const daemon = yield* find(folder)
  if (Option.isSome(daemon)) return { address: daemon.value.address, token: Option.some(daemon.value.token) }
  return yield* new CommandFailed({
    message: `no glider run is at work on ${folder}`,
    fix: "glider run",
    exitCode: exitCodes.failed
  })
})

const answerOf = Effect.fnUntraced(
  function*({ address, token }: Watched, path: string) {
    const request = HttpClientRequest.get(`${address}${path}`)
    const { status, text } = yield* HttpClient.execute(
      Option.match(token, {
        onNone: () => request,
        onSome: (secret) => HttpClientRequest.bearerToken(request, Redacted.value(secret))
      })
    )
    return { status, body: yield* text }
  },
  Effect.provide(FetchHttpClient.layer)
)

const Problem = Schema.fromJsonString(Schema.Struct({ detail: Schema.String }))

/** The answer to a question that anybody may ask; silence is a no. */
export const ask = Effect.fnUntraced(function*(target: Watched, path: "/livez" | "/readyz") {
  const millis = Option.getOrElse(yield* TimeoutFlag, () => Duration.toMillis(patience))
  return yield* answerOf({ ...target, token: Option.none() }, path).pipe(
    Effect.map(({ body, status }) => ({
      ok: status === 200,
      detail: status === 200
        ? "ok"
        : Option.match(Schema.decodeUnknownOption(Problem)(body), {
          onNone: () => `the answer was ${status}`,
          onSome: ({ detail }) => detail
        })
    })),
    Effect.catch(() => Effect.succeed({ ok: false, detail: `nobody answers at ${target.address}` })),
    Effect.timeoutOrElse({
      duration: millis,
      orElse: () => Effect.succeed({ ok: false, detail: `${target.address} does not answer in time` })
    })
  )
})

const Parts = Schema.fromJsonString(Schema.Struct({
  version: Schema.String,
  parts: Schema.Record(Schema.String, Schema.Struct({ ok: Schema.Boolean, message: Schema.String }))
}))

/** Version and parts, as far as they are told; none is no reason to call it unwell. */
export const partsAt = (target: Watched) =>
  answerOf(target, "/healthz").pipe(
    Effect.flatMap(({ body }) => Schema.decodeUnknownEffect(Parts)(body)),
    Effect.timeout(patience),
    Effect.option
  )
