import {
  Array as Arr,
  Context,
  Deferred,
  Duration,
  Effect,
  FileSystem,
  Latch,
  Option,
  Predicate,
  Record,
  Redacted,
  Schedule,
  Schema
} from "effect"
import type * as Sdk from "surrealdb"
import { type Examination, examine } from "./StoreExamination.ts"
import { holder, isHeld, pidFile } from "./StoreHolder.ts"
import { keep, type Rechecked } from "./StoreWitness.ts"
import {
  AlreadyExists,
  Conflict,
  QueryFailed,
  StoreDamaged,
  StoreHeld,
  StoreUnavailable,
  SurrealError
} from "./SurrealError.ts"
import { type Ask, leave, remoteCalls } from "./SurrealRemote.ts"

/** Which database to open, and as whom. */
export interface StoreTarget {
  /** `rocksdb://<absolute folder>`, `mem://`, `ws://…` or `wss://…`. */
  readonly url: string
  readonly namespace: string
  readonly database: string
  /** For a remote store. */
  readonly credentials: Option.Option<{ readonly username: string; readonly password: Redacted.Redacted<string> }>
  /** Overrides the sync mode of an embedded store: tests that reopen it in one process cannot have `every`. */
  readonly sync?: "every" | "never"
  /** A copy of a damaged store, to be looked at: nothing is written down of it. */
  readonly isInspected?: boolean
}

/** How long a remote store, or the engine's start, may take to answer. */
export class StoreTimeouts
  extends Context.Reference<{ readonly open: Duration.Duration; readonly call: Duration.Duration }>(
    "glider/services/StoreTimeouts",
    { defaultValue: () => ({ open: Duration.seconds(15), call: Duration.seconds(60) }) }
  )
{}

const isEmbedded = (url: string): boolean => url.startsWith("rocksdb:")

/** Whether the store is a server's, which others may use at the same time. */
export const isRemote = (url: string): boolean => !isEmbedded(url) && !url.startsWith("mem:")

/** The folder of an embedded store. */
export const storeFolder = (url: string): Option.Option<string> =>
  isEmbedded(url) ? Option.some(url.slice("rocksdb://".length).replace(/\?.*$/, "")) : Option.none()

const engineUrl = (target: StoreTarget): string =>
  isEmbedded(target.url) ? `${target.url.replace(/\?.*$/, "")}?sync=${target.sync ?? "every"}` : target.url

/**
 * RocksDB's share of memory: by default it takes half the machine for its block cache. A transaction that is larger than its
 * buffers together, roughly, never ends (4 of them: 64 MB), and a provider's largest answer is stored about three times; they
 * are taken only when they are needed. Read by the native engine from the environment when it opens.
 */
const engineMemory = {
  SURREAL_ROCKSDB_BLOCK_CACHE_SIZE: String(32 * 1024 * 1024),
  SURREAL_ROCKSDB_WRITE_BUFFER_SIZE: String(16 * 1024 * 1024),
  SURREAL_ROCKSDB_MAX_WRITE_BUFFER_NUMBER: "32"
}

const failed = (operation: string, reason: SurrealError["reason"]): SurrealError =>
  new SurrealError({ operation, reason })

const text = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)

/** Whether the engine itself said so, whose words may name anything, e.g. the table `connection`. */
const isAnswer = (cause: unknown): boolean => Predicate.hasProperty(cause, "kind")

/** An SDK failure as ours. Conflicts are told by their text: the engine words them in three ways. */
export const toSurrealError = (operation: string) => (cause: unknown): SurrealError => {
  const message = text(cause)
  if (/can be retried|transaction conflict|write conflict/i.test(message)) {
    return failed(operation, new Conflict({ message }))
  }
  if (/already contains|already exists/i.test(message)) return failed(operation, new AlreadyExists({ message }))
  if (!isAnswer(cause) && /not connected|connection|websocket|socket|unavailable/i.test(message)) {
    return failed(operation, new StoreUnavailable({ message: `the store does not answer: ${message}` }))
  }
  return failed(operation, new QueryFailed({ message }))
}

/** What the engine or the server said when it did not open; `answered` is whether it was its decision. */
class NotOpened extends Schema.TaggedError<NotOpened>()("NotOpened", {
  message: Schema.String,
  answered: Schema.Boolean
}) {}

