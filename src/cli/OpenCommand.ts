import { DateTime, Effect, Option, Redacted } from "effect"
import { Command, Flag } from "effect/cli"
import { print, say } from "./Print.ts"

const noBrowser = Flag.Boolean("no-browser").pipe(
  Flag.withDefault(false),
  Flag.withDescription("Only print the link, for a browser elsewhere")
)

/** The link as it is reached from here, when that is not from the server's own machine. */
const reachedBy = (url: string, server: Option.Option<string>): string =>
  Option.match(server, {
    onNone: () => url,
    onSome: (address) => {
      const { pathname, search } = new URL(url)
      return `${address}${pathname}${search}`
    }
  })

/** `glider open`. */
export const open = Command.make("open", { noBrowser }, ({ noBrowser }) =>
  Effect.scoped(Effect.gen(function*() {
    const { connectRunning, dataFolder } = yield* Effect.promise(() => import("./Client.ts"))
    const { client, server } = yield* connectRunning
    const { expires_at, url } = yield* client.sessions.link()
    const address = reachedBy(Redacted.value(url), server)
    yield* print({ json: { url: address, expires_at: DateTime.formatIso(expires_at) }, text: address })
    if (noBrowser) return yield* say("The link works once, within 15 minutes.")
    const { openInBrowser, pageLeadingTo } = yield* Effect.promise(() => import("./Browser.ts"))
    // where no page can be written, the link that was printed is all there is
    const page = yield* Effect.option(pageLeadingTo((yield* dataFolder).path, address))
    const opened = Option.isSome(page) && (yield* openInBrowser(page.value))
    yield* say(
      opened
        ? "Your browser opens it. The link works once, within 15 minutes."
        : "No browser could be opened here: open the link in one, within 15 minutes."
    )
  }))).pipe(
    Command.withDescription("Open the web page of the running glider, signed in by a link that works once"),
    Command.withExamples([
      { command: "glider open", description: "In the browser of this machine" },
      { command: "glider open --no-browser", description: "Print the link, to paste it into another browser" }
    ])
  )
