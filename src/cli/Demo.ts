import { CommandFailed, exitCodes } from "./Failure.ts"
import type { Where } from "./Layers.ts"

/** `glider run --demo`. */
export const runDemo = (_where: Where) =>
  new CommandFailed({ message: "the demo is not part of this build", exitCode: exitCodes.failed })
