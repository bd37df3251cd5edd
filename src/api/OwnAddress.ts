import type { GliderConfig } from "../Config.ts"
import { inUrl, isWildcard } from "./Hosts.ts"

/** Where this server is reached from this machine: nobody is reached at "every address". */
export const ownAddress = ({ host, port }: GliderConfig["server"]): string => {
  const reached = isWildcard(host) ? host.includes(":") ? "::1" : "127.0.0.1" : host
  return `http://${inUrl(reached)}:${port}`
}