const refused = (cause: unknown): NotOpened =>
  new NotOpened({ message: text(cause), answered: toSurrealError("open")(cause).reason._tag !== "StoreUnavailable" })

/** An address without what may be secret in it. */
export const place = (url: string): string => url.replace(/\?.*$/, "").replace(/^(\w+:\/\/)[^/]*@/, "$1")

const openFailure = Effect.fnUntraced(function*(target: StoreTarget, { message }: NotOpened) {
  const folder = storeFolder(target.url)
  if (Option.isSome(folder) && /\block\b/i.test(message)) {
    const pid = yield* holder(folder.value)
    const who = Option.match(pid, { onNone: () => "another glider", onSome: (id) => `another glider (pid ${id})` })
    return failed(
      "open",
      new StoreHeld({
        pid,
        message:
          `${who} holds the store ${folder.value}; stop it first, or give this one a folder of its own with --data-dir`
      })
    )
  }
  return failed("open", new StoreUnavailable({ message: `cannot open ${place(target.url)}: ${message}` }))
})

/** Connects once. The SDK never rejects when an engine fails to open, so its error event is raced with it. */
const attempt = Effect.fnUntraced(function*(target: StoreTarget) {
  const [sdk, node, { SurrealCodec }] = yield* Effect.promise(() =>
    Promise.all([import("surrealdb"), import("@surrealdb/node"), import("./SurrealCodec.ts")])
  )
  const broken = yield* Deferred.make<never, NotOpened>()
  const watched = (make: Sdk.EngineFactory): Sdk.EngineFactory => (context) => {
    const engine = make(context)
    engine.subscribe("error", (error) => {
      const message = text(error.cause ?? error) || "it cannot be reached" // Node gives no reason for a refused socket
      Deferred.doneUnsafe(broken, Effect.fail(new NotOpened({ message, answered: false })))
    })
    return engine
  }
  const client = new sdk.Surreal({
    engines: Record.map({ ...sdk.createRemoteEngines(), ...node.createNodeEngines() }, watched),
    codecs: { cbor: (options) => new SurrealCodec(options) }
  })
  const connecting = Effect.tryPromise({
    try: () =>
      client.connect(engineUrl(target), {
        namespace: target.namespace,
        database: target.database,
        reconnect: false,
        ...Option.match(target.credentials, {
          onNone: () => ({}),
          onSome: ({ password, username }) => ({ authentication: { username, password: Redacted.value(password) } })
        })
      }),
    catch: refused
  })
  yield* Effect.raceFirst(connecting, Deferred.await(broken)).pipe(
    Effect.onError(() => isRemote(target.url) ? leave(client) : Effect.void)
  )
  return client
})

/** Connects in the time there is: to a server that is not there yet again and again. */
const connect = Effect.fnUntraced(function*(target: StoreTarget) {
  const { open } = yield* StoreTimeouts
  let last = ""
  return yield* attempt(target).pipe(
    Effect.tapError(({ message }) =>
      Effect.sync(() => {
        last = `: ${message}`
      })
    ),
    Effect.retry({
      schedule: Schedule.spaced("200 millis"),
      while: ({ answered }) => isRemote(target.url) && !answered
    }),
    Effect.timeoutOrElse({
      duration: open,
      orElse: () =>
        Effect.fail(new NotOpened({ message: `no answer within ${Duration.format(open)}${last}`, answered: false }))
    }),
    Effect.catch((cause) => Effect.flatMap(openFailure(target, cause), Effect.fail))
  )
})

/** What a client is asked, with its failures as ours. */
const ask = (client: Sdk.Surreal): Ask => (operation, run) =>
  Effect.tryPromise({ try: () => run(client), catch: toSurrealError(operation) })

/** An opened store. */
export interface Opened {
  /** For calls to the SDK. */
  readonly call: Ask
  /** Reads the files again of which something is written down; none where nothing is. */
  readonly recheck: Option.Option<Effect.Effect<Rechecked, SurrealError>>
}

