/** The process that a program starts to use the tools: it holds no store, and asks whichever `glider run` is at work. */
import { Cause, Effect, Exit, Fiber, Layer, Option, type Scope } from "effect"
import { stdioServer } from "../mcp/StdioServer.ts"
import { notRunning } from "../mcp/ToolFailure.ts"
import { connectRunning } from "./Client.ts"
import { explain } from "./Failure.ts"
import { version } from "./Version.ts"

/** The client of the Glider at work, asked for at each call. */
const connect = connectRunning.pipe(
  Effect.map(({ client }) => client),
  Effect.mapError((error) => {
    const { fix, message } = explain(error)
    return notRunning(message, Option.getOrUndefined(fix))
  })
)

/** Serves until standard input is closed; calls that are under way then are answered. */
export const serveOverStdio = Effect.fnUntraced(function*(writes: boolean) {
  const context = yield* Effect.context<Exclude<Effect.Services<typeof connect>, Scope.Scope>>()
  yield* Effect.logInfo(
    `serves tools over standard input and output${writes ? ", also those that change something" : ""}`
  )
  // the end of the input ends this fiber, and not the command
  const serving = yield* Effect.forkChild(
    Layer.launch(stdioServer({ connect: Effect.provideContext(connect, context), version, writes }))
  )
  const exit = yield* Fiber.await(serving)
  if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.failCause(exit.cause)
})
