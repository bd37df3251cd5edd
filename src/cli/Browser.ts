import { Effect, FileSystem, Path } from "effect"
import { spawn } from "node:child_process"
import { openPage } from "../api/DaemonFile.ts"

const openers: { readonly [platform: string]: string } = { darwin: "open", win32: "explorer", linux: "xdg-open" }

/** What opens an address in the browser of this machine. */
export const opener: string = openers[globalThis.process.platform] ?? "xdg-open"

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A page that leads on to the address at once. */
const leadingTo = (address: string): string =>
  `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0;url=${escaped(address)}"><title>Glider</title></head>
<body><p><a href="${escaped(address)}">Open Glider</a></p></body>
</html>
`

/**
 * Writes a page into the data folder that leads to the address, readable by its user alone, and gives the page's path. The
 * arguments of a program, such as the one that opens a browser, can be read by everybody on the machine, and the address holds
 * a code. The next page takes the place of this one, and the daemon removes the last one when it ends.
 */
export const pageLeadingTo = Effect.fnUntraced(function*(folder: string, address: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.resolve(folder, openPage)
  yield* fs.makeDirectory(folder, { recursive: true })
  yield* fs.remove(file, { force: true })
  yield* fs.writeFileString(file, leadingTo(address), { mode: 0o600, flag: "wx" })
  return file
})

/**
 * Has the browser open the file or address, and says whether anything was there to open it. Nothing is waited for: an opener may last
 * as long as the browser that it starts, and outlives the command then.
 */
export const openInBrowser = (what: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const child = spawn(opener, [what], { stdio: "ignore", detached: true })
    child.once("error", () => resume(Effect.succeed(false)))
    child.once("spawn", () => {
      child.unref()
      resume(Effect.succeed(true))
    })
  })