/** Opens a store, until the scope ends. */
export const open = Effect.fnUntraced(function*(target: StoreTarget) {
  if (!isRemote(target.url)) return yield* embedded(target)
  const context = yield* Effect.context<FileSystem.FileSystem>()
  const { call: limit } = yield* StoreTimeouts
  const call = yield* remoteCalls(Effect.provideContext(connect(target), context), ask, limit)
  const opened: Opened = { call, recheck: Option.none() }
  return opened
})

const nothingSeen: Pick<Examination, "accepted" | "damage" | "notes" | "seen"> = {
  accepted: [],
  damage: [],
  notes: ["the store's files are not compared, for another process seems to hold them"],
  seen: {}
}

/** How often the files of the store are looked at while it is open. */
const watchEvery = Duration.seconds(1)

/**
 * Refuses a store that is not as it was left. Gives what is to be run once the engine has opened it: from then on what
 * becomes of its files is written down, until it is closed again; and what reads them again meanwhile.
 */
const witnessed = Effect.fnUntraced(function*(folder: string) {
  const unreadable = ({ message }: { readonly message: string }) => failed("open", new StoreUnavailable({ message }))
  // the files of another process change meanwhile, and the engine will refuse; should it not, all is seen anew
  const held = yield* isHeld(folder)
  const { accepted, damage, notes, seen } = held ? nothingSeen : yield* Effect.mapError(examine(folder), unreadable)
  for (const note of notes) yield* Effect.logInfo(note)
  if (Arr.isReadonlyArrayNonEmpty(damage)) return yield* failed("open", new StoreDamaged({ folder, damage }))
  const keeper = yield* keep(folder, seen, accepted)
  if (!held) yield* Effect.mapError(keeper.begin, unreadable)
  let isOpen = false
  const context = yield* Effect.context<FileSystem.FileSystem>()
  yield* Effect.addFinalizer(() => isOpen ? Effect.provideContext(keeper.close, context) : Effect.void)
  const begin = Effect.gen(function*() {
    isOpen = true
    if (held) yield* Effect.mapError(keeper.begin, unreadable)
    yield* keeper.renew
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(watchEvery), keeper.renew)))
  })
  const recheck = keeper.recheck.pipe(
    Effect.mapError(({ message }) => failed("recheck", new StoreUnavailable({ message }))),
    Effect.provideContext(context)
  )
  return { begin, recheck }
})

/**
 * Calls to an engine in this process. It aborts the process when it is closed with a call in flight, so closing waits
 * for them; and without closing the process never ends.
 */
const embedded = Effect.fnUntraced(function*(target: StoreTarget) {
  const fs = yield* FileSystem.FileSystem
  const folder = storeFolder(target.url)
  if (Option.isSome(folder)) {
    yield* fs.makeDirectory(folder.value, { recursive: true, mode: 0o700 }).pipe(
      Effect.mapError(({ message }) => failed("open", new StoreUnavailable({ message })))
    )
    yield* Effect.sync(() => Object.assign(globalThis.process["env"], engineMemory))
  }
  const isWitnessed = target.sync !== "never" && target.isInspected !== true
  const witness = yield* Effect.transposeOption(Option.map(Option.filter(folder, () => isWitnessed), witnessed))
  let inFlight = 0
  const idle = Latch.makeUnsafe(true)
  const client = yield* Effect.acquireRelease(
    connect(target),
    (client) => idle.await.pipe(Effect.andThen(Effect.promise(() => client.close())), Effect.ignore)
  )
  if (Option.isSome(witness)) yield* witness.value.begin
  if (Option.isSome(folder)) {
    const file = pidFile(folder.value)
    yield* Effect.acquireRelease(
      fs.writeFileString(file, `${globalThis.process.pid}\n`, { mode: 0o600 }).pipe(
        Effect.mapError(({ message }) => failed("open", new StoreUnavailable({ message })))
      ),
      () => Effect.ignore(fs.remove(file))
    )
  }
  /** A call cannot be taken back: an abandoned one still counts until it has ended. */
  const call: Ask = (operation, run) =>
    ask(client)(operation, (client) => {
      inFlight++
      idle.closeUnsafe()
      return run(client).finally(() => {
        inFlight--
        if (inFlight === 0) idle.openUnsafe()
      })
    })
  const opened: Opened = { call, recheck: Option.map(witness, ({ recheck }) => recheck) }
  return opened
})
