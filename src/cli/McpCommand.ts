import { Effect } from "effect"
import { Command, Flag } from "effect/cli"

/** `glider mcp`. */
export const mcp = Command.make(
  "mcp",
  {
    allowWrites: Flag.Boolean("allow-writes").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Also offer tools that change something: runs, schedules, playlists")
    )
  },
  Effect.fnUntraced(function*({ allowWrites }) {
    const { serveOverStdio } = yield* Effect.promise(() => import("./McpProcess.ts"))
    return yield* serveOverStdio(allowWrites)
  })
).pipe(
  Command.withDescription(
    "Serve tools for language models over standard input and output, out of a running glider run (see docs/mcp.md)"
  ),
  Command.withExamples([
    {
      command: "glider mcp",
      description: "As the command of an MCP server, in the config of the program that uses it"
    },
    { command: "glider mcp --allow-writes", description: "With tools that run syncs and change playlists" }
  ])
)
