/** What tests look up before they look at a page. */
import { api, daemonOf } from "./Web.ts"

/** A part of what the API answers. */
export const at = (value: unknown, ...path: ReadonlyArray<string | number>): unknown =>
  path.reduce<unknown>((part, name) => Object(part)[name], value)

/** The id of the newest run that the search finds. */
export const runOf = async (name: "demo" | "prepared", query: string): Promise<string> => {
  const { runs } = Object(await api(daemonOf(name), `/runs?limit=1&query=${encodeURIComponent(query)}`))
  return String(at(runs, 0, "id"))
}

/** Starts the diagnostics, and gives the id of the run when it is over. */
export const diagnosed = async (name: "demo" | "prepared", input: Record<string, unknown>): Promise<string> => {
  const daemon = daemonOf(name)
  const { id } = Object(await api(daemon, "/workflows/diagnostics/runs", "POST", { input }))
  // ends with the run
  const lines = await fetch(`${daemon.address}/api/v0/runs/${encodeURIComponent(String(id))}/watch`, {
    headers: { authorization: `Bearer ${daemon.token}` }
  })
  await lines.text()
  return String(id)
}
