import * as NodeWS from "@effect/platform-node/NodeWS"
import { createNodeEngines } from "@surrealdb/node"
import { Context, Effect, FiberSet, Layer, Option, Record, Redacted, Ref, Schedule, Schema } from "effect"
import { CborCodec, type EngineFactory, RpcEngine, type RpcRequest, ServerError, Surreal, Uuid } from "surrealdb"
import type { StoreTarget } from "../../src/services/SurrealEngine.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

/** What the server has seen since it was made, over all its restarts. */
export interface Seen {
  readonly connections: number
  /** Sign-ins that were granted. */
  readonly signIns: number
  readonly queries: number
}

/** Where a query loses its connection, if it does: `before` it reaches the engine, or `after` it took effect there. */
export type Cut = "before" | "after" | "none"

/**
 * A database server on loopback: the protocol of SurrealDB over WebSocket (https://surrealdb.com/docs/surrealdb/integration/rpc)
 * in front of the real engine, with a root user.
 */
export class SurrealServer extends Context.Service<SurrealServer, {
  readonly port: number
  /** Who may sign in: user `root` with this password. */
  readonly password: string
  readonly seen: Effect.Effect<Seen>
  /** Cuts all connections now. */
  readonly drop: Effect.Effect<void>
  /** Cuts the connection at the next queries, each as this says. */
  readonly cut: (cuts: ReadonlyArray<Cut>) => Effect.Effect<void>
  /**
   * `true`: the connections there are, and those made until `false`, stay open but nothing is ever read from them, as if
   * the peer had vanished.
   */
  readonly mute: (muted: boolean) => Effect.Effect<void>
  /** Cuts all connections and stops listening; the engine is closed. */
  readonly stop: Effect.Effect<void>
  /** Listens again on the same port, with the data there was. */
  readonly start: Effect.Effect<void>
  /** Runs SurrealQL as the owner, past the front. */
  readonly administer: (sql: string) => Effect.Effect<void>
}>()("glider/test/support/SurrealServer") {
  static readonly layer = Layer.effect(
    SurrealServer,
    Effect.gen(function*() {
      const fibers = yield* FiberSet.make()
      const url = `rocksdb://${yield* temporaryFolder}/store?sync=never`
      const seen = yield* Ref.make<Seen>({ connections: 0, signIns: 0, queries: 0 })
      const cuts = yield* Ref.make<ReadonlyArray<Cut>>([])
      const muted = yield* Ref.make(false)
      const count = (name: keyof Seen) => Ref.update(seen, (seen) => ({ ...seen, [name]: seen[name] + 1 }))
      const behave: Behaviour = {
        count,
        muted: Ref.get(muted),
        cut: Ref.modify(cuts, ([cut, ...rest]) => [Option.fromUndefinedOr(cut), rest])
      }

      const password = "a-root-password"
      let engine = yield* openEngine(url)
      const administer = (sql: string) => Effect.promise(() => engine.client.query(sql).collect()).pipe(Effect.asVoid)
      yield* administer(`DEFINE USER root ON ROOT PASSWORD '${password}' ROLES OWNER`)
      let front = yield* listen(engine.rpc, 0, fibers, behave)
      const { port } = front
      let running = true

      const stop = Effect.suspend(() => {
        if (!running) return Effect.void
        running = false
        return front.close.pipe(Effect.andThen(Effect.promise(() => engine.client.close())), Effect.asVoid)
      })
      const start = Effect.gen(function*() {
        engine = yield* openEngine(url)
        front = yield* listen(engine.rpc, port, fibers, behave)
        running = true
      })
      yield* Effect.addFinalizer(() => stop)
      return SurrealServer.of({
        port,
        password,
        seen: Ref.get(seen),
        drop: Effect.suspend(() => front.drop),
        cut: (next) => Ref.set(cuts, next),
        mute: (value) =>
          Ref.set(muted, value).pipe(Effect.andThen(Effect.suspend(() => value ? front.freeze : Effect.void))),
        stop,
        start,
        administer
      })
    })
  )
}

/** The server as a store, signed in as root. */
export const targetOf = (server: SurrealServer["Service"], password = server.password): StoreTarget => ({
  url: `ws://127.0.0.1:${server.port}`,
  namespace: "glider",
  database: "glider",
  credentials: Option.some({ username: "root", password: Redacted.make(password) })
})

interface Behaviour {
  readonly count: (name: keyof Seen) => Effect.Effect<void>
  readonly muted: Effect.Effect<boolean>
  readonly cut: Effect.Effect<Option.Option<Cut>>
}

