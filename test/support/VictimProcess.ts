/** Starts the process of the crash tests, answers what it asks, and kills it. */
import { Duration, Effect, Exit, Fiber, Option, Queue, Ref, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { Sandbox } from "../../src/sandbox/Sandbox.ts"
import { Order, VictimLine, VictimSetup } from "./VictimLines.ts"

/** When to kill: so many milliseconds after so many lines; before any line, from the start of the process. */
export interface Kill {
  readonly lines: number
  readonly millis: number
}

/** One process from its start to its end. */
export interface Life {
  readonly lines: ReadonlyArray<VictimLine>
  /** It ended by SIGKILL, whoever sent it. */
  readonly killed: boolean
  /** What it wrote to standard error. */
  readonly complaint: string
}

export interface LifeOptions {
  /** The bundled program; beside it Node caches what it compiles. */
  readonly program: string
  /** Of the store and the key. */
  readonly folder: string
  readonly lookbackDays: number
  readonly kill: Option.Option<Kill>
  /** `GLIDER_CRASH_AT`. */
  readonly crashAt?: string
  readonly defect?: VictimSetup["defect"]
  /** Sees each line at once; answers `Asks` with an order. */
  readonly onLine: (line: VictimLine) => Effect.Effect<Option.Option<Order>>
}

const decode = Schema.decodeUnknownExit(Schema.fromJsonString(VictimLine))
const encodeOrder = Schema.encodeSync(Schema.fromJsonString(Order))
const encodeSetup = Schema.encodeSync(Schema.fromJsonString(VictimSetup))

const bytes = new TextEncoder()

/** Lives one life. Dies when the process says what cannot be read without having been cut off. */
export const live = Effect.fnUntraced(
  function*({ crashAt, defect, folder, kill, lookbackDays, onLine, program }: LifeOptions) {
    const { calendar, clock, credentials, providerAddresses, year } = yield* Sandbox
    const setup = encodeSetup({
      folder,
      addresses: providerAddresses,
      timeZone: year.timeZone,
      calendarIds: calendar.calendarIds,
      lookbackDays,
      now: (yield* clock.now).epochMilliseconds,
      ...(defect === undefined ? {} : { defect })
    })
    const orders = yield* Queue.unbounded<Uint8Array>()
    const handle = yield* ChildProcess.make(process.execPath, [program, setup], {
      stdin: Stream.fromQueue(orders),
      extendEnv: true,
      env: {
        NODE_COMPILE_CACHE: `${program}.cache`,
        GOOGLE_CLIENT_ID: credentials.google.id,
        GOOGLE_CLIENT_SECRET: credentials.google.secret,
        SPOTIFY_CLIENT_ID: credentials.spotify.id,
        SPOTIFY_CLIENT_SECRET: credentials.spotify.secret,
        OURA_CLIENT_ID: credentials.oura.id,
        OURA_CLIENT_SECRET: credentials.oura.secret,
        GLIDER_CRASH_AT: crashAt
      }
    })
    const killed = yield* Ref.make(false)
    const killing = (millis: number) =>
      Effect.sleep(Duration.millis(millis)).pipe(
        Effect.andThen(Ref.set(killed, true)),
        Effect.andThen(handle.kill({ killSignal: "SIGKILL" })),
        Effect.ignore, // it ended by itself meanwhile, which its exit tells
        Effect.forkScoped
      )
    const lines: Array<VictimLine> = []
    const hear = Effect.fnUntraced(function*(text: string) {
      const line = decode(text)
      if (Exit.isFailure(line)) {
        if ((yield* Ref.get(killed)) || crashAt !== undefined) return // the end of what was said is cut off
        return yield* Effect.die(new Error(`the process said ${text.slice(0, 200)}`, { cause: line.cause }))
      }
      lines.push(line.value)
      const order = yield* onLine(line.value)
      if (Option.isSome(order)) yield* Queue.offer(orders, bytes.encode(`${encodeOrder(order.value)}\n`))
      if (Option.isSome(kill) && kill.value.lines === lines.length) yield* killing(kill.value.millis)
    })
    const complaint = yield* Effect.forkScoped(Stream.mkString(Stream.decodeText(handle.stderr)))
    if (Option.isSome(kill) && kill.value.lines === 0) yield* killing(kill.value.millis)
    yield* handle.stdout.pipe(Stream.decodeText(), Stream.splitLines, Stream.runForEach(hear))
    const exit = yield* Effect.exit(handle.exitCode)
    const life: Life = {
      lines,
      killed: Exit.isFailure(exit) && String(exit.cause).includes("SIGKILL"),
      complaint: yield* Fiber.join(complaint)
    }
    return life
  },
  Effect.scoped
)
