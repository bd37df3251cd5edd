import { Array, Config, Context, Effect, Formatter, Layer, Logger, Option, References, Stdio, Tracer } from "effect"

/** One JSON object a line, with the ids of the span that was open (as OpenTelemetry names them). */
const jsonLines = Logger.withConsoleError(Logger.make((options) => {
  const { annotations, cause, level, message, spans, timestamp } = Logger.formatStructured.log(options)
  const span = Context.getOption(options.fiber.context, Tracer.ParentSpan)
  return Formatter.formatJson({
    timestamp,
    level,
    message,
    ...annotations,
    ...(cause === undefined ? {} : { cause }),
    ...(Object.keys(spans).length === 0 ? {} : { spans }),
    ...(Option.isNone(span) ? {} : { trace_id: span.value.traceId, span_id: span.value.spanId })
  })
}))

/**
 * The log, on standard error: for a person on a terminal, as JSON lines elsewhere. `LOGFIRE_CONSOLE_ENABLED=false`
 * silences it. Log lines are events of the span that is open, too.
 */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const stdio = yield* Stdio.Stdio
  const console = yield* Effect.option(Config.option(Config.Boolean("LOGFIRE_CONSOLE_ENABLED")))
  const noColor = yield* Effect.option(Config.String("NO_COLOR"))
  const silent = Option.exists(Option.flatten(console), (enabled) => !enabled)
  const terminal = yield* stdio.stderrIsTerminal
  const colors = terminal && !Option.exists(noColor, (value) => value !== "")
  const written = terminal ? Logger.consolePretty({ colors, mode: "tty" }) : jsonLines
  return Layer.mergeAll(
    Logger.layer(Array.appendAll(silent ? [] : [written], [Logger.tracerLogger])),
    Layer.succeed(Logger.LogToStderr, true),
    Layer.succeed(References.MinimumLogLevel, "Warn")
  )
}))
