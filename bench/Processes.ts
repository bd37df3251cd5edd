/** Processes that benchmarks start and watch. */
import { Deferred, type Duration, Effect, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** A benchmark could not be carried out; says nothing about how fast anything is. */
export class CannotRun extends Schema.TaggedError<CannotRun>()("CannotRun", { message: Schema.String }) {}

export type Environment = { readonly [name: string]: string }

/** Starts Node with these arguments; it ends with the scope at the latest. */
export const node = (args: ReadonlyArray<string>, env: Environment = {}, input: Stream.Stream<string> = Stream.empty) =>
  ChildProcess.make(process.execPath, args, {
    cwd: root,
    env,
    extendEnv: true,
    stdin: Stream.encodeText(input),
    forceKillAfter: "10 seconds"
  })

/** What a process printed, once it has ended well. */
export const output = Effect.fnUntraced(function*(args: ReadonlyArray<string>, env?: Environment) {
  const handle = yield* node(args, env)
  const [out, err] = yield* Effect.all(
    [Stream.mkString(Stream.decodeText(handle.stdout)), Stream.mkString(Stream.decodeText(handle.stderr))],
    { concurrency: 2 }
  )
  const code = Number(yield* handle.exitCode)
  if (code === 0) return out
  return yield* new CannotRun({ message: `${args.join(" ")} ended with ${code}:\n${err}${out}` })
}, Effect.scoped)

const patiently = <A, E, R>(effect: Effect.Effect<A, E, R>, args: ReadonlyArray<string>, duration: Duration.Input) =>
  Effect.timeoutOrElse(effect, {
    duration,
    orElse: () => Effect.fail(new CannotRun({ message: `${args.join(" ")} says nothing` }))
  })

/** A process that goes on: gives its id and the first match in its standard output. */
export const going = Effect.fnUntraced(function*(
  args: ReadonlyArray<string>,
  until: RegExp,
  env?: Environment,
  input?: Stream.Stream<string>,
  patience: Duration.Input = "2 minutes" // nothing is measured by it, and other work may take the machine for a while
) {
  const handle = yield* node(args, env, input)
  const found = yield* Deferred.make<string, CannotRun>()
  let out = ""
  let err = ""
  yield* handle.stderr.pipe(
    Stream.decodeText(),
    Stream.runForEach((text) => Effect.sync(() => void (err += text))),
    Effect.forkScoped
  )
  yield* handle.stdout.pipe(
    Stream.decodeText(),
    Stream.runForEach((text) => {
      out += text
      const match = until.exec(out)
      return match === null ? Effect.void : Deferred.succeed(found, match[0])
    }),
    Effect.andThen(
      Effect.suspend(() =>
        Deferred.fail(found, new CannotRun({ message: `${args.join(" ")} ended early:\n${err}${out}` }))
      )
    ),
    Effect.forkScoped
  )
  return { handle, pid: Number(handle.pid), match: yield* patiently(Deferred.await(found), args, patience) }
})

/** Resident memory of a process, in megabytes of 10^6 bytes. */
export const residentMegabytes = Effect.fnUntraced(function*(pid: number) {
  const handle = yield* ChildProcess.make("ps", ["-o", "rss=", "-p", String(pid)])
  const kibibytes = Number((yield* Stream.mkString(Stream.decodeText(handle.stdout))).trim())
  if (!(kibibytes > 0)) return yield* new CannotRun({ message: `process ${pid} is gone` })
  return Math.round(kibibytes * 1024 / 1e6)
}, Effect.scoped)
