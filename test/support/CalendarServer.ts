/** A server on this machine that gives a calendar, at an address that bears a secret. */
import { Context, Effect, Layer } from "effect"
import { createServer } from "node:http"
import { calendar, event } from "./Calendars.ts"

/** What stands in the address, and nowhere else. */
export const secretOfAddress = "5ec7e7"

export class CalendarServer extends Context.Service<CalendarServer, {
  readonly address: string
  /** What it answers, unless nothing has changed. */
  status: number
  body: string
  /** What it says that its calendar is like. */
  etag: string
  /** The statuses that it has answered with. */
  readonly answered: Array<number>
}>()("glider/test/support/CalendarServer") {
  static readonly layer = Layer.effect(
    CalendarServer,
    Effect.gen(function*() {
      const told = {
        address: "",
        status: 200,
        body: calendar(event("a", "DTSTART:20261005T070000Z", "SUMMARY:Dentist")),
        etag: "\"one\"",
        answered: new Array<number>()
      }
      const server = createServer(({ headers }, response) => {
        const isKnown = told.status === 200 && headers["if-none-match"] === told.etag
        const status = isKnown ? 304 : told.status
        told.answered.push(status)
        response.writeHead(status, { etag: told.etag })
        response.end(status === 200 ? told.body : "")
      })
      const port = yield* Effect.acquireRelease(
        Effect.callback<number>((resume) => {
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            resume(Effect.succeed(address !== null && typeof address === "object" ? address.port : 0))
          })
        }),
        () => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
      )
      told.address = `http://127.0.0.1:${port}/${secretOfAddress}.ics`
      return CalendarServer.of(told)
    })
  )
}
