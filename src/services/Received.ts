/** Who counts what providers send. */
import { Context } from "effect"

/** Told of the size of each answer, in bytes; of no use to anybody unless it is provided. */
export class Received extends Context.Reference<(bytes: number) => void>("glider/services/Received", {
  defaultValue: () => () => {}
}) {}
