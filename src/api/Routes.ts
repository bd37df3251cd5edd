import { Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { LetterRetries } from "../workflows/LetterRetries.ts"
import { Retries } from "../workflows/Retries.ts"
import { Api } from "./Api.ts"
import { connectionsHandlers } from "./ConnectionsHandlers.ts"
import { deadLettersHandlers } from "./DeadLettersHandlers.ts"
import { Doctor } from "./Doctor.ts"
import { authorization, noDefects, notFound, readable } from "./GuardLayers.ts"
import { healthHandlers } from "./HealthHandlers.ts"
import { ManualRuns } from "./ManualRuns.ts"
import { Overview } from "./Overview.ts"
import { runsHandlers } from "./RunsHandlers.ts"
import { syncsHandlers } from "./SyncsHandlers.ts"
import { systemHandlers } from "./SystemHandlers.ts"
import { Vitals } from "./Vitals.ts"
import { workflowsHandlers } from "./WorkflowsHandlers.ts"

const handlers = Layer.mergeAll(
  syncsHandlers,
  runsHandlers,
  workflowsHandlers,
  deadLettersHandlers,
  connectionsHandlers,
  systemHandlers,
  healthHandlers
).pipe(
  Layer.provide([ManualRuns.layer, LetterRetries.layer, Doctor.layer, Vitals.layer]),
  Layer.provide([Overview.layer, Retries.layer])
)

/** The whole API over the services behind it, for a server and for a command's own process alike. */
export const routes = Layer.mergeAll(
  HttpApiBuilder.layer(Api).pipe(Layer.provide(handlers), Layer.provide([authorization, readable])),
  notFound,
  noDefects
)
