/** The contract of the HTTP API: the command line and every other client speak to Glider through it alone. */
import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Connection } from "../domain/Connection.ts"
import { Provider } from "../domain/Provider.ts"
import { Run, RunStatus } from "../domain/Run.ts"
import { SyncName, TaskName } from "../domain/Task.ts"
import { Authorization, Readable } from "./Guards.ts"
import {
  Account,
  Check,
  Health,
  Migrated,
  Reloaded,
  Revoked,
  RunEvent,
  SignIn,
  SignInAnswer,
  Status,
  SyncOptions
} from "./Messages.ts"
import { InvalidConfig, InvalidRequest, NotFound, SignInFailed, StoreFailed, Unready } from "./Problems.ts"

/** Runs by hand. */
export class SyncsGroup extends HttpApiGroup.make("syncs")
  .add(
    HttpApiEndpoint.post("run", "/:name/runs", {
      params: { name: SyncName },
      payload: SyncOptions,
      success: HttpApiSchema.StreamNdjson({ schema: RunEvent }),
      error: InvalidRequest
    })
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/syncs")
{}

/** The history of runs. */
export class RunsGroup extends HttpApiGroup.make("runs")
  .add(
    HttpApiEndpoint.get("list", "/", {
      query: {
        task: Schema.optionalKey(TaskName),
        status: Schema.optionalKey(RunStatus),
        /** Only runs that started before this instant: the next page. */
        before: Schema.optionalKey(Schema.DateTimeUtcFromString),
        limit: Schema.optionalKey(
          Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 500 }))
        )
      },
      success: Schema.Array(Run),
      error: StoreFailed
    }),
    HttpApiEndpoint.get("get", "/:id", {
      params: { id: Schema.NonEmptyString },
      success: Run,
      error: [NotFound, StoreFailed]
    })
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/runs")
{}

/** The signed-in accounts. */
export class ConnectionsGroup extends HttpApiGroup.make("connections")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(Account), error: StoreFailed }),
    HttpApiEndpoint.post("begin", "/:provider/sign-in", {
      params: { provider: Provider },
      success: SignIn,
      error: SignInFailed
    }),
    HttpApiEndpoint.post("complete", "/:provider/sign-in/complete", {
      params: { provider: Provider },
      payload: SignInAnswer,
      success: Connection,
      error: [SignInFailed, StoreFailed]
    }),
    HttpApiEndpoint.delete("revoke", "/:provider", {
      params: { provider: Provider },
      success: Revoked,
      error: [SignInFailed, StoreFailed]
    })
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/connections")
{}

/** The installation as a whole. */
export class SystemGroup extends HttpApiGroup.make("system")
  .add(
    HttpApiEndpoint.get("status", "/status", { success: Status, error: StoreFailed }),
    HttpApiEndpoint.get("doctor", "/doctor", { success: Schema.Array(Check), error: StoreFailed }),
    HttpApiEndpoint.post("reload", "/reload", { success: Reloaded, error: InvalidConfig }),
    HttpApiEndpoint.get("schema", "/schema", { success: Migrated })
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0")
{}

/** For those who watch over the process. The first two ask for no token and say nothing but yes or no. */
export class HealthGroup extends HttpApiGroup.make("health", { topLevel: true })
  .add(
    HttpApiEndpoint.get("livez", "/livez", { success: Schema.Struct({ ok: Schema.Literal(true) }) }),
    HttpApiEndpoint.get("readyz", "/readyz", { success: Schema.Struct({ ok: Schema.Literal(true) }), error: Unready }),
    HttpApiEndpoint.get("health", "/health", { success: Health }).middleware(Authorization),
    HttpApiEndpoint.get("healthz", "/healthz", { success: Health }).middleware(Authorization)
  )
{}

/** Everything. */
export class Api extends HttpApi.make("glider")
  .add(SyncsGroup)
  .add(RunsGroup)
  .add(ConnectionsGroup)
  .add(SystemGroup)
  .add(HealthGroup)
  .annotateMerge(OpenApi.annotations({ title: "Glider", version: "0" }))
{}
