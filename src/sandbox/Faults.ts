/** Decides which requests go wrong: scripted rules first, then the seeded plan. */
import { Effect } from "effect"
import type { SandboxFaults } from "./Contract.ts"
import type { Call, Route } from "./Exchange.ts"
import { type AppliedFault, Fault, type FaultRule, type RandomPlan } from "./FaultRules.ts"
import { draw } from "./Seeded.ts"

/** A fault chosen for a request. It is counted only once it has taken effect. */
export interface Choice {
  readonly fault: Fault
  readonly took: (record?: AppliedFault["record"]) => void
  /** Whether it has. */
  readonly hit: () => boolean
}

export interface FaultPlan {
  readonly service: SandboxFaults
  readonly choose: (route: Route, call: Call) => Choice | undefined
}

const { cases } = Fault

const soon = { retryAfter: { _tag: "Seconds", seconds: 1 } } as const

/** After any of these a client that retries reaches the truth by itself. */
const curable: ReadonlyArray<Fault> = [
  cases.Status.make({ status: 429, ...soon }),
  cases.Status.make({ status: 429 }),
  cases.Status.make({ status: 500 }),
  cases.Status.make({ status: 502, body: "html" }),
  cases.Status.make({ status: 503, ...soon }),
  cases.Status.make({ status: 504, body: "empty" }),
  cases.Reset.make({})
]

const spoilt: ReadonlyArray<Fault> = [
  cases.ResetMidBody.make({}),
  cases.Truncated.make({}),
  cases.MalformedJson.make({}),
  cases.Html.make({}),
  cases.WrongContentType.make({}),
  cases.DuplicatePage.make({}),
  cases.TokenExpired.make({}),
  cases.TokenRevoked.make({})
]

/** A lost answer of a token endpoint has burnt the token, so there only what comes before the act is drawn. */
const harmless = (fault: Fault): boolean =>
  fault._tag === "Reset" || fault._tag === "InvalidGrant" || (fault._tag === "Status" && fault.status >= 429)

const kindsOf = (route: Route): ReadonlyArray<Fault> =>
  route.endpoint !== "api"
    ? curable
    : route.provider === "model"
    ? [...curable, ...spoilt]
    : route.provider === "google"
    ? [...curable, ...spoilt, cases.SyncTokenGone.make({})]
    : [...curable, ...spoilt, cases.EmptyList.make({})]

const lists = /\/(recently-played|events|calendarList|usercollection\/(?!personal_info)\w+)$/

/** Whether the fault means anything for this request. */
const fits = (fault: Fault, route: Route, call: Call): boolean => {
  switch (fault._tag) {
    case "MalformedRecord":
      return route.endpoint === "api" && lists.test(call.path) && !call.path.endsWith("/calendarList")
    case "EmptyList":
    case "DuplicatePage":
      return route.endpoint === "api" && lists.test(call.path)
    case "TokenExpired":
    case "TokenRevoked":
    case "GrantRevoked":
      return route.endpoint === "api" && route.provider !== "model" && call.header("authorization") !== undefined
    case "SyncTokenGone":
      return route.provider === "google" && call.query.has("syncToken") && !call.query.has("pageToken")
    case "InvalidGrant":
      return route.endpoint === "token"
    default:
      return true
  }
}

const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")

const matches = (rule: FaultRule, route: Route, call: Call): boolean =>
  (rule.provider === undefined || rule.provider === route.provider) &&
  (rule.endpoint ?? (rule.fault._tag === "InvalidGrant" ? "token" : "api")) === route.endpoint &&
  (rule.path === undefined || new RegExp(escaped(rule.path)).test(call.path)) &&
  fits(rule.fault, route, call)

interface Script {
  readonly rule: FaultRule
  seen: number
  hits: number
}

export const makeFaults = (seed: string, at: () => string): FaultPlan => {
  const applied: Array<AppliedFault> = []
  let scripts: Array<Script> = []
  let plan: RandomPlan | undefined
  const counts = new Map<string, { requests: number; row: number }>()

  const chosen = (fault: Fault, route: Route, call: Call, count: () => void): Choice => {
    let hit = false
    return {
      fault,
      hit: () => hit,
      took: (record) => {
        hit = true
        count()
        applied.push({
          at: at(),
          provider: route.provider,
          method: call.method,
          path: call.path,
          fault,
          ...(record === undefined ? {} : { record })
        })
      }
    }
  }

  const scripted = (route: Route, call: Call): Choice | undefined => {
    for (const [index, script] of scripts.entries()) {
      const { rule } = script
      const { after = 0, probability = 1, times = 1 } = rule
      if ((times !== "always" && script.hits >= times) || !matches(rule, route, call)) {
        continue
      }
      const turn = script.seen++
      if (turn < after || !draw(seed, "rule", index, turn).chance(probability)) {
        continue
      }
      return chosen(rule.fault, route, call, () => void script.hits++)
    }
    return undefined
  }

  const random = (route: Route, call: Call): Choice | undefined => {
    if (plan === undefined || (route.endpoint !== "api" && route.endpoint !== "token")) {
      return undefined
    }
    if (plan.providers !== undefined && !plan.providers.includes(route.provider)) {
      return undefined
    }
    const key = `${route.provider} ${route.endpoint}`
    const count = counts.get(key) ?? { requests: 0, row: 0 }
    counts.set(key, count)
    const from = draw("plan", String(plan.seed), key, count.requests++)
    const [first, ...rest] = (plan.kinds ?? kindsOf(route)).filter((fault) =>
      fits(fault, route, call) && (route.endpoint === "api" || harmless(fault))
    )
    if (first === undefined || count.row >= (plan.burst ?? 3) || !from.chance(plan.rate)) {
      count.row = 0
      return undefined
    }
    return chosen(from.pick([first, ...rest]), route, call, () => void count.row++)
  }

  const service: SandboxFaults = {
    script: (...rules) => Effect.sync(() => void scripts.push(...rules.map((rule) => ({ rule, seen: 0, hits: 0 })))),
    random: (next) =>
      Effect.sync(() => {
        plan = next
        counts.clear()
      }),
    clear: Effect.sync(() => {
      scripts = []
      plan = undefined
    }),
    applied: Effect.sync(() => [...applied])
  }

  return { service, choose: (route, call) => scripted(route, call) ?? random(route, call) }
}
