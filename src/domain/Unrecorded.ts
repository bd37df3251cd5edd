/** Of which time the records of one kind may be incomplete. Instants in milliseconds since 1970. */

/** How far an account's records go. */
export interface Reach {
  /** Signed out for good: nothing more will come of it. */
  readonly revoked: boolean
  /** From when on its records were asked for; none when they never were. */
  readonly since: number | undefined
  /** The end of the last sync that came to its end. */
  readonly until: number | undefined
  /** What is asked of it and was never read to its end, by names for the person: of that nothing is known at any time. */
  readonly lacking: ReadonlyArray<string>
  /** When it was signed in, lastly. */
  readonly connected: number
  /** For how many milliseconds after its last sync nobody need wonder. */
  readonly patience: number
}

/** A stretch of time, and why its records may be incomplete. */
export interface Missing {
  readonly from: number
  readonly to: number
  readonly why: "before_first" | "behind" | "not_connected"
}

/** What is left of a stretch where nothing else tells of it; instants in milliseconds, the ends where it has none infinite. */
export const without = <S extends Pick<Missing, "from" | "to">>(
  stretch: S,
  covered: ReadonlyArray<Pick<Missing, "from" | "to">>
): ReadonlyArray<S> => {
  const left: Array<S> = []
  let begin = stretch.from
  for (const { from, to } of covered.toSorted((one, other) => one.from - other.from)) {
    if (to <= begin || from >= stretch.to) continue
    if (from > begin) left.push({ ...stretch, from: begin, to: from })
    begin = Math.max(begin, to)
  }
  return begin < stretch.to ? [...left, { ...stretch, from: begin }] : left
}

/** What is known of all accounts of a kind together. */
export interface Reached {
  readonly since: number | undefined
  /** None while something that is asked for was never read. */
  readonly until: number | undefined
}

const least = (values: ReadonlyArray<number>): number | undefined =>
  values.length === 0 ? undefined : Math.min(...values)

const greatest = (values: ReadonlyArray<number>): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values)

const known = (values: ReadonlyArray<number | undefined>): ReadonlyArray<number> =>
  values.filter((value) => value !== undefined)

/** Accounts that are signed in count as far as the slowest of them; those that are signed out only when there is no other. */
export const reached = (accounts: ReadonlyArray<Reach>): Reached => {
  const active = accounts.filter(({ revoked }) => !revoked)
  return {
    since: least(known(accounts.map(({ since }) => since))),
    until: active.some(({ lacking, until }) => until === undefined || lacking.length > 0)
      ? undefined
      : active.length > 0
      ? least(known(active.map(({ until }) => until)))
      : greatest(known(accounts.map(({ until }) => until)))
  }
}

/** Since when nothing is known of an account that is signed in, in milliseconds; none where it is as it should be. */
export const behindSince = (
  { connected, lacking, patience, revoked, since, until }: Reach,
  now: number
): number | undefined => {
  if (revoked) return undefined
  if (until !== undefined && lacking.length > 0) return since ?? connected
  const last = until ?? connected
  return now - last > patience ? last : undefined
}

/**
 * The stretches before `now`, in order. A last sync that is not older than its account's patience is as it should be, and
 * nothing is said of the time since; for what was never read while the rest of its account was, there is no patience.
 */
export const missing = (accounts: ReadonlyArray<Reach>, now: number): ReadonlyArray<Missing> => {
  if (accounts.length === 0) return [{ from: -Infinity, to: now, why: "not_connected" }]
  const covered = accounts
    .map(({ connected, since, until }) => ({
      from: since ?? connected,
      to: Math.max(since ?? connected, until ?? connected)
    }))
    .toSorted((one, other) => one.from - other.from)
  const found: Array<Missing> = []
  let end = -Infinity
  for (const { from, to } of covered) {
    if (from > end) found.push({ from: end, to: from, why: end === -Infinity ? "before_first" : "not_connected" })
    end = Math.max(end, to)
  }
  const behind = least(known(accounts.map((account) => behindSince(account, now))))
  if (accounts.every(({ revoked }) => revoked)) found.push({ from: end, to: now, why: "not_connected" })
  else if (behind !== undefined) found.push({ from: behind, to: now, why: "behind" })
  return found.filter(({ from, to }) => from < Math.min(to, now)).map((one) => ({ ...one, to: Math.min(one.to, now) }))
}
