/** What the API says of alerts. */
import { Schema } from "effect"
import { Alert, AlertSeverity } from "../domain/Alert.ts"

/** A page of alerts, the newest first. */
export class AlertsPage extends Schema.Class<AlertsPage>("glider/api/AlertsPage")({
  alerts: Schema.Array(Alert),
  /** What `after` is for the next page; none after the last. */
  next: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Where alerts are sent. */
export class AlertSinkView extends Schema.Class<AlertSinkView>("glider/api/AlertSinkView")({
  name: Schema.String,
  kind: Schema.Literals(["ntfy", "email", "webhook"]),
  /** As the config says. */
  enabled: Schema.Boolean,
  /** The least that it is told. */
  severity: AlertSeverity,
  /** Its address. */
  to: Schema.String,
  /** Why what waits for it was not taken yet. */
  problem: Schema.OptionFromNullOr(Schema.String)
}) {}

/** Which sink is tried; all that are switched on without it. */
export const TestedSink = Schema.Struct({ sink: Schema.optionalKey(Schema.NonEmptyString) })

/** What a sink said to a test. */
export class SinkTried extends Schema.Class<SinkTried>("glider/api/SinkTried")({
  sink: Schema.String,
  sent: Schema.Boolean,
  /** Why it was not taken. */
  error: Schema.OptionFromNullOr(Schema.String)
}) {}
