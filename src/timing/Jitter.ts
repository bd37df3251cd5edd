import { fraction } from "../domain/StableHash.ts"

/**
 * When a tick is to start that may come up to `jitterMillis` late, so that schedules of one time do not start at once:
 * in [nominal, nominal + jitter), and the same in every process that asks.
 */
export const effectiveOf = (scheduleId: string, nominalMillis: number, jitterMillis: number): number =>
  nominalMillis + Math.floor(fraction(`${scheduleId}@${nominalMillis}`) * jitterMillis)
