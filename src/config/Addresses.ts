/** What may stand as an address in the config; each check gives what was expected, or undefined when all is well. */

const parse = (text: string): URL | undefined => URL.canParse(text) ? new URL(text) : undefined

/** Whether connections to the host stay on this machine (RFC 6761, RFC 8252 section 7.3). */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)

/** A provider's or model's address. */
export const httpAddress = (text: string): string | undefined => {
  const url = parse(text)
  if (url === undefined || !/^https?:$/.test(url.protocol)) return "an address that begins with https:// or http://"
  if (url.username !== "" || url.password !== "") return "an address without user and password"
  return url.hash === "" ? undefined : "an address without a # part"
}

/** An address to which paths are appended. */
export const baseAddress = (text: string): string | undefined =>
  httpAddress(text) ?? (parse(text)?.search === "" ? undefined : "an address without a ? part")

/** Google's library appends `/calendar/v3` by itself. */
export const originAddress = (text: string): string | undefined =>
  baseAddress(text) ??
    (/\/calendar\/v3\/?$/.test(text) ? "the address without /calendar/v3, which is added by itself" : undefined)

/** Where a provider sends the browser back to: a port of this machine. */
export const redirectAddress = (text: string): string | undefined => {
  const url = parse(text)
  return url === undefined || url.protocol !== "http:" || !isLoopback(url.hostname) || url.port === "" ||
      url.username !== "" || url.search !== "" || url.hash !== ""
    ? "a loopback address with a port such as http://127.0.0.1:8090/callback"
    : undefined
}

/** Spotify refuses the name `localhost` (its rules for redirects of November 2025). */
export const spotifyRedirectAddress = (text: string): string | undefined =>
  redirectAddress(text) ??
    (parse(text)?.hostname === "localhost" ? "127.0.0.1 in place of localhost, which Spotify refuses" : undefined)

/** Whether the store is another process that asks for credentials. */
export const isRemoteStore = (url: string): boolean => /^wss?:\/\//.test(url)

/** Where the records are kept. */
export const storeAddress = (text: string): string | undefined => {
  const scheme = /^([a-z][a-z+]*):\/\//.exec(text)?.[1]
  switch (scheme) {
    case "rocksdb":
      return embedded(text)
    case "mem":
      return text === "mem://" ? undefined : "mem:// with nothing after it"
    case "ws":
    case "wss":
      return remote(text)
    case "http":
    case "https":
      return `${scheme === "http" ? "ws" : "wss"}:// in place of ${scheme}://: transactions need a WebSocket`
    case "surrealkv":
    case "surrealkv+versioned":
      return "rocksdb:// in place of surrealkv://, which loses acknowledged updates"
    default:
      return "rocksdb://<folder>, mem://, ws://<host> or wss://<host>"
  }
}

const embedded = (text: string): string | undefined => {
  const [folder = "", query = ""] = text.slice("rocksdb://".length).split("?", 2)
  if (folder === "" || folder === "/") return "a folder after rocksdb://"
  for (const [name, value] of new URLSearchParams(query)) {
    if (name !== "sync") return `no option but sync=every, found ${name}`
    if (value !== "every") return "sync=every: any other mode loses acknowledged records when the power fails"
  }
  return undefined
}

const remote = (text: string): string | undefined => {
  const url = parse(text)
  if (url === undefined || url.hostname === "") return "a host after ws:// or wss://"
  return url.username === "" && url.password === ""
    ? undefined
    : "an address without user and password: set SURREALDB_USER and SURREALDB_PASS"
}

/** A name under which a server is reached: a host alone, whatever the port, or with the one port. */
export const hostName = (text: string): string | undefined => {
  const url = parse(`http://${text}/`)
  const canonical = url !== undefined && (url.host === text || `${url.hostname}:80` === text)
  return canonical && !text.endsWith(".") && text !== "*"
    ? undefined
    : "a host such as \"glider.lan\" or \"glider.lan:4747\", in small letters"
}

/** Where a page comes from that may ask. Not `*`: then every page that the browser opens could. */
export const pageOrigin = (text: string): string | undefined => {
  const url = parse(text)
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text
    ? undefined
    : "the origin of a page such as \"https://dashboard.example\", never \"*\""
}
