import { Console, Context, Effect, Layer, Option, Queue, Redacted } from "effect"
import { damageFound } from "../api/Damage.ts"
import { ownAddress } from "../api/OwnAddress.ts"
import { linkAddress, SignInLinks } from "../api/SignInLinks.ts"
import { reconcilingText } from "../api/Vitals.ts"
import { CurrentConfig } from "../Config.ts"
import { DataFolder } from "../config/Places.ts"
import { Scheduler } from "../Scheduler.ts"
import { ScheduleBook } from "../schedules/ScheduleBook.ts"
import { DamagedStore } from "../services/DamagedStore.ts"
import { SystemdNotify } from "../services/SystemdNotify.ts"
import { running } from "./Client.ts"
import { Ending } from "./Ending.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { forDaemon, places, type Rooms, type Where } from "./Layers.ts"
import { watching } from "./Watchdog.ts"

/** Every SIGHUP from now on, which would otherwise end the process. */
export const hangups = Effect.gen(function*() {
  const arrived = yield* Queue.unbounded<void>()
  const listener = () => {
    Queue.offerUnsafe(arrived, undefined)
  }
  yield* Effect.acquireRelease(
    Effect.sync(() => globalThis.process.on("SIGHUP", listener)),
    () => Effect.sync(() => globalThis.process.off("SIGHUP", listener))
  )
  return arrived
})

/** Reads the config again at each SIGHUP; a config with mistakes changes nothing. */
export const reloading = Effect.fnUntraced(function*(arrived: Queue.Queue<void>) {
  const scheduler = yield* Scheduler
  const isOnlyRead = Option.isSome(yield* DamagedStore)
  const reload = isOnlyRead
    ? Effect.logWarning("the config is not read again while the store is damaged")
    : Effect.catch(
      scheduler.reload,
      ({ message }) => Effect.logError(`the config stays as it was, for the file has mistakes:\n${message}`)
    )
  return yield* Effect.forever(Effect.andThen(Queue.take(arrived), reload))
})

/** Refuses when another daemon is at work on the data folder. */
const alone = Effect.fnUntraced(function*({ dataDir }: Where) {
  const { path } = Context.get(yield* Layer.build(DataFolder.layer(dataDir)), DataFolder)
  const other = yield* running(path)
  if (Option.isNone(other)) return
  const { address, pid } = other.value.daemon
  return yield* new CommandFailed({
    message: `another glider run (pid ${pid}, ${address}) is at work on ${path}`,
    fix: "stop it first, or give this one a folder of its own with --data-dir",
    exitCode: exitCodes.failed
  })
})

/**
 * Tells the person how to get in. On standard output and not in the log, for the link lets in whoever opens it first; so a
 * service, whose output is read by others, makes none.
 */
const invitation = Effect.gen(function*() {
  const { listens } = yield* SystemdNotify
  if (listens) return
  const links = yield* SignInLinks
  const { server } = yield* CurrentConfig
  const address = linkAddress(server, yield* links.issue)
  yield* Console.log(`Open ${Redacted.value(address)} (works once, within 15 minutes)`)
})

export const stopping = Effect.gen(function*() {
  yield* Effect.logInfo("stopping")
  const { tell } = yield* SystemdNotify
  yield* tell("STOPPING=1", "STATUS=runs under way come to a safe point")
})

/** What is served, and how far it goes, in a line. */
const standing = Effect.gen(function*() {
  const damage = yield* damageFound
  if (Option.isSome(damage)) return `the store is damaged, and only read; ${damage.value.fix}`
  const { reconciling } = yield* ScheduleBook
  return reconcilingText(yield* reconciling)
})

/** Tells systemd that all is up, and from then on that it lives. */
const announced = Effect.gen(function*() {
  const { tell } = yield* SystemdNotify
  const { server } = yield* CurrentConfig
  const { begun } = yield* Scheduler
  yield* begun
  yield* tell("READY=1", `STATUS=serving on ${ownAddress(server)}; ${yield* standing}`)
  yield* watching
})

/** What happens around the start of a daemon whose store is sound. */
export interface Around<E> {
  /** Before anything is scheduled or served. */
  readonly prepare: Effect.Effect<void, E, Rooms>
  /** Once all is. */
  readonly ready: Effect.Effect<void>
}

/**
 * `glider run`: until a signal stops it, which it answers by draining. A damaged store is read, and refused where something
 * happens around the start.
 */
export const runDaemon = <E = never>(where: Where, around?: Around<E>, only?: "api") =>
  Effect.scoped(Effect.gen(function*() {
    yield* alone(where)
    const arrived = yield* hangups
    const daemon = forDaemon(around?.prepare ?? Effect.void, { inspects: around === undefined, only })
    const services = yield* Layer.build(Layer.provideMerge(daemon, places(where)))
    yield* Effect.provideContext(invitation, services)
    if (around !== undefined) yield* around.ready
    const ending = yield* Ending
    ending.drains = true
    yield* Effect.forkScoped(Effect.provideContext(announced, services))
    yield* Effect.addFinalizer(() => Effect.provideContext(stopping, services))
    return yield* Effect.provideContext(reloading(arrived), services)
  }))
