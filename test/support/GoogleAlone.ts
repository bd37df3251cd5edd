/**
 * Makes one call through `googleapis` in a process of its own that may not write a file (Node's permission model) and in
 * which opening any connection is a failure. Prints the items of the answer.
 */
import { Console, DateTime, Effect, Layer, Option } from "effect"
import { Socket } from "node:net"
import { connectionId } from "../../src/domain/Connection.ts"
import { EventsListing, Google } from "../../src/services/Google.ts"
import * as HttpStub from "./HttpStub.ts"
import { surroundings } from "./ProviderTest.ts"

Socket.prototype.connect = () => {
  throw new Error("a connection was opened")
}

const program = Effect.gen(function*() {
  const google = yield* Google
  const { items } = yield* google.events(connectionId("google", "me"), {
    calendarId: "primary",
    pageToken: Option.none(),
    listing: EventsListing.Full({ timeMin: DateTime.makeUnsafe("2026-10-21T00:00:00Z") })
  })
  yield* Console.log(JSON.stringify(items))
}).pipe(Effect.provide(
  Google.layer.pipe(
    Layer.provideMerge(HttpStub.layer([{ json: { kind: "calendar#events", items: [{ id: "a" }] } }])),
    Layer.provide(surroundings)
  )
))

await Effect.runPromise(program)
