/** Starts the workflow process of the crash tests, hears what it says, and kills it. */
import { Duration, Effect, Exit, Fiber, Ref, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { Line, Setup } from "./WorkflowVictimLines.ts"

/** How a process comes to its end: so long after its start or after it has opened the store, at a named place, or by itself. */
export type End =
  | { readonly _tag: "AfterStart"; readonly millis: number }
  | { readonly _tag: "AfterOpening"; readonly millis: number }
  | { readonly _tag: "At"; readonly place: string }
  | { readonly _tag: "ByItself" }

/** One process from its start to its end. */
export interface Life {
  readonly setup: Setup
  readonly lines: ReadonlyArray<Line>
  /** It ended by SIGKILL, whoever sent it. */
  readonly killed: boolean
  /** It ended at the place where it should, and not because it did not come there. */
  readonly atPlace: boolean
  /** What it wrote to standard error. */
  readonly complaint: string
}

const decode = Schema.decodeUnknownExit(Schema.fromJsonString(Line))
const encode = Schema.encodeSync(Schema.fromJsonString(Setup))

/** A process that should be killed at a place which it does not reach is killed after this. */
const patience = 1500

/** Lives one life. */
export const live = Effect.fnUntraced(
  function*(program: string, setup: Setup, end: End) {
    const handle = yield* ChildProcess.make(process.execPath, [program, encode(setup)], {
      stdin: "ignore",
      extendEnv: true,
      env: { NODE_COMPILE_CACHE: `${program}.cache`, GLIDER_CRASH_AT: end._tag === "At" ? end.place : undefined }
    })
    const killed = yield* Ref.make(false)
    const killAfter = (millis: number) =>
      Effect.sleep(Duration.millis(millis)).pipe(
        Effect.andThen(Ref.set(killed, true)),
        Effect.andThen(handle.kill({ killSignal: "SIGKILL" })),
        Effect.ignore, // it ended by itself meanwhile, which its exit tells
        Effect.forkScoped
      )
    const lines: Array<Line> = []
    const hear = Effect.fnUntraced(function*(text: string) {
      const line = decode(text)
      if (Exit.isFailure(line)) {
        if ((yield* Ref.get(killed)) || end._tag === "At") return // the end of what was said is cut off
        return yield* Effect.die(new Error(`the process said ${text.slice(0, 200)}`, { cause: line.cause }))
      }
      lines.push(line.value)
      if (line.value._tag !== "Opened") return
      if (end._tag === "AfterOpening") yield* killAfter(end.millis)
      if (end._tag === "At") yield* killAfter(patience)
    })
    const complaint = yield* Effect.forkScoped(Stream.mkString(Stream.decodeText(handle.stderr)))
    if (end._tag === "AfterStart") yield* killAfter(end.millis)
    yield* handle.stdout.pipe(Stream.decodeText(), Stream.splitLines, Stream.runForEach(hear))
    const exit = yield* Effect.exit(handle.exitCode)
    const isKilled = Exit.isFailure(exit) && String(exit.cause).includes("SIGKILL")
    const life: Life = {
      setup,
      lines,
      killed: isKilled,
      atPlace: isKilled && end._tag === "At" && !(yield* Ref.get(killed)),
      complaint: yield* Fiber.join(complaint)
    }
    return life
  },
  Effect.scoped
)
