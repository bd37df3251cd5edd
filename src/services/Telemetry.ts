import { Config, Effect, type FileSystem, Layer, Option } from "effect"

/** Whether anything in the environment asks for traces to be sent. Nothing is loaded and nothing sent otherwise. */
const wanted = Effect.gen(function*() {
  const names = [
    "LOGFIRE_TOKEN",
    "LOGFIRE_TOKEN_FILE",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_EXPORTER_OTLP_COMPRESSION",
    "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE"
  ]
  const found = yield* Effect.forEach(names, text)
  const off = Option.exists(yield* text("OTEL_SDK_DISABLED"), (value) => value.toLowerCase() === "true") ||
    Option.exists(yield* text("OTEL_TRACES_EXPORTER"), (value) => value.toLowerCase() === "none")
  return found.some(Option.isSome) && !off
})

/** A variable of the environment; an empty one counts as absent. */
const text = (name: string): Effect.Effect<Option.Option<string>> =>
  Config.option(Config.String(name)).pipe(
    Effect.map(Option.filter((value) => value !== "")),
    Effect.orDie // an optional string fails only with its provider
  )

/**
 * Sends the spans of everything that is provided with it to an OTLP collector over HTTP, to Logfire, or nowhere, as the
 * standard `OTEL_*` variables and `LOGFIRE_TOKEN` say. Closing it waits a second at most for what is left to be sent.
 */
export const layer = (version: string): Layer.Layer<never, never, FileSystem.FileSystem> =>
  Layer.unwrap(Effect.gen(function*() {
    if (!(yield* wanted)) return Layer.empty
    const sdk = yield* Effect.promise(() => import("./TelemetrySdk.ts"))
    return sdk.layer(version)
  }))