/** A folder that was closed a moment ago may still be held by the engine's own threads. */
const openEngine = (url: string) =>
  Effect.callback<{ readonly client: Surreal; readonly rpc: RpcEngine }, Error>((resume) => {
    const watched = (make: EngineFactory): EngineFactory => (context) => {
      const rpc = make(context)
      rpc.subscribe("error", (error) => resume(Effect.fail(error)))
      rpc.subscribe("connected", () => {
        if (rpc instanceof RpcEngine) resume(Effect.as(Effect.promise(() => client.ready), { client, rpc }))
      })
      return rpc
    }
    const client = new Surreal({ engines: Record.map(createNodeEngines(), watched) })
    void client.connect(url)
  }).pipe(Effect.retry({ schedule: Schedule.spaced("20 millis"), times: 100 }), Effect.orDie)

/** The protocol's envelope; the engine itself looks at the rest. */
const Request = Schema.Struct({
  id: Schema.String,
  method: Schema.String,
  params: Schema.optionalKey(Schema.mutable(Schema.Array(Schema.Unknown)))
})

const codec = new CborCodec({})

/** What anybody may ask before having signed in. */
const open = new Set(["ping", "version", "use", "signin", "authenticate"])

const refusal = {
  code: -32_002,
  kind: "NotAllowed",
  message: "Anonymous access not allowed: Not enough permissions to perform this action"
}

/** What a paused socket has received is still handed out when it is closed: there must be nobody to take it. */
const vanish = (socket: NodeWS.WebSocket): void => {
  socket.removeAllListeners("message")
  socket.pause()
}

const listen = Effect.fnUntraced(function*(
  rpc: RpcEngine,
  wanted: number,
  fibers: FiberSet.FiberSet,
  behave: Behaviour
) {
  const fork = yield* FiberSet.runtime(fibers)()
  const ask = (request: RpcRequest) =>
    Effect.tryPromise({
      try: () => rpc.send<string, Array<unknown>, unknown>(request),
      catch: (cause) =>
        cause instanceof ServerError ? cause : new ServerError({ kind: "Internal", message: String(cause) })
    })

  const serve = Effect.fnUntraced(function*(socket: NodeWS.WebSocket) {
    yield* behave.count("connections")
    if (yield* behave.muted) return vanish(socket)
    const session = Uuid.v4()
    const attached = yield* Effect.cached(Effect.orDie(ask({ method: "attach", session })))
    let signedIn = false
    const done = Effect.fnUntraced(function*(request: typeof Request.Type) {
      if (!signedIn && !open.has(request.method)) return { id: request.id, error: refusal }
      return yield* ask({ ...request, session }).pipe(Effect.match({
        onSuccess: (result) => ({ id: request.id, result }),
        onFailure: ({ code, details, kind, message }) => ({ id: request.id, error: { code, kind, message, details } })
      }))
    })
    const answer = Effect.fnUntraced(function*(message: Uint8Array) {
      yield* attached
      const request = yield* Schema.decodeUnknownEffect(Request)(codec.decode<unknown>(message))
      const isQuery = request.method === "query"
      if (isQuery) yield* behave.count("queries")
      const cut = isQuery && signedIn ? yield* behave.cut : Option.none()
      if (Option.contains(cut, "before")) return socket.terminate()
      const response = yield* done(request)
      if ((request.method === "signin" || request.method === "authenticate") && !("error" in response)) {
        signedIn = true
        yield* behave.count("signIns")
      }
      if (Option.contains(cut, "after")) return socket.terminate()
      socket.send(codec.encode(response))
    })
    socket.on("error", () => socket.terminate())
    socket.on("message", (data: Buffer) => fork(Effect.orDie(answer(new Uint8Array(data)))))
    socket.on("close", () => fork(attached.pipe(Effect.andThen(ask({ method: "detach", session })), Effect.ignore)))
  })

  const server = yield* Effect.callback<NodeWS.WebSocketServer, Error>((resume) => {
    const server = new NodeWS.WebSocketServer({ host: "127.0.0.1", port: wanted })
    server.once("error", (error) => resume(Effect.fail(error)))
    server.once("listening", () => resume(Effect.succeed(server)))
    server.on("connection", (socket) => fork(serve(socket)))
  }).pipe(Effect.orDie)
  const address = server.address()
  const port = address !== null && typeof address === "object" ? address.port : wanted
  const drop = Effect.sync(() => server.clients.forEach((socket) => socket.terminate()))
  const ended = Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
  })
  // the engine must not be closed with a call under way
  const close = drop.pipe(Effect.andThen(ended), Effect.andThen(FiberSet.awaitEmpty(fibers)))
  const freeze = Effect.sync(() => server.clients.forEach(vanish))
  return { port, drop, close, freeze }
})
