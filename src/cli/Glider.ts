import { Command } from "effect/cli"
import { affinity } from "./AffinityCommands.ts"
import { alerts } from "./AlertsCommands.ts"
import { auth } from "./AuthCommands.ts"
import { breakers } from "./BreakersCommands.ts"
import { candidates } from "./CandidateCommands.ts"
import { config } from "./ConfigCommands.ts"
import { connections } from "./ConnectionsCommands.ts"
import { db } from "./DbCommands.ts"
import { dlq } from "./DlqCommands.ts"
import { flags } from "./Flags.ts"
import { health } from "./HealthCommand.ts"
import { importCommand } from "./ImportCommands.ts"
import { jobs } from "./JobsCommands.ts"
import { mcp } from "./McpCommand.ts"
import { open } from "./OpenCommand.ts"
import { report } from "./ReportCommands.ts"
import { retention } from "./RetentionCommands.ts"
import { review } from "./ReviewCommands.ts"
import { run } from "./RunCommand.ts"
import { runs } from "./RunsCommands.ts"
import { sandbox } from "./SandboxCommand.ts"
import { schedule } from "./ScheduleCommands.ts"
import { doctor, reload, status } from "./StatusCommands.ts"
import { sync } from "./SyncCommands.ts"
import { token } from "./TokenCommands.ts"
import { versionCommand } from "./VersionCommand.ts"
import { webhooks } from "./WebhooksCommands.ts"
import { workflow } from "./WorkflowCommands.ts"

/** The whole command line. */
export const glider = Command.make("glider").pipe(
  Command.withDescription("A living copy of your calendar, listening and body, in a database you own."),
  Command.withExamples([
    { command: "glider run --demo", description: "See it work without any account" },
    { command: "glider auth spotify", description: "Connect an account" },
    { command: "glider sync spotify", description: "Run one sync now" },
    { command: "glider run", description: "Keep everything up to date" },
    { command: "glider open", description: "Open the web page" }
  ]),
  Command.withSubcommands([
    run,
    open,
    sync,
    auth,
    status,
    doctor,
    health,
    breakers,
    schedule,
    runs,
    dlq,
    review,
    importCommand,
    candidates,
    report,
    affinity,
    retention,
    workflow,
    alerts,
    jobs,
    connections,
    webhooks,
    token,
    config,
    db,
    sandbox,
    mcp,
    reload,
    versionCommand
  ]),
  Command.withGlobalFlags(flags)
)
