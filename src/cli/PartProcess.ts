/** `glider run --only …`: one of several processes that share a store. */
import { Context, Effect, Layer, Option } from "effect"
import { CurrentConfig } from "../Config.ts"
import { isRemote } from "../services/SurrealEngine.ts"
import { SystemdNotify } from "../services/SystemdNotify.ts"
import { hangups, reloading, runDaemon, stopping } from "./DaemonProcess.ts"
import { Ending } from "./Ending.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { forPart, places, type Plane, type Where } from "./Layers.ts"

const does = {
  scheduler: "runs what is due by the clock",
  worker: "does jobs"
} as const

/** An embedded store has one process. */
const shared = Effect.fnUntraced(function*(where: Where) {
  const { path, store } = Context.get(yield* Layer.build(places(where)), CurrentConfig)
  if (Option.exists(store.url, isRemote)) return
  return yield* new CommandFailed({
    message: "--only is for processes that share a store, and the embedded store has one alone",
    fix: `set [store] url to that of a server, ws://… or wss://…, in ${path}; or leave --only out`,
    exitCode: exitCodes.usage
  })
})

const part = Effect.fnUntraced(function*(where: Where, only: Exclude<Plane, "api">) {
  const arrived = yield* hangups
  const services = yield* Layer.build(Layer.provideMerge(forPart(only), places(where)))
  const ending = yield* Ending
  ending.drains = true
  const { tell } = Context.get(services, SystemdNotify)
  yield* Effect.logInfo(`this process ${does[only]}`)
  yield* tell("READY=1", `STATUS=${does[only]}`)
  yield* Effect.addFinalizer(() => Effect.provideContext(stopping, services))
  return yield* Effect.provideContext(reloading(arrived), services)
})

/** Until a signal stops it, which it answers by draining. */
export const runPart = (where: Where, only: Plane) =>
  Effect.scoped(Effect.gen(function*() {
    yield* shared(where)
    return yield* only === "api" ? runDaemon(where, undefined, only) : part(where, only)
  }))
