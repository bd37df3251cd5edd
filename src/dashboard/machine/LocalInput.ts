/** Instants in the fields of forms, which show the owner's wall clock and know no zone. */
import { DateTime, Option } from "effect"
import type { Owner } from "../frame/Owner.ts"

/** The value of a `datetime-local` field. */
export const inputOf = ({ zone }: Owner, instant: DateTime.Utc): string =>
  DateTime.formatIsoZoned(DateTime.setZone(instant, zone)).slice(0, 16)

/** What such a field says; none of what is no instant. */
export const instantOf = ({ zone }: Owner, text: string | null): Option.Option<DateTime.Utc> =>
  text === null || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)
    ? Option.none()
    : Option.map(DateTime.makeZoned(text, { timeZone: zone, adjustForTimeZone: true }), DateTime.toUtc)
