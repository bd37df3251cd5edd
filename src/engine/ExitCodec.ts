import { Cause, Exit, Schema } from "effect"
import type { ExitJson, ReasonJson } from "../domain/RunEntry.ts"

const encodeDefect = Schema.encodeUnknownExit(Schema.Defect({ includeStack: true }))
const decodeDefect = Schema.decodeUnknownExit(Schema.Defect())

const reasonJson = (reason: Cause.Reason<unknown>): ReasonJson => {
  switch (reason._tag) {
    case "Fail":
      return { fail: reason.error }
    case "Die": {
      const encoded = encodeDefect(reason.defect)
      return { die: Exit.isSuccess(encoded) ? encoded.value : String(reason.defect) }
    }
    case "Interrupt":
      return { interrupt: true }
  }
}

/** An exit whose success and errors are encoded already, as JSON. */
export const exitJson = (exit: Exit.Exit<unknown, unknown>): ExitJson =>
  Exit.isSuccess(exit) ? { ok: exit.value } : { no: exit.cause.reasons.map(reasonJson) }

const reasonOf = (stored: ReasonJson): Cause.Reason<unknown> => {
  if ("fail" in stored) return Cause.makeFailReason(stored.fail)
  if ("interrupt" in stored) return Cause.makeInterruptReason()
  const decoded = decodeDefect(stored.die)
  return Cause.makeDieReason(Exit.isSuccess(decoded) ? decoded.value : stored.die)
}

/** The exit again, its success and errors still encoded; defects are errors again. */
export const exitOf = (stored: ExitJson): Exit.Exit<unknown, unknown> =>
  "no" in stored ? Exit.failCause(Cause.fromReasons(stored.no.map(reasonOf))) : Exit.succeed(stored.ok)
