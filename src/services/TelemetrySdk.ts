/** The OpenTelemetry SDK behind Telemetry.ts, in a file of its own because it takes a while to load. */
import { layer as nodeSdk } from "@effect/opentelemetry/NodeSdk"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http"
import { BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base"
import { Config, Effect, type FileSystem, Layer, Option, Redacted } from "effect"
import { readSettings } from "../config/Settings.ts"

/** How long the end of a command may wait for its last spans. */
const shutdownTimeout = "800 millis"

/** Logfire's OTLP address for the region a token without one belongs to. */
const logfireUrl = "https://logfire-us.pydantic.dev"

const text = (name: string): Effect.Effect<Option.Option<string>> =>
  Effect.orDie(Effect.map(Config.option(Config.String(name)), Option.filter((value) => value !== "")))

/** How many batches arrived at a collector, and why the last that did not was lost. */
interface Delivery {
  readonly to: string
  sent: number
  arrived: number
  lastError: string
}

/** Counts what becomes of each batch: the SDK keeps failures to itself. */
const counted = (exporter: SpanExporter, delivery: Delivery): SpanExporter => ({
  export: (spans, done) => {
    delivery.sent++
    exporter.export(spans, (result) => {
      if (result.code === 0) delivery.arrived++
      else delivery.lastError = result.error?.message ?? "refused"
      done(result)
    })
  },
  shutdown: () => exporter.shutdown(),
  ...(exporter.forceFlush === undefined ? {} : { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() })
})

const tracesOf = (base: string): string => `${base.replace(/\/+$/, "")}/v1/traces`

const origin = (address: string): string => URL.canParse(address) ? new URL(address).origin : "the collector"

/** Said once, at the end: nothing got through. */
const report = ({ arrived, lastError, sent, to }: Delivery): Effect.Effect<void> =>
  sent > 0 && arrived === 0
    ? Effect.logWarning(`no trace could be delivered to ${to}: ${lastError === "" ? "no answer in time" : lastError}`)
    : Effect.void

/** The tracer, and the resource that says whose spans they are. */
export const layer = (version: string): Layer.Layer<never, never, FileSystem.FileSystem> =>
  Layer.unwrap(Effect.gen(function*() {
    // the command itself reports what is wrong with the settings
    const telemetry = Option.map(yield* Effect.option(readSettings), (settings) => settings.telemetry)
    // the first is taken as it is, the second is a base (OpenTelemetry's specification of the OTLP exporter)
    const collector = Option.firstSomeOf([
      yield* text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
      Option.map(yield* text("OTEL_EXPORTER_OTLP_ENDPOINT"), tracesOf)
    ])
    const logfireToken = Option.flatMap(telemetry, ({ logfireToken }) => logfireToken)
    const logfireBase = Option.getOrElse(yield* text("LOGFIRE_BASE_URL"), () => logfireUrl)
    const targets: Array<readonly [SpanExporter, Delivery]> = []
    const add = (exporter: SpanExporter, address: string) => {
      const delivery: Delivery = { to: origin(address), sent: 0, arrived: 0, lastError: "" }
      targets.push([counted(exporter, delivery), delivery])
    }
    if (Option.isSome(collector) || Option.isNone(logfireToken)) {
      const url = Option.getOrElse(collector, () => tracesOf("http://localhost:4318"))
      add(new OTLPTraceExporter({ url }), url)
    }
    if (Option.isSome(logfireToken)) {
      add(
        new OTLPTraceExporter({
          url: tracesOf(logfireBase),
          headers: { Authorization: Redacted.value(logfireToken.value) }
        }),
        logfireBase
      )
    }
    const serviceName = Option.getOrElse(
      Option.orElse(yield* text("OTEL_SERVICE_NAME"), () => Option.map(telemetry, (settings) => settings.serviceName)),
      () => "glider"
    )
    const attributes = Option.getOrElse(yield* text("OTEL_RESOURCE_ATTRIBUTES"), () => "")
    const environment = Option.filter(
      Option.map(telemetry, (settings) => settings.environment),
      () => !attributes.includes("deployment.environment")
    )
    return nodeSdk(() => ({
      spanProcessor: targets.map(([exporter]) => new BatchSpanProcessor(exporter)),
      resource: {
        serviceName,
        serviceVersion: version,
        attributes: {
          ...Option.match(environment, {
            onNone: () => ({}),
            onSome: (name) => ({ "deployment.environment.name": name })
          })
        }
      },
      shutdownTimeout
    })).pipe(
      // acquired first, so released last: after the spans of the end were tried
      Layer.provide(Layer.effectDiscard(
        Effect.acquireRelease(Effect.void, () => Effect.forEach(targets, ([, delivery]) => report(delivery)))
      ))
    )
  }))
