import type { InvalidRequest } from "../../api/Problems.ts"

/** What is wrong with what was typed, without where in the request that stood. */
export const problemsOf = ({ detail, details }: InvalidRequest): ReadonlyArray<string> =>
  details === undefined || details.length === 0 ? [detail] : details.map(({ message }) => message)
