/**
 * `node scripts/mcp-door.mjs <port> <data folder>`: hands requests on to the running daemon of the folder with its token, for
 * programs that have none to send. Everything else of a request stays as it is, its Host and its Origin too. For tests alone.
 */
import { readFileSync } from "node:fs"
import { createServer, request } from "node:http"

const [port, folder] = process.argv.slice(2)
const { address, token } = JSON.parse(readFileSync(`${folder}/daemon.json`, "utf8"))
const { hostname, port: target } = new URL(address)

createServer((asked, answer) => {
  const headers = { ...asked.headers, authorization: `Bearer ${token}` }
  const onward = request({ hostname, port: target, method: asked.method, path: asked.url, headers }, (answered) => {
    answer.writeHead(answered.statusCode, answered.headers)
    answered.pipe(answer)
  })
  onward.on("error", () => answer.destroy())
  asked.pipe(onward)
}).listen(Number(port), "127.0.0.1")
