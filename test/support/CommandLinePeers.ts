/** Servers beside a Glider under test that keep what it sends. */
import { Effect } from "effect"
import { createServer, request, type RequestListener } from "node:http"

const listening = (answer: RequestListener) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer(answer)
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.sync(() => {
          server.closeAllConnections()
          server.close()
        })
    ),
    (server) => {
      const address = server.address()
      return `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`
    }
  )

/** An OTLP collector over HTTP. */
export const collector = Effect.gen(function*() {
  const bodies: Array<Buffer> = []
  const url = yield* listening((incoming, outgoing) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => {
      bodies.push(Buffer.concat(chunks))
      outgoing.writeHead(200, { "content-type": "application/json" }).end("{}")
    })
  })
  return { url, bodies }
})

/** One exchange that went through a wiretap. */
export interface Overheard {
  readonly path: string
  readonly authorization: string
  readonly asked: string
  readonly answered: string
}

/** Passes every request on to the origin, and keeps both sides of it. */
export const wiretap = Effect.fnUntraced(function*(origin: string) {
  const overheard: Array<Overheard> = []
  const url = yield* listening((incoming, outgoing) => {
    const { authorization = "" } = incoming.headers
    const asked: Array<Buffer> = []
    const { host: _, ...headers } = incoming.headers
    const path = incoming.url ?? "/"
    const onward = request(`${origin}${path}`, { method: incoming.method ?? "GET", headers }, (answer) => {
      const answered: Array<Buffer> = []
      answer.on("data", (chunk: Buffer) => answered.push(chunk))
      answer.on("end", () => {
        const texts = { asked: Buffer.concat(asked).toString(), answered: Buffer.concat(answered).toString() }
        overheard.push({ path, authorization, ...texts })
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(answered))
      })
    })
    onward.on("error", () => incoming.destroy())
    incoming.on("data", (chunk: Buffer) => asked.push(chunk))
    incoming.pipe(onward)
  })
  return { url, overheard }
})
