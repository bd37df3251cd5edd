import { Cause, Context, Exit } from "effect"
import { exitCodeOf, exitCodes } from "./Failure.ts"

/** What is known of the end of this process; changed in place. */
export interface EndingState {
  /** Being stopped is how it is meant to end: it drains and exits 0. */
  drains: boolean
  /** The signal that came first. */
  signal: "SIGINT" | "SIGTERM" | undefined
}

/** How this process ends when a signal stops it. */
export class Ending extends Context.Reference<EndingState>("glider/cli/Ending", {
  defaultValue: () => ({ drains: false, signal: undefined })
}) {}

/** The exit code of the process. */
export const codeOf = (exit: Exit.Exit<unknown, unknown>, { drains, signal }: EndingState): number => {
  if (Exit.isSuccess(exit)) return exitCodes.done
  if (!Cause.hasInterruptsOnly(exit.cause)) return exitCodeOf(Cause.squash(exit.cause))
  if (drains) return exitCodes.done
  return signal === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted
}
