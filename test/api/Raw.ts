/** Bytes on a socket, as nobody's HTTP client would send them. */
import { Effect, Schema } from "effect"
import { connect } from "node:net"
import { CurrentConfig } from "../../src/Config.ts"
import { Problem } from "./Handled.ts"

/** What came back until the server closed. */
export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends the text to the server of the surroundings, and reads until it closes the connection. */
export const sendRaw = Effect.fnUntraced(function*(text: string) {
  const { server: { port } } = yield* CurrentConfig
  return yield* Effect.callback<RawAnswer>((resume) => {
    const chunks: Array<Buffer> = []
    const socket = connect(port, "127.0.0.1", () => socket.write(text, "latin1"))
    socket.on("data", (chunk) => chunks.push(chunk))
    socket.on("error", (cause) => resume(Effect.die(cause)))
    socket.on("close", () => {
      const whole = Buffer.concat(chunks).toString("utf8")
      const end = whole.indexOf("\r\n\r\n")
      const head = whole.slice(0, end)
      resume(Effect.succeed({ status: Number(head.split(" ")[1]), head, body: whole.slice(end + 4) }))
    })
    return Effect.sync(() => socket.destroy())
  })
})

/** The problem that a refusal is. */
export const problemOf = ({ body }: RawAnswer) =>
  Effect.orDie(Schema.decodeEffect(Schema.fromJsonString(Problem))(body))
