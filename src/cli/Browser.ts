import { Effect } from "effect"
import { spawn } from "node:child_process"

const openers: { readonly [platform: string]: string } = { darwin: "open", win32: "explorer", linux: "xdg-open" }

/** What opens an address in the browser of this machine. */
export const opener: string = openers[globalThis.process.platform] ?? "xdg-open"

/**
 * Has the browser open the address, and says whether anything was there to open it. Nothing is waited for: an opener may last
 * as long as the browser that it starts, and outlives the command then.
 */
export const openInBrowser = (address: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const child = spawn(opener, [address], { stdio: "ignore", detached: true })
    child.once("error", () => resume(Effect.succeed(false)))
    child.once("spawn", () => {
      child.unref()
      resume(Effect.succeed(true))
    })
  })
