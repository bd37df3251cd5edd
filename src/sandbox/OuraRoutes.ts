/** Oura's data API: nine collections, each compared with its window in its own way, and the person. */
import type { JsonObject, OuraType } from "./Contract.ts"
import { type Call, ok, type Reply, type Route, seal, unseal } from "./Exchange.ts"
import { dayAt, dayLength, parseDay, parseWall, utcText } from "./Instants.ts"
import { ouraDetail, ouraError, ouraUnreadable } from "./Refusals.ts"
import { type Anchored, comparedInUtc, type DocumentType, documentTypes, type Ring } from "./Ring.ts"
import { uuid } from "./Seeded.ts"
import type { TokenStore } from "./Tokens.ts"
import { home } from "./World.ts"

/** Any one of these scopes opens the collection. */
const scopesOf = (type: OuraType | "personal_info"): ReadonlyArray<string> => {
  switch (type) {
    case "personal_info":
      return ["personal"]
    case "heartrate":
    case "workout":
    case "session":
      return [type]
    case "daily_spo2":
      return ["spo2", "spo2Daily"]
    default:
      return ["daily"]
  }
}

/** The longest window of heart rate that is answered. */
const longestHeartWindow = 30 * dayLength

/** Comes before every record. */
const beginning = { anchor: -1e15, id: "" }

interface Bounds {
  readonly low: number
  readonly high: number
}

/** A bound as Oura reads it: a date is midnight, a time by its wall clock or in UTC, a bare number epoch seconds. */
const readBound = (value: string, utc: boolean): number | undefined => {
  if (/^\d+$/.test(value)) {
    return Number(value) * 1000
  }
  const day = parseDay(value)
  if (day !== undefined) {
    return day * dayLength
  }
  const time = parseWall(value)
  return time === undefined ? undefined : utc ? time.wall - (time.offset ?? 0) : time.wall
}

/** Keeps the fields asked for; unknown names are ignored, and nothing known is everything. */
const project = (fields: string | null, row: JsonObject): JsonObject => {
  const asked = (fields ?? "").split(",").filter((name) => name in row)
  const always = new Set([...asked, "id", "timestamp"])
  return asked.length === 0 ? row : Object.fromEntries(Object.entries(row).filter(([name]) => always.has(name)))
}

export const ouraRoutes = (options: {
  readonly ring: Ring
  readonly tokens: TokenStore
  readonly now: () => number
  readonly seed: string
  readonly pageSize: { readonly heartrate: number; readonly documents: number }
}): ReadonlyArray<Route> => {
  const { now, pageSize, ring, tokens } = options

  const guarded =
    (type: OuraType | "personal_info", answer: (call: Call, scope: string) => Reply) => (call: Call): Reply => {
      const [, token] = /^Bearer (\S+)$/i.exec(call.header("authorization") ?? "") ?? []
      const standing = tokens.standing("oura", token ?? "")
      if (standing.state !== "good") {
        return ouraError(401, "Unauthorized", "The access token is expired, malformed or revoked.")
      }
      return scopesOf(type).some((scope) => standing.scope.split(" ").includes(scope))
        ? answer(call, standing.scope)
        : ouraError(403, "Forbidden", `The access token does not have the scope for ${type}.`)
    }

  /** One page of the records after the token's place, and the token of the next. */
  const paged = (
    call: Call,
    size: number,
    window: Bounds,
    list: (bounds: Bounds) => ReadonlyArray<Anchored>
  ): Reply => {
    const token = call.query.get("next_token")
    const place = token === null ? { ...window, ...beginning } : unseal(token)
    const { anchor, high, id, low } = place ?? {}
    if (typeof anchor !== "number" || typeof high !== "number" || typeof low !== "number" || typeof id !== "string") {
      return ouraDetail(400, "Invalid next_token.")
    }
    const rest = list({ low: Math.max(low, anchor), high })
      .filter((row) => row.anchor > anchor || (row.anchor === anchor && row.id > id))
    const rows = rest.slice(0, size)
    const last = rows.at(-1)
    const next = call.again ? { anchor, id } : rest.length > size && last !== undefined ? last : undefined
    return ok({
      data: rows.map((row) => project(call.query.get("fields"), row.json)),
      next_token: next === undefined ? null : seal({ low, high, anchor: next.anchor, id: next.id })
    })
  }

  /** The window of a request, or why it has none. */
  const windowOf = (
    call: Call,
    names: readonly [string, string],
    utc: boolean,
    before: (end: number) => number,
    end: number
  ) => {
    const bounds: Array<number> = []
    for (const [name, otherwise] of [[names[1], () => end], [names[0], () => before(bounds[0] ?? end)]] as const) {
      const value = call.query.get(name)
      const bound = value === null ? otherwise() : readBound(value, utc)
      if (bound === undefined) {
        return { refused: ouraUnreadable(name, value ?? "") }
      }
      bounds.push(bound)
    }
    const [high = end, low = end] = bounds
    return low > high
      ? {
        refused: ouraDetail(
          400,
          `Start time is greater than end time: [start_time: ${utcText(low)}; end_time: ${utcText(high)}]`
        )
      }
      : { window: { low, high } }
  }

  const collection = (type: DocumentType) => (call: Call): Reply => {
    const utc = comparedInUtc(type)
    const today = dayAt(home, now()) * dayLength
    const { refused, window } = windowOf(call, ["start_date", "end_date"], utc, (end) => end - dayLength, today)
    return window === undefined
      ? refused
      : paged(call, pageSize.documents, window, ({ high, low }) => ring.documents(now(), type, low, high, !utc))
  }

  const heartrate = (call: Call): Reply => {
    const { refused, window } = windowOf(
      call,
      ["start_datetime", "end_datetime"],
      true,
      (end) => end - dayLength,
      now()
    )
    if (window === undefined) {
      return refused
    }
    if (call.query.get("latest")?.toLowerCase() === "true") {
      const newest = ring.heartrate(now(), now() - 20 * dayLength, now()).at(-1)
      return ok({ data: newest === undefined ? [] : [newest.json], next_token: null })
    }
    return window.high - window.low > longestHeartWindow
      ? ouraDetail(400, "Time range is too long: at most 30 days can be requested at once.")
      : paged(call, pageSize.heartrate, window, ({ high, low }) => ring.heartrate(now(), low, high))
  }

  const byId = (type: DocumentType) => (call: Call): Reply => {
    const found = ring.document(now(), type, call.params["id"] ?? "")
    return found === undefined ? ouraDetail(404, "Document not found.") : ok(found)
  }

  const personalInfo = (call: Call, scope: string): Reply =>
    ok({
      id: tokens.userOf("oura", call.header("authorization")) ?? uuid(options.seed, "oura person"),
      age: 42,
      weight: 74.8,
      height: 1.8,
      biological_sex: "female",
      email: scope.split(" ").includes("email") ? "alex.novak@example.com" : null
    })

  const base = "/oura/v2/usercollection" as const
  const get = (path: `/${string}`, answer: (call: Call) => Reply): Route => ({
    method: "GET",
    path,
    provider: "oura",
    endpoint: "api",
    answer
  })

  return [
    get(`${base}/personal_info`, guarded("personal_info", personalInfo)),
    get(`${base}/heartrate`, guarded("heartrate", heartrate)),
    ...documentTypes.flatMap((type) => [
      get(`${base}/${type}`, guarded(type, collection(type))),
      get(`${base}/${type}/:id`, guarded(type, byId(type)))
    ])
  ]
}

/** What Oura says to a path it does not have. */
export const ouraNotFound = ouraDetail(404, "Not Found")
