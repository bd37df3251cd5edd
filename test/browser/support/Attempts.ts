/** What a page from elsewhere may try, as text of that page. Each says that it is done by the page's title. */

/** Whose page it is: of another site, or of another port of the same. */
export type Site = "evil.example" | "127.0.0.1" | "localhost"

export interface Attempt {
  readonly name: string
  readonly page: string
  /** Whether the server has refused, by the status of its answer. */
  readonly refused: (status: number) => boolean
  /** What the script of the page is left with. */
  readonly settled: string
  /** Whether the browser tells that it kept the answer from the page. */
  readonly isTold: boolean
}

const script = (body: string): string =>
  `<body><script>
    const tell = (text) => { document.body.dataset.told = text; document.title = "done" }
    ;(async () => { ${body} })().catch((cause) => tell("refused"))
  </script>`

const form = (action: string, type: string, fields: Record<string, string>): string =>
  `<iframe name="f"></iframe><form target="f" method="post" action="${action}" enctype="${type}">${
    Object.entries(fields).map(([name, value]) => `<input name='${name}' value='${value}'>`).join("")
  }</form>` + script(`
    const frame = document.querySelector("iframe")
    document.querySelector("form").submit()
    frame.addEventListener("load", () => {
      let seen = "refused"
      try { if (frame.contentDocument?.body?.textContent) seen = "read" } catch {}
      tell(seen)
    })`)

/** At least 400; where a page leads to the sign-in instead, 303. */
const isRefused = (status: number): boolean => status >= 400 || status === 303

/** What is loaded as a part of the page is answered as to nobody. */
const isNobodys = (status: number): boolean => isRefused(status) || status === 200

export const attempts = (address: string): ReadonlyArray<Attempt> =>
  made(address).map((attempt) => ({ ...attempt, isTold: !/socket|window/.test(attempt.name) }))

const made = (address: string): ReadonlyArray<Omit<Attempt, "isTold">> => {
  const pause = `${address}/api/v0/schedules/note-001/pause`
  const refused = isRefused
  const settled = "refused"
  return [
    {
      name: "a form",
      page: form(`${address}/schedules/note-001/pause`, "application/x-www-form-urlencoded", {
        note: "x",
        csrf: "guessed"
      }),
      refused,
      settled
    },
    { name: "a form that is JSON", page: form(pause, "text/plain", { "{\"note\":\"": "\"}" }), refused, settled },
    { name: "a form of parts", page: form(pause, "multipart/form-data", { note: "x" }), refused, settled },
    {
      name: "a form that overrides the method",
      page: form(`${address}/api/v0/schedules/note-001?_method=DELETE`, "application/x-www-form-urlencoded", {
        _method: "DELETE"
      }),
      refused,
      settled
    },
    {
      name: "a fetch that asks nobody first",
      page: script(`
        const sent = await fetch("${pause}", {
          method: "POST", mode: "no-cors", credentials: "include", body: '{"note":"x"}', headers: { "content-type": "text/plain" }
        })
        tell(sent.type === "opaque" ? "refused" : "read")`),
      refused,
      settled
    },
    {
      name: "a fetch that asks first",
      page: script(`
        await fetch("${pause}", {
          method: "POST", credentials: "include", body: '{"note":"x"}', headers: { "content-type": "application/json" }
        })
        tell("read")`),
      refused,
      settled
    },
    {
      name: "a fetch that reads",
      page: script(`tell(await (await fetch("${address}/api/v0/runs", { credentials: "include" })).text())`),
      refused,
      settled
    },
    {
      name: "an image",
      page: `<img src="${address}/api/v0/runs">` + script(`
        const image = document.querySelector("img")
        await image.decode()
        tell("read")`),
      refused: isNobodys,
      settled
    },
    {
      name: "a link to a style, and a script",
      page: `<body>` + script(`
        await Promise.any(["link", "script"].map((tag) => new Promise((resolve, reject) => {
          const part = document.createElement(tag)
          part.rel = "stylesheet"
          part.href = part.src = "${address}/api/v0/runs"
          part.addEventListener("load", resolve)
          part.addEventListener("error", reject)
          document.body.append(part)
        })))
        tell("read")`),
      refused: isNobodys,
      settled
    },
    {
      name: "a web socket",
      page: script(`
        const socket = new WebSocket("${address.replace("http", "ws")}/api/v0/events/runs")
        socket.addEventListener("open", () => tell("read"))
        socket.addEventListener("error", () => tell("refused"))`),
      refused,
      settled
    },
    {
      name: "a stream of events",
      page: script(`
        const source = new EventSource("${address}/api/v0/events/runs", { withCredentials: true })
        source.addEventListener("open", () => tell("read"))
        source.addEventListener("error", () => { source.close(); tell("refused") })`),
      refused,
      settled
    },
    {
      name: "a frame",
      page: `<iframe></iframe>` + script(`
        const frame = document.querySelector("iframe")
        frame.src = "${address}/"
        frame.addEventListener("load", () => {
          let seen = "refused"
          try { if (frame.contentDocument?.body?.textContent) seen = "read" } catch {}
          tell(frames.length > 0 && frames[0].length > 0 ? "read" : seen)
        })`),
      refused: isNobodys,
      settled
    },
    {
      name: "a window of its own",
      page: script(`
        const other = open("${address}/accounts")
        await new Promise((resolve) => setTimeout(resolve, 300))
        let seen = "refused"
        try { if (other?.document?.body?.textContent) seen = "read" } catch {}
        tell(seen)`),
      refused: () => true,
      settled
    }
  ]
}
