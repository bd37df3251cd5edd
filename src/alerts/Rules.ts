import { Context, DateTime, Effect, Layer } from "effect"
import { LatestConfig } from "../Config.ts"
import { alertDefaults } from "../config/AlertKeys.ts"
import { type Alert, AlertRule, type Cause } from "../domain/Alert.ts"
import { accountRules } from "./AccountRules.ts"
import { calendarRule } from "./CalendarRule.ts"
import type { Look } from "./Changes.ts"
import { connectionRules } from "./ConnectionRules.ts"
import { letterRule } from "./LetterRule.ts"
import type { Rule } from "./Rule.ts"
import { syncRule } from "./SyncRule.ts"
import { upkeepRules } from "./UpkeepRules.ts"

/** What is the case now, by the rules that the config does not switch off. */
export class Rules extends Context.Service<Rules, {
  /** With the alerts that there are. A rule that cannot look says nothing, not even that it is over. */
  readonly look: (open: ReadonlyArray<Alert>) => Effect.Effect<Look>
}>()("glider/alerts/Rules") {
  static readonly layer = Layer.effect(
    Rules,
    Effect.gen(function*() {
      const config = yield* LatestConfig
      const accounts = yield* connectionRules
      const tasks = yield* syncRule
      const calendars = yield* calendarRule
      const stale: Rule = {
        rule: "stale",
        causes: (seen) =>
          Effect.map(
            Effect.forEach([tasks, accounts.stale, calendars], ({ causes }) => causes(seen)),
            (causes) => causes.flat()
          )
      }
      const rules = [
        yield* letterRule,
        stale,
        accounts.quarantined,
        ...yield* accountRules,
        ...yield* upkeepRules
      ]

      const look = Effect.fn("Rules.look")(function*(open: ReadonlyArray<Alert>) {
        const { alerts = alertDefaults } = yield* config.get
        const now = yield* DateTime.now
        const keys = new Set(open.map(({ key }) => key))
        const causes: Array<Cause> = []
        const judged = new Set<AlertRule>()
        const off = new Set(AlertRule.literals.filter((rule) => !alerts.enabled || !alerts.rules[rule]))
        for (const { causes: causesOf, rule } of rules) {
          if (off.has(rule)) continue
          yield* causesOf({ now, isOpen: (key) => keys.has(key) }).pipe(
            Effect.matchEffect({
              onFailure: ({ message }) =>
                Effect.logWarning(`the alerts of ${rule} could not be looked for: ${message}`),
              onSuccess: (found) =>
                Effect.sync(() => {
                  causes.push(...found)
                  judged.add(rule)
                })
            })
          )
        }
        return { causes, judged, off }
      })

      return Rules.of({ look })
    })
  )
}
