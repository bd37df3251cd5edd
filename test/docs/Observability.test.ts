import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { code, metricRows, textOf } from "./Repository.ts"

const known = new Set(metricRows.flatMap(([name = ""]) => code(name)))

/** What Prometheus itself has. */
const foreign: ReadonlySet<string> = new Set(["up"])

const Dashboard = Schema.fromJsonString(Schema.Struct({
  templating: Schema.Struct({ list: Schema.Array(Schema.Struct({ name: Schema.String, type: Schema.String })) }),
  panels: Schema.Array(Schema.Struct({
    id: Schema.Int,
    type: Schema.String,
    title: Schema.NonEmptyString,
    datasource: Schema.optionalKey(Schema.Struct({ type: Schema.Literal("prometheus"), uid: Schema.String })),
    targets: Schema.optionalKey(Schema.Array(Schema.Struct({ expr: Schema.NonEmptyString })))
  }))
}))

const dashboardOf = (name: string) => Schema.decodeUnknownSync(Dashboard)(textOf(`observability/grafana/${name}.json`))

/** Each dashboard with the rows that it has at least. */
const dashboards = [
  { dashboard: dashboardOf("glider"), rows: ["Schedules", "Reconcile", "API", "Syncs", "Runs", "Dead letters"] },
  { dashboard: dashboardOf("songs"), rows: ["Songs", "Model and agents", "Spotify and the model", "Dead letters"] }
]
const rules = textOf("observability/prometheus/rules.yml")
const ruleTests = textOf("observability/prometheus/rules.test.yml")

/** The metrics of an expression: what is neither a label, a value, a function nor a keyword. */
const metricsOf = (expression: string): ReadonlyArray<string> =>
  [
    ...expression
      .replaceAll(/"[^"]*"/g, "")
      .replaceAll(/\{[^}]*\}/g, "{}")
      .replaceAll(/\[[^\]]*\]/g, "")
      .replaceAll(/\b(?:by|on|without|ignoring) \([^)]*\)/g, "")
      .matchAll(/\b[a-z]\w*\b(?!\s*\()/g)
  ].map(([name]) => name).filter((name) => !["unless", "and", "or", "sum", "max", "min"].includes(name))

const base = (name: string): string => known.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, "")

const expressions = [
  ...[...rules.matchAll(/^ +expr: '(.+)'$/gm)].map(([, expression = ""]) => expression),
  ...dashboards.flatMap(({ dashboard: { panels } }) =>
    panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  )
]

describe("observability/", () => {
  it("names no metric in a rule or a panel that docs/reference/metrics.md does not list", () => {
    assert.isAbove(expressions.length, 40)
    for (const expression of expressions) {
      const named = metricsOf(expression)
      assert.isAbove(named.length, 0, expression)
      for (const name of named) assert.isTrue(known.has(base(name)) || foreign.has(name), `${name} in ${expression}`)
    }
  })

  it("tries each alert where it must fire and where it must not", () => {
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = ""]) => name)
    assert.isAbove(alerts.length, 10)
    const tried = [...ruleTests.matchAll(/alertname: (\w+)\n +exp_alerts:(.*)/g)].map(([, name = "", none = ""]) =>
      `${name} ${none === " []" ? "keeps quiet" : "fires"}`
    )
    assert.deepStrictEqual(
      tried.toSorted(),
      alerts.flatMap((name) => [`${name} fires`, `${name} keeps quiet`]).toSorted()
    )
  })

  it("has dashboards whose panels all ask the chosen data source for something", () => {
    for (const { dashboard: { panels, templating }, rows } of dashboards) {
      assert.isTrue(templating.list.some(({ name, type }) => name === "datasource" && type === "datasource"))
      assert.includeMembers(panels.filter(({ type }) => type === "row").map(({ title }) => title), rows)
      for (const { datasource, targets = [], title, type } of panels) {
        if (type === "row") continue
        assert.isAbove(targets.length, 0, title)
        assert.strictEqual(datasource?.uid, "${datasource}", title)
      }
      const ids = panels.map(({ id }) => id)
      assert.strictEqual(new Set(ids).size, ids.length)
    }
  })
})
