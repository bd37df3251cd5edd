/**
 * What changes by itself. Events say that something has happened; the page is then read again, and what differs in the parts
 * that bear `data-live` is put in place. So there is one rendering, the server's.
 */
import { Idiomorph } from "idiomorph"

/** Events that come together cause one reading. */
const gather = 400

/** How often the page is read again where events do not arrive. */
const poll = 10_000

type Stream = "runs" | "schedules"

const isStream = (name: string): name is Stream => name === "runs" || name === "schedules"

const names: { readonly [S in Stream]: ReadonlyArray<string> } = {
  runs: ["begun", "parked", "ended", "reset"],
  schedules: ["tick", "changed", "deleted", "reset"]
}

/** What the person has opened, and what the scripts have made of a part, stays as it is. */
const isKept = (attribute: string, node: Element): boolean =>
  (attribute === "open" && node instanceof HTMLDetailsElement) || attribute === "data-read" ||
  attribute === "data-drawn"

/** What scripts have put into a part is not in what the server sends. */
const isAdded = (node: Node): boolean => node instanceof Element && node.matches(".reader, .plot")

/** Whether the field says something else than the server has sent. */
const isChanged = (field: Element): boolean => {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options]
    return field.selectedIndex !== Math.max(0, options.findIndex(({ defaultSelected }) => defaultSelected))
  }
  if (!(field instanceof HTMLInputElement) || field.type === "hidden") return false
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked
}

/** Whether the part is in use: a box is open in it, or the person is in one of its fields, or has been and left something. */
const isInUse = (part: Element): boolean =>
  part.querySelector(":popover-open, dialog[open], input:focus, textarea:focus, select:focus") !== null ||
  [...part.querySelectorAll("input, textarea, select")].some(isChanged)

const readAgain = async (enhance: () => void): Promise<void> => {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } })
  if (!answer.ok || answer.redirected) return
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html")
  for (const part of document.querySelectorAll("[data-live][id]")) {
    const changed = fresh.getElementById(part.id)
    if (changed === null || isInUse(part)) continue
    Idiomorph.morph(part, changed, {
      callbacks: {
        beforeAttributeUpdated: (attribute, node) => !isKept(attribute, node),
        beforeNodeRemoved: (node) => !isAdded(node)
      }
    })
  }
  if (document.title !== fresh.title) document.title = fresh.title
  const icon = fresh.querySelector("link[rel=icon]")?.getAttribute("href")
  if (typeof icon === "string") document.querySelector("link[rel=icon]")?.setAttribute("href", icon)
  enhance()
}

/** One tab of the browser holds the connections and tells the others: a browser has no more than six to a server. */
const listen = (stream: Stream, happened: () => void): void => {
  const channel = new BroadcastChannel(`glider-${stream}`)
  channel.addEventListener("message", happened)
  const tell = (): void => {
    channel.postMessage(stream) // oxlint-disable-line unicorn/require-post-message-target-origin -- of windows, not of channels
    happened()
  }
  const hold = (): Promise<never> => {
    const source = new EventSource(`/api/v0/events/${stream}`)
    for (const name of names[stream]) source.addEventListener(name, tell)
    let timer: ReturnType<typeof setInterval> | undefined
    source.addEventListener("error", () => {
      timer ??= setInterval(tell, poll)
    })
    source.addEventListener("open", () => {
      clearInterval(timer)
      timer = undefined
      tell() // of what happened before, there is no event
    })
    return new Promise(() => {})
  }
  // only where the address is this machine's own, or has TLS, are there locks between tabs
  if ("locks" in navigator) void navigator.locks.request(`glider-${stream}`, hold)
  else void hold()
}

/** Follows the streams that the page names, and what goes on meanwhile by itself (`data-every`, in seconds). */
export const followEvents = (enhance: () => void): void => {
  const streams = (document.body.dataset["live"] ?? "").split(" ").filter(isStream)
  if (streams.length === 0) return
  let timer: ReturnType<typeof setTimeout> | undefined
  let next: ReturnType<typeof setTimeout> | undefined
  let isReading = false
  const goOn = (): void => {
    clearTimeout(next)
    const every = Number(document.querySelector<HTMLElement>("[data-every]")?.dataset["every"])
    if (every > 0) next = setTimeout(happened, every * 1000)
  }
  const happened = (): void => {
    if (timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      if (document.visibilityState === "hidden") {
        document.addEventListener("visibilitychange", happened, { once: true })
        return
      }
      if (isReading) return happened()
      isReading = true
      readAgain(enhance).catch(() => {
        // the server is away: the page stays as it is until the next event
      }).finally(() => {
        isReading = false
        goOn()
      })
    }, gather)
  }
  for (const stream of streams) listen(stream, happened)
  goOn()
}
